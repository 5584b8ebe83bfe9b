import type { ReceivedRequest } from './received-request';

/** Holds of a request or not; asked when it arrives and, if it did not hold, again when it ended. */
export type RequestPredicate = (request: ReceivedRequest) => boolean;

/** What came of a wait. */
export interface WaitResult {
  /** False when the time was over first. */
  complete: boolean;
  /** Indexes that held, in order of arrival. */
  indexes: number[];
}

interface Waiter {
  holds: RequestPredicate;
  count: number;
  found: Set<number>;
  settle: (complete: boolean) => void;
}

/** Those who wait until requests of some kind have been received. */
export class WaitingRoom {
  private readonly waiters = new Set<Waiter>();

  /** Whether nobody waits, so that requests need not be shown. */
  get idle(): boolean {
    return this.waiters.size === 0;
  }

  /** Waits until `count` requests held, those in `past` included; never rejects. */
  async wait(
    holds: RequestPredicate,
    count: number,
    timeoutMs: number,
    past: Iterable<ReceivedRequest>,
  ): Promise<WaitResult> {
    return await new Promise((resolve) => {
      const found = new Set<number>();
      const timer = setTimeout(() => {
        waiter.settle(false);
      }, timeoutMs);
      const waiter: Waiter = {
        holds,
        count,
        found,
        settle: (complete) => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          resolve({ complete, indexes: [...found].sort((a, b) => a - b) });
        },
      };
      this.waiters.add(waiter);
      for (const request of past) {
        if (holds(request)) found.add(request.index);
      }
      if (found.size >= count) waiter.settle(true);
    });
  }

  /** Shows a request that arrived or ended to all who wait. */
  show(request: ReceivedRequest): void {
    for (const waiter of this.waiters) {
      if (waiter.found.has(request.index) || !waiter.holds(request)) continue;
      waiter.found.add(request.index);
      if (waiter.found.size >= waiter.count) waiter.settle(true);
    }
  }

  /** Ends all waits as they stand. */
  close(): void {
    for (const waiter of this.waiters) waiter.settle(false);
  }
}
