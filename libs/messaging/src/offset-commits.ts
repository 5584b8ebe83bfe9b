import type { EachBatchPayload } from 'kafkajs';

type Offsets = Pick<EachBatchPayload, 'uncommittedOffsets' | 'commitOffsetsIfNecessary'>;

/**
 * Tells the broker from time to time how far the group is. kafkajs would do so after every batch of every partition, and
 * wait for the answer before it fetches again; at a low rate that was a third of all requests to the broker. An offset
 * only spares reading again what the inbox knows, so it may be late, and a commit that fails is left to the next one.
 */
export class OffsetCommits {
  private offsets: Offsets | undefined;
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> | undefined;

  /** @param everyMs how often what is done is told */
  constructor(private readonly everyMs: number) {}

  /** Notes who knows the offsets: kafkajs tells it only to those who handle a batch. */
  use(offsets: Offsets): void {
    this.offsets = offsets;
    this.timer ??= setInterval(() => {
      this.current ??= this.commit().finally(() => {
        this.current = undefined;
      });
    }, this.everyMs);
  }

  /** Tells at once what is done and not told. Never rejects. */
  async commit(): Promise<void> {
    const { offsets } = this;
    if (!offsets) return;
    const done = offsets.uncommittedOffsets();
    if (done.topics.length > 0) await offsets.commitOffsetsIfNecessary(done).catch(() => undefined);
  }

  /** Ends the regular commits; those that knew the offsets are no members of the group any more. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.offsets = undefined;
  }
}
