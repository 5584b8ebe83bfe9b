import type { Logger } from '@kyc-relay/telemetry';
import type { RelayStore } from './relay-store';

/** Rows that are deleted in one statement at once; fewer wait for others. */
const FULL = 500;
/** How long a few rows wait for others: a statement for each batch would cost as much as reading it. */
const WAIT_MS = 50;
/** Deletions under way at once. */
const MOST_DELETIONS = 2;

/**
 * The rows that the relay has read to send, and those that are sent and not yet deleted: no read may find them again.
 * Not deleted is not lost: after a crash they are read and sent once more, and consumers know the copies.
 */
export class SentRows {
  private readonly inFlight = new Set<string>();
  private due: string[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly deletions = new Set<Promise<void>>();
  /** Why a deletion failed that nobody has been told of yet. */
  private undeleted: unknown;

  constructor(
    private readonly store: Pick<RelayStore, 'delete'>,
    private readonly logger: Logger,
    private readonly onDeleted: () => void,
  ) {}

  get ids(): string[] {
    return [...this.inFlight];
  }

  get isEmpty(): boolean {
    return this.inFlight.size === 0;
  }

  /** Rows were read and will be sent. */
  add(rows: readonly { id: string }[]): void {
    for (const { id } of rows) this.inFlight.add(id);
  }

  /** Rows are not sent after all. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) this.inFlight.delete(id);
  }

  /** Rows are acknowledged. Waits only when too many deletions are under way. */
  async deleteSoon(ids: readonly string[]): Promise<void> {
    this.due.push(...ids);
    if (this.due.length < FULL) {
      this.timer ??= setTimeout(() => {
        this.deleteDue();
      }, WAIT_MS);
      return;
    }
    while (this.deletions.size >= MOST_DELETIONS) await Promise.race(this.deletions);
    this.deleteDue();
  }

  /** @throws why a deletion failed since the last time */
  throwUndeleted(): void {
    const error = this.undeleted;
    this.undeleted = undefined;
    if (error !== undefined) throw error instanceof Error ? error : new Error('outbox rows were not deleted');
  }

  /** Deletes what is due; resolves when no deletion is under way. */
  async settle(): Promise<void> {
    this.deleteDue();
    await Promise.allSettled(this.deletions);
  }

  private deleteDue(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const ids = this.due;
    if (ids.length === 0) return;
    this.due = [];
    const deletion = this.store
      .delete(ids)
      .then(this.onDeleted)
      // The rows are read and sent again, but not at once.
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'outbox rows were sent but not deleted');
        this.undeleted = error;
      })
      .finally(() => {
        this.forget(ids);
        this.deletions.delete(deletion);
      });
    this.deletions.add(deletion);
  }
}
