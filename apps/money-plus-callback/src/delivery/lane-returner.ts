import { setTimeout as delay } from 'node:timers/promises';
import { isLostRace, isStoreAway } from '@kyc-relay/persistence';
import type { Logger } from '@kyc-relay/telemetry';
import type { ClaimedLane, LaneReturn } from '../domain/claimed-lane';
import type { ReturnLanes, ReturnSummary } from '../handlers/return-lanes';
import { WakeSignal } from './wake-signal';

/** Lanes of one transaction: enough to share its commit, few enough to keep its locks short. */
const BATCH = 500;
/**
 * After a batch of fewer lanes comes a pause, so that there are at least so many milliseconds from one to the next. More
 * lanes than that are load, which no pause must slow down: connections wait for it.
 */
const SMALL_BATCH = 8;
const SMALL_BATCH_MS = 10;
const STORE_AWAY_RETRY_MS = 250;
const IDLE_MS = 1_000;

/**
 * Brings lanes back to the store, one transaction at a time: whatever came in during one goes into the next, so that
 * batches grow with the load by themselves. While the store is away nothing is lost: the same batch is tried again, and
 * a batch that had been committed after all finds its leases gone and changes nothing.
 */
export class LaneReturner {
  private queue: LaneReturn[] = [];
  private readonly signal = new WakeSignal();
  private running: Promise<void> | undefined;
  private stopping = false;
  private inWork: readonly LaneReturn[] = [];
  private storeAway = false;

  constructor(
    private readonly handler: ReturnLanes,
    private readonly logger: Logger,
    private readonly onReturned: (summary: ReturnSummary) => void,
  ) {}

  /** Lanes that are not back in the store yet. */
  get backlog(): number {
    return this.queue.length + this.inWork.length;
  }

  /** The lanes that are not back in the store yet. */
  get lanes(): ClaimedLane[] {
    return [...this.inWork, ...this.queue].map(({ lane }) => lane);
  }

  /** Results wait because the store is away. Nothing may be claimed before they are saved: it could be their lanes. */
  get isWaiting(): boolean {
    return this.storeAway;
  }

  start(): void {
    this.running = this.run();
  }

  add(returned: LaneReturn): void {
    this.queue.push(returned);
    this.signal.wake();
  }

  /** Brings back what has come in, then ends; gives up on a store that stays away, where leases free the lanes. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.signal.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    for (;;) {
      if (this.queue.length === 0) {
        if (this.stopping) return;
        await this.signal.sleep(IDLE_MS);
        continue;
      }
      const batch = this.queue.slice(0, BATCH);
      this.queue = this.queue.slice(BATCH);
      this.inWork = batch;
      const startedAt = performance.now();
      await this.bringBack(batch);
      this.inWork = [];
      const rest = SMALL_BATCH_MS - (performance.now() - startedAt);
      if (batch.length < SMALL_BATCH && rest >= 1 && !this.stopping) await delay(rest);
    }
  }

  private async bringBack(batch: readonly LaneReturn[]): Promise<void> {
    for (;;) {
      try {
        this.onReturned(await this.handler.run(batch));
        this.storeAway = false;
        return;
      } catch (error) {
        if (isLostRace(error)) continue;
        if (isStoreAway(error)) {
          this.storeAway = true;
          this.logger.warn({ err: error, lanes: batch.length }, 'store is away: results of calls wait');
          if (this.stopping) return;
          await new Promise((resolve) => setTimeout(resolve, STORE_AWAY_RETRY_MS));
          continue;
        }
        this.storeAway = false;
        this.logger.error({ err: error, lanes: batch.length }, 'lanes could not be brought back');
        // One of them is the cause; the others must not wait for it. It is freed by its lease.
        if (batch.length > 1) for (const one of batch) await this.bringBack([one]);
        return;
      }
    }
  }
}
