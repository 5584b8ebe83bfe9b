import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { Kafka } from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';
import { checkBroker } from './broker-check';
import type { Binding, Chunk, ChunkOutcome, Subscription } from './chunk';
import { ChunkProcessor, type ConsumerSettings } from './chunk-processor';
import { ConsumptionMonitor } from './consumption-monitor';
import { ChunkWorker } from './chunk-worker';
import { SharedChunks } from './shared-chunks';
import { TopicConsumer } from './topic-consumer';

/** How often released keys are looked for, and the broker asked when nothing was fetched for long. */
const HOUSEKEEPING_MS = 2_000;
const START_RETRY_MS = 500;

/**
 * Nest's transport over Kafka in batches: `@EventPattern(topic, undefined, subscription)` handlers get a {@link Chunk}.
 * The stock transport has one message at a time, endless retries of any error, no dead letter (see the ADR).
 */
export class KafkaStrategy extends Server implements CustomTransportStrategy {
  /** None for a service that only publishes. */
  private readonly processor: ChunkProcessor | undefined;
  private readonly monitor: ConsumptionMonitor | undefined;
  private consumer: TopicConsumer | undefined;
  private bindings: ReadonlyMap<string, Binding> = new Map();
  private housekeeping: NodeJS.Timeout | undefined;
  private upkeep: Promise<void> = Promise.resolve();
  private stopping = false;

  /** @param topics the topics that this service must have a handler for; a missing one fails the boot */
  constructor(
    private readonly kafka: Kafka,
    private readonly topics: readonly string[],
    private readonly settings: ConsumerSettings,
  ) {
    super();
    if (topics.length === 0) return;
    // Made here, and not when Nest listens, so that a service shows its metrics from the first scrape on.
    this.processor = new ChunkProcessor(settings);
    this.monitor = new ConsumptionMonitor(settings.metrics, topics);
    this.exportParked(this.processor);
  }

  /** Called by Nest: binds the handlers and starts to consume in the background, also while the broker is away. */
  listen(callback: (error?: unknown) => void): void {
    try {
      this.bindings = this.bind();
    } catch (error) {
      callback(error);
      return;
    }
    // A service that only publishes has nothing to consume, and joins no group.
    if (!this.processor || !this.monitor) {
      callback();
      return;
    }
    this.consumer = new TopicConsumer(
      this.kafka,
      this.settings.service,
      this.bindings,
      new SharedChunks(new ChunkWorker(this.processor, this.settings.logger)),
      this.monitor,
      this.settings.logger,
      () => {
        this.settings.logger.error('consumer ended by an error; it starts anew');
        void this.restartConsumer();
      },
    );
    void this.startConsumer(this.consumer);
    this.housekeeping = setInterval(() => {
      this.upkeep = this.upkeep.then(async () => {
        await this.keepHouse();
      });
    }, HOUSEKEEPING_MS);
    callback();
  }

  /** Called by Nest at the stop: no new message is taken, the chunk in work is committed. */
  async close(): Promise<void> {
    this.stopping = true;
    clearInterval(this.housekeeping);
    await this.consumer?.stop();
    await this.upkeep;
  }

  /** Liveness: false when nothing was fetched for a minute although the broker answers. */
  isAlive(): boolean {
    return this.monitor?.isAlive() ?? true;
  }

  /** Readiness: rejects when no broker answers. */
  async checkBroker(): Promise<void> {
    try {
      await checkBroker(this.kafka);
      this.monitor?.recordBroker(true);
    } catch (error) {
      this.monitor?.recordBroker(false);
      throw error;
    }
  }

  // Nest's Server asks for these; this transport has no events of its own and no raw client to hand out.
  on(): void {
    return undefined;
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the signature is Nest's
  unwrap<T>(): T {
    return this.kafka as T;
  }

  private bind(): ReadonlyMap<string, Binding> {
    const bindings = new Map<string, Binding>();
    for (const topic of this.topics) {
      const handler = this.messageHandlers.get(topic);
      if (!handler) throw new Error(`no handler for the topic ${topic}`);
      const { contract, owns } = handler.extras as unknown as Subscription;
      bindings.set(topic, { topic, contract, owns, handle: toChunkHandler(handler) });
    }
    for (const topic of this.messageHandlers.keys())
      if (!bindings.has(topic)) throw new Error(`a handler for the topic ${topic}, which is not subscribed`);
    return bindings;
  }

  private async startConsumer(consumer: TopicConsumer): Promise<void> {
    while (!this.stopping) {
      try {
        await consumer.start();
        return;
      } catch (error) {
        this.settings.logger.warn({ err: error }, 'consumer could not start; it tries again');
        await consumer.disconnect().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, START_RETRY_MS));
      }
    }
  }

  private async restartConsumer(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, START_RETRY_MS));
    if (this.consumer) await this.startConsumer(this.consumer);
  }

  private async keepHouse(): Promise<void> {
    if (this.monitor?.isSuspicious === true) await this.checkBroker().catch(() => undefined);
    try {
      while (!this.stopping && (await this.processor?.workOffReleased(this.bindings)) === true);
    } catch (error) {
      this.settings.logger.warn({ err: error }, 'released keys wait');
    }
  }

  private exportParked(processor: ChunkProcessor): void {
    this.settings.metrics.gauge(
      'relay_parked_keys',
      'Keys that wait for an operator',
      ['topic'],
      async (gauge) => {
        const counts = await processor.parking.count(this.settings.database).catch(() => undefined);
        if (!counts) return;
        gauge.reset();
        for (const topic of this.topics) gauge.set({ topic }, 0);
        for (const { topic, keys } of counts) gauge.set({ topic }, keys);
      },
    );
  }
}

/** Nest wraps a handler's answer in an observable; unwrap it to the promise that the transaction waits for. */
function toChunkHandler(handler: MessageHandler): (chunk: Chunk) => Promise<ChunkOutcome> {
  return async (chunk) => {
    const answer: unknown = await handler(chunk);
    return (isObservable(answer) ? await lastValueFrom(answer) : answer) as ChunkOutcome;
  };
}
