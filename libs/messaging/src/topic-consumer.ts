import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@kyc-relay/telemetry';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Binding } from './chunk';
import type { ConsumptionMonitor } from './consumption-monitor';
import { receive } from './message';
import { OffsetCommits } from './offset-commits';
import { CHUNK_MESSAGES, type SharedChunks } from './shared-chunks';

/**
 * At least as many as a fetch brings partitions with messages: all are begun at once, and share transactions. Not many more,
 * since kafkajs sets all of them in motion for every fetch.
 */
const CONCURRENT_PARTITIONS = 24;
/** A killed replica's partitions move to the others after this; the broker's lowest default. */
const SESSION_TIMEOUT_MS = 6_000;
const HEARTBEAT_MS = 1_000;
/**
 * How long a group that changes waits for members it knows. When the only broker dies, kafkajs comes back as a new member and
 * the group waits for the old one, which nobody is any more: for no longer than this. A member that is busy for longer than
 * this is left out and joins again; the inbox knows what it did meanwhile.
 */
const REBALANCE_TIMEOUT_MS = 3_000;
/** A fetch of fewer messages of a partition is followed by a pause, so that there are at most so many milliseconds from one to the next. */
const SMALL_FETCH_MESSAGES = 50;
const SMALL_FETCH_MS = 5;
/** How long a partition rests while the store is away. */
const STORE_AWAY_PAUSE_MS = 500;
const OFFSET_COMMIT_MS = 500;
/** How long the stop waits for the last commit. */
const STOP_COMMIT_MS = 1_000;

/**
 * One kafkajs consumer for all topics of a service. Offsets are committed behind the database's commits and are only
 * an optimisation: what is read again is known to the inbox.
 */
export class TopicConsumer {
  private consumer: Consumer | undefined;
  private stopping = false;
  private readonly resumeTimers = new Set<NodeJS.Timeout>();
  private readonly offsets = new OffsetCommits(OFFSET_COMMIT_MS);

  constructor(
    private readonly kafka: Kafka,
    private readonly groupId: string,
    private readonly bindings: ReadonlyMap<string, Binding>,
    private readonly chunks: SharedChunks,
    private readonly monitor: ConsumptionMonitor,
    private readonly logger: Logger,
    /** Called when the consumer has ended for good by an error: a process that looks alive but reads nothing is the worst. */
    private readonly onEnded: () => void,
  ) {}

  async start(): Promise<void> {
    const consumer = this.kafka.consumer({
      groupId: this.groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 1_000,
      minBytes: 1,
      // What is fetched is decoded whole and held until it is done: a few thousand messages at a time are enough.
      maxBytesPerPartition: 262_144,
      maxBytes: 1_572_864,
      metadataMaxAge: 60_000,
      retry: {
        restartOnFailure: async () => await Promise.resolve(!this.stopping),
        retries: 10,
        maxRetryTime: 1_000,
      },
    });
    this.consumer = consumer;
    this.monitor.watch(consumer);
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.logger.info({ partitions: payload.memberAssignment }, 'consumer has joined its group');
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      this.offsets.stop();
      // kafkajs starts again by itself after errors that it takes for passing ones, and never after others.
      if (!payload.restart && !this.stopping) this.onEnded();
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.bindings.keys()], fromBeginning: true });
    if (this.isStopping()) {
      await consumer.disconnect();
      return;
    }
    await consumer.run({
      eachBatchAutoResolve: false,
      autoCommit: false,
      partitionsConsumedConcurrently: CONCURRENT_PARTITIONS,
      eachBatch: async (payload) => {
        await this.consume(payload);
      },
    });
    // A stop during the start found a consumer that did not run yet, which kafkajs does not stop.
    if (this.isStopping()) await consumer.disconnect();
  }

  /** Stops taking in; the chunk in work ends and commits first. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.resumeTimers) clearTimeout(timer);
    // A broker that is away must not hold up the stop.
    await Promise.race([this.offsets.commit(), delay(STOP_COMMIT_MS, undefined, { ref: false })]);
    try {
      await this.disconnect();
    } finally {
      this.offsets.stop();
    }
  }

  /** Gives up a start that failed, so that it can be tried again. */
  async disconnect(): Promise<void> {
    await this.consumer?.disconnect();
  }

  private isStopping(): boolean {
    return this.stopping;
  }

  private async consume(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    this.offsets.use(payload);
    const binding = this.bindings.get(batch.topic);
    if (!binding) throw new Error('a topic was subscribed without a handler');
    this.monitor.recordBatch(batch.topic, batch.partition, batch.highWatermark, batch.lastOffset());
    const startedAt = performance.now();
    for (let start = 0; start < batch.messages.length; start += CHUNK_MESSAGES) {
      if (!payload.isRunning() || payload.isStale()) return;
      const messages = batch.messages.slice(start, start + CHUNK_MESSAGES);
      const outcome = await this.keepingAlive(payload, async () => {
        return await this.chunks.run(
          binding,
          messages.map((message) => receive(batch.topic, batch.partition, message)),
        );
      });
      const last = messages[outcome.done - 1];
      if (last) payload.resolveOffset(last.offset);
      // Throws kafkajs's own "rebalance", which it expects to see here; the chunk stands, the next owner's inbox knows it.
      await payload.heartbeat();
      if (this.isStopping()) await this.offsets.commit();
      if (outcome.storeAway) {
        const first = messages[outcome.done];
        if (first) this.rest(batch.topic, batch.partition, first.offset);
        return;
      }
    }
    await this.pause(startedAt, batch.messages.length);
  }

  /** A fetch that brings little is worth a short wait: what comes meanwhile shares the next one, and its transaction. */
  private async pause(startedAt: number, messages: number): Promise<void> {
    const rest = SMALL_FETCH_MS - (performance.now() - startedAt);
    if (messages < SMALL_FETCH_MESSAGES && rest >= 1) await delay(rest);
  }

  /** Heartbeats while a chunk is in work, so that a slow commit does not cost the partition. */
  private async keepingAlive<T>(payload: EachBatchPayload, work: () => Promise<T>): Promise<T> {
    const timer = setInterval(() => {
      payload.heartbeat().catch(() => undefined);
    }, HEARTBEAT_MS);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  /** The store is away: pause, go back to the first message that is not done, and stay in the group. */
  private rest(topic: string, partition: number, offset: string): void {
    const consumer = this.consumer;
    if (!consumer || this.stopping) return;
    this.logger.warn({ topic, partition, offset }, 'store is away: partition rests');
    consumer.pause([{ topic, partitions: [partition] }]);
    consumer.seek({ topic, partition, offset });
    this.monitor.recordRest(topic, partition);
    const timer = setTimeout(() => {
      this.resumeTimers.delete(timer);
      this.monitor.recordResume(topic, partition);
      try {
        consumer.resume([{ topic, partitions: [partition] }]);
      } catch {
        // The consumer ended meanwhile and starts anew, with nothing paused.
      }
    }, STORE_AWAY_PAUSE_MS);
    this.resumeTimers.add(timer);
  }
}
