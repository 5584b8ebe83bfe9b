/** Retries further away than this are found by the poll, whose delay no longer matters beside theirs. */
const HORIZON_MS = 1_500;
/** Retries within this share a timer. */
const SLOT_MS = 20;

/**
 * Wakes the engine when its own retries come due, so that a short backoff does not wait for the poll.
 * Retries that come due together share a timer, so there are few however many users wait.
 */
export class RetryTimers {
  private readonly slots = new Map<number, NodeJS.Timeout>();

  constructor(private readonly onDue: () => void) {}

  /** A retry comes due this many milliseconds from now. */
  add(waitMs: number): void {
    if (waitMs > HORIZON_MS) return;
    const slot = Math.floor((performance.now() + waitMs) / SLOT_MS) + 1;
    if (this.slots.has(slot)) return;
    const timer = setTimeout(
      () => {
        this.slots.delete(slot);
        this.onDue();
      },
      slot * SLOT_MS - performance.now() + 1,
    );
    this.slots.set(slot, timer);
  }

  stop(): void {
    for (const timer of this.slots.values()) clearTimeout(timer);
    this.slots.clear();
  }
}
