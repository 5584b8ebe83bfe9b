import { isStoreAway } from '@kyc-relay/persistence';
import type { Logger, Metrics } from '@kyc-relay/telemetry';
import type { BacklogRepository } from '../outbound/backlog.repository';
import type { CircuitsRepository } from '../outbound/circuits.repository';

/** Scrapes read what was measured last: their number must not decide how often the store counts. */
const EVERY_MS = 5_000;

/** Shows what waits for each business, and whose circuit is open (platform.md, "Operation"). */
export class BacklogGauges {
  private readonly pending;
  private readonly oldest;
  private readonly open;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  /** @param businesses the ids in the registry now; each shows, also when nothing waits for it */
  constructor(
    private readonly backlog: BacklogRepository,
    private readonly circuits: CircuitsRepository,
    private readonly businesses: () => Iterable<string>,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.pending = metrics.gauge('relay_callback_pending', 'Callbacks that wait', ['biz_id']);
    this.oldest = metrics.gauge(
      'relay_callback_oldest_pending_seconds',
      'Age of the oldest callback that waits',
      ['biz_id'],
    );
    this.open = metrics.gauge('relay_circuit_open', 'Endpoints of the business that are not called for now', [
      'biz_id',
    ]);
  }

  async start(): Promise<void> {
    this.schedule(0);
    await Promise.resolve();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
  }

  private schedule(ms: number): void {
    this.timer = setTimeout(() => {
      this.running = this.measure();
    }, ms);
  }

  private async measure(): Promise<void> {
    try {
      const waiting = await this.backlog.measure();
      const open = await this.circuits.listOpen();
      for (const gauge of [this.pending, this.oldest, this.open]) {
        gauge.reset();
        for (const bizId of this.businesses()) gauge.set({ biz_id: bizId }, 0);
      }
      for (const one of waiting) {
        this.pending.set({ biz_id: one.biz_id }, one.pending);
        this.oldest.set({ biz_id: one.biz_id }, one.oldest_seconds);
      }
      for (const { bizId } of open) this.open.inc({ biz_id: bizId });
    } catch (error) {
      if (!isStoreAway(error)) this.logger.error({ err: error }, 'backlog could not be measured');
    }
    if (this.timer) this.schedule(EVERY_MS);
  }
}
