import type { AnswerToSave } from '../handlers/save-rows';

/** Answers of one transaction: enough to share its commit, few enough to keep its locks short. */
const MOST_AT_ONCE = 8;
/** Answers that wait; beyond this nothing more is read. */
const MOST_WAITING = 24;

/** Saves answers behind the reading, in few transactions, so that the partner's latency and the store's do not add up. */
export class AnswerSaver {
  private readonly waiting: AnswerToSave[] = [];
  /** Those who wait for room. */
  private readonly readers: (() => void)[] = [];
  private saving: Promise<void> | undefined;
  private failure: { error: unknown } | undefined;

  constructor(private readonly save: (answers: readonly AnswerToSave[]) => Promise<void>) {}

  /** Takes an answer; resolves when there is room for more. Rejects when an earlier one could not be saved. */
  async add(answer: AnswerToSave): Promise<void> {
    this.waiting.push(answer);
    this.saving ??= this.saveAll();
    while (this.waiting.length >= MOST_WAITING)
      await new Promise<void>((resolve) => {
        this.readers.push(resolve);
      });
    this.throwFailure();
  }

  /** Resolves when everything that was taken is saved. Rejects when it could not be. */
  async drain(): Promise<void> {
    while (this.saving !== undefined) await this.saving;
    this.throwFailure();
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
    } finally {
      this.saving = undefined;
    }
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure.error;
  }
}
