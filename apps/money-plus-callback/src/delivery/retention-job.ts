import { isStoreAway } from '@kyc-relay/persistence';
import type { Logger } from '@kyc-relay/telemetry';
import type { Retention, RetentionRepository } from '../outbound/retention.repository';

const EVERY_MS = 600_000;
/** Between two batches, so that a large purge leaves the store to deliveries. */
const PAUSE_MS = 100;

/** Removes in small batches, every ten minutes, what is no longer to be kept. */
export class RetentionJob {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: RetentionRepository,
    private readonly retention: Retention,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    this.schedule(PAUSE_MS);
    await Promise.resolve();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
  }

  private schedule(ms: number): void {
    this.timer = setTimeout(() => {
      this.running = this.purge();
    }, ms);
  }

  private async purge(): Promise<void> {
    let more = false;
    try {
      more = await this.repository.purgeBatch(this.retention);
    } catch (error) {
      if (!isStoreAway(error)) this.logger.error({ err: error }, 'purge failed');
    }
    if (this.timer) this.schedule(more ? PAUSE_MS : EVERY_MS);
  }
}
