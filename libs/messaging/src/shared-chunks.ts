import type { Binding } from './chunk';
import type { ChunkWorker, RunOutcome } from './chunk-worker';
import type { ReceivedMessage } from './message';

/** Messages of one transaction: enough to share its commit, few enough to keep its locks short. */
export const CHUNK_MESSAGES = 500;
/** Transactions under way at once; each holds one database connection. */
const CONCURRENT_CHUNKS = 3;

interface WaitingRun {
  binding: Binding;
  messages: readonly ReceivedMessage[];
  resolve: (outcome: RunOutcome) => void;
}

/**
 * Lets runs of messages of several partitions of a topic share a transaction: what a fetch brings is often a message or
 * two a partition, and a transaction for each would cost nearly as much as one for all. The order within a run stays;
 * between partitions there is none.
 */
export class SharedChunks {
  private waiting: WaitingRun[] = [];
  private working = 0;

  constructor(private readonly worker: Pick<ChunkWorker, 'run'>) {}

  /** Carries a run of one partition, of at most {@link CHUNK_MESSAGES}, through a transaction. Never rejects. */
  async run(binding: Binding, messages: readonly ReceivedMessage[]): Promise<RunOutcome> {
    return await new Promise((resolve) => {
      this.waiting.push({ binding, messages, resolve });
      // All partitions of a fetch begin in one turn of the event loop: look when all have come.
      if (this.waiting.length === 1)
        setImmediate(() => {
          this.workOff();
        });
    });
  }

  private workOff(): void {
    while (this.working < CONCURRENT_CHUNKS) {
      const runs = this.takeChunk();
      if (!runs) return;
      this.working += 1;
      void this.workChunk(runs).then(() => {
        this.working -= 1;
        this.workOff();
      });
    }
  }

  private async workChunk(runs: readonly [WaitingRun, ...WaitingRun[]]): Promise<void> {
    const messages = runs.flatMap((run) => run.messages);
    const outcome = await this.worker.run(runs[0].binding, messages);
    let before = 0;
    for (const run of runs) {
      const done = Math.min(Math.max(outcome.done - before, 0), run.messages.length);
      run.resolve({ done, storeAway: outcome.storeAway && done < run.messages.length });
      before += run.messages.length;
    }
  }

  /** The run that has waited longest, with others of its topic that fit beside it. */
  private takeChunk(): [WaitingRun, ...WaitingRun[]] | undefined {
    const first = this.waiting.shift();
    if (!first) return undefined;
    const chunk: [WaitingRun, ...WaitingRun[]] = [first];
    let size = first.messages.length;
    this.waiting = this.waiting.filter((run) => {
      const isFitting = run.binding === first.binding && size + run.messages.length <= CHUNK_MESSAGES;
      if (!isFitting) return true;
      size += run.messages.length;
      chunk.push(run);
      return false;
    });
    return chunk;
  }
}
