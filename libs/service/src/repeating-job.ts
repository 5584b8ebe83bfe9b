import { isStoreAway } from '@kyc-relay/persistence';
import type { Logger } from '@kyc-relay/telemetry';
import type { Worker } from './run-service';

/** What a {@link RepeatingJob} does, and when. */
export interface JobSettings {
  /** Stands in the log when it fails. */
  name: string;
  /** One round; true when there is more to do at once. May reject: the next round follows all the same. */
  work: () => Promise<boolean | undefined>;
  /** Milliseconds from the end of a round to the next one. */
  everyMs: number;
  /** Milliseconds before the next round when there is more to do, so that a large purge leaves the store to others. */
  pauseMs?: number;
}

/** Does something again and again beside the edges, one round at a time: purges, gauges. */
export class RepeatingJob implements Worker {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly settings: JobSettings,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    this.schedule(0);
    await Promise.resolve();
  }

  /** Ends after the round under way. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
  }

  private schedule(ms: number): void {
    this.timer = setTimeout(() => {
      this.running = this.round();
    }, ms);
  }

  private async round(): Promise<void> {
    const { name, work, everyMs, pauseMs = 100 } = this.settings;
    let more: boolean | undefined;
    try {
      more = await work();
    } catch (error) {
      // A store that is away shows in readiness; one line a round would only hide what else is in the log.
      if (!isStoreAway(error)) this.logger.error({ err: error, job: name }, 'job failed');
    }
    // A stop during the round has taken the timer away, and then none follows.
    if (this.timer) this.schedule(more === true ? pauseMs : everyMs);
  }
}
