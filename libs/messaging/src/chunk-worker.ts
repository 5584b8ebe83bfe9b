import { setTimeout as delay } from 'node:timers/promises';
import { isLostRace, isStoreAway, nameStoreError } from '@kyc-relay/persistence';
import type { Logger } from '@kyc-relay/telemetry';
import type { Binding } from './chunk';
import type { ChunkProcessor } from './chunk-processor';
import { traceparentOf, type ReceivedMessage } from './message';

/** How often a message is tried against a store that answers before its key is parked. */
const MAX_ATTEMPTS = 5;
const FIRST_DELAY_MS = 50;
/** A chunk that lost a race (deadlock with another replica) is right when simply done again. */
const MAX_RACES = 10;

/** What became of a run of messages: how many are done, and whether the store went away before the rest. */
export interface RunOutcome {
  done: number;
  storeAway: boolean;
}

/**
 * Carries a run of messages of one partition through the processor: as one chunk, and when that fails for a reason
 * nobody foresaw one by one, so that only the message that fails is retried and, in the end, its key parked.
 * Never rejects: an error that reached kafkajs could stop the consumer for good.
 */
export class ChunkWorker {
  constructor(
    private readonly processor: ChunkProcessor,
    private readonly logger: Logger,
  ) {}

  async run(binding: Binding, messages: readonly ReceivedMessage[]): Promise<RunOutcome> {
    try {
      await this.processWithRaces(binding, messages, 1);
      return { done: messages.length, storeAway: false };
    } catch (error) {
      if (isStoreAway(error)) return { done: 0, storeAway: true };
      this.logger.warn(
        { err: error, topic: binding.topic, messages: messages.length },
        'chunk is redone one by one',
      );
    }
    for (const [index, message] of messages.entries()) {
      const isDone = await this.runOne(binding, message);
      if (!isDone) return { done: index, storeAway: true };
    }
    return { done: messages.length, storeAway: false };
  }

  /** False when the store went away. */
  private async runOne(binding: Binding, message: ReceivedMessage): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.processWithRaces(binding, [message], attempt);
        return true;
      } catch (error) {
        if (isStoreAway(error)) return false;
        this.logger.warn(
          {
            err: error,
            topic: binding.topic,
            partition: message.partition,
            offset: message.offset,
            attempt,
            traceparent: traceparentOf(message),
          },
          'message failed',
        );
        if (attempt === MAX_ATTEMPTS) return await this.park(message, error);
        await delay(FIRST_DELAY_MS * 2 ** attempt);
      }
    }
  }

  private async park(message: ReceivedMessage, cause: unknown): Promise<boolean> {
    try {
      await this.processor.park(message, nameStoreError(cause));
      return true;
    } catch (error) {
      // Not even parking works: wait as for a store that is away, since going on would lose the message.
      this.logger.error({ err: error, topic: message.topic }, 'parking failed');
      return false;
    }
  }

  private async processWithRaces(
    binding: Binding,
    messages: readonly ReceivedMessage[],
    attempts: number,
  ): Promise<void> {
    for (let race = 1; ; race += 1) {
      try {
        await this.processor.process(binding, messages, attempts);
        return;
      } catch (error) {
        if (!isLostRace(error) || race === MAX_RACES) throw error;
      }
    }
  }
}
