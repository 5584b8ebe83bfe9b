import type { AnswerToSave } from '../handlers/save-rows';

/** Answers of one transaction: enough to share its commit, few enough to keep its locks short. */
const MOST_AT_ONCE = 8;
/** Transactions at once: one is written while the next is decided. */
const MOST_SAVES = 2;
/** Answers that wait; beyond this nothing more is read. */
const MOST_WAITING = 24;

/** Saves answers behind the reading, in few transactions, so that the partner's latency and the store's do not add up. */
export class AnswerSaver {
  private readonly waiting: AnswerToSave[] = [];
  /** Those who wait for room. */
  private readonly readers: (() => void)[] = [];
  private readonly saving = new Set<Promise<void>>();
  private failure: { error: unknown } | undefined;

  constructor(private readonly save: (answers: readonly AnswerToSave[]) => Promise<void>) {}

  /** Takes an answer; resolves when there is room for more. Rejects when an earlier one could not be saved. */
  async add(answer: AnswerToSave): Promise<void> {
    this.waiting.push(answer);
    if (this.saving.size < MOST_SAVES) this.startSaving();
    while (this.waiting.length >= MOST_WAITING)
      await new Promise<void>((resolve) => {
        this.readers.push(resolve);
      });
    this.throwFailure();
  }

  /** Resolves when everything that was taken is saved. Rejects when it could not be. */
  async drain(): Promise<void> {
    while (this.saving.size > 0) await Promise.all(this.saving);
    this.throwFailure();
  }

  private startSaving(): void {
    const one = this.saveAll().finally(() => {
      this.saving.delete(one);
      // What came when this one had looked for the last time.
      if (this.waiting.length > 0) this.startSaving();
    });
    this.saving.add(one);
  }

  private async saveAll(): Promise<void> {
    // What comes in the same turn of the event loop travels together.
    await Promise.resolve();
    try {
      while (this.waiting.length > 0) {
        const batch = this.waiting.splice(0, MOST_AT_ONCE);
        for (const resolve of this.readers.splice(0)) resolve();
        await this.save(batch);
      }
    } catch (error) {
      this.failure = { error };
      this.waiting.length = 0;
      for (const resolve of this.readers.splice(0)) resolve();
    }
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure.error;
  }
}
