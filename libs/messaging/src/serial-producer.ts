import { PublishRefused, type BatchPublisher, type OutgoingMessage } from '@kyc-relay/outbox';
import type { Logger } from '@kyc-relay/telemetry';
import { KafkaJSProtocolError, Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';
import { wireSizeOf } from './message';

/** What a broker says of a message that it will never take. */
const REFUSALS = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'CORRUPT_MESSAGE',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'INVALID_TIMESTAMP',
  'POLICY_VIOLATION',
]);
const SEND_TIMEOUT_MS = 5_000;
/** Kafka gets one record batch per partition and send, which is not split: what shares a send stays below its limit. */
const MAX_SHARED_BYTES = 512_000;

interface Waiting {
  messages: readonly OutgoingMessage[];
  /** Their size, once it was asked for: who travels alone need not be measured. */
  bytes?: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Sends batches one after the other over an idempotent producer.
 *
 * Exactly one `sendBatch` is in flight: when two overlap and an answer is lost, kafkajs 2.2.4 loses one message and
 * doubles another. After any failure the producer is replaced, since its sequence numbers may be out of step with the
 * broker's. Callers that wait at the same time share a batch.
 */
export class SerialProducer implements BatchPublisher {
  private producer: Producer | undefined;
  private readonly waiting: Waiting[] = [];
  private sending: Promise<void> | undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly logger: Logger,
    /** Most messages that share one send. */
    private readonly maxMessages = 1_000,
  ) {}

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await new Promise<void>((resolve, reject) => {
      this.waiting.push({ messages, resolve, reject });
      this.sending ??= this.sendAll();
    });
  }

  /** How many messages wait for their turn; an edge refuses when there are too many. */
  get queued(): number {
    return this.waiting.reduce((sum, one) => sum + one.messages.length, 0);
  }

  async stop(): Promise<void> {
    await this.sending;
    await this.producer?.disconnect().catch(() => undefined);
  }

  private async sendAll(): Promise<void> {
    // Callers of the same turn of the event loop travel together.
    await Promise.resolve();
    for (let batch = this.takeWaiting(); batch.length > 0; batch = this.takeWaiting()) {
      const error = await this.trySending(batch);
      // One message that is refused refuses the send; those who shared it get a send of their own.
      if (error instanceof PublishRefused && batch.length > 1)
        for (const one of batch) settle(one, await this.trySending([one]));
      else for (const one of batch) settle(one, error);
    }
    this.sending = undefined;
  }

  /** The error of the send, or undefined when all in-sync replicas have the messages. */
  private async trySending(batch: readonly Waiting[]): Promise<unknown> {
    try {
      const [first, ...others] = batch;
      if (first)
        await this.sendBatch(others.length === 0 ? first.messages : batch.flatMap((one) => one.messages));
      return undefined;
    } catch (error) {
      return error;
    }
  }

  private takeWaiting(): Waiting[] {
    const first = this.waiting.shift();
    if (!first) return [];
    const batch = [first];
    let count = first.messages.length;
    let bytes: number | undefined;
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      count += next.messages.length;
      if (count > this.maxMessages) return batch;
      bytes = (bytes ?? bytesOf(first)) + bytesOf(next);
      if (bytes > MAX_SHARED_BYTES) return batch;
      batch.push(next);
      this.waiting.shift();
    }
    return batch;
  }

  private async sendBatch(messages: readonly OutgoingMessage[]): Promise<void> {
    const perTopic = new Map<string, Message[]>();
    // Ours are kafkajs's messages with a topic beside: not copied, as there are thousands a second.
    for (const message of messages) {
      const known = perTopic.get(message.topic);
      if (known) known.push(message);
      else perTopic.set(message.topic, [message]);
    }
    try {
      const producer = await this.connected();
      await producer.sendBatch({
        acks: -1,
        timeout: SEND_TIMEOUT_MS,
        topicMessages: [...perTopic].map(([topic, ofTopic]) => ({ topic, messages: ofTopic })),
      });
    } catch (error) {
      await this.replaceProducer();
      const refusal = refusalOf(error);
      throw refusal ?? error;
    }
  }

  private async connected(): Promise<Producer> {
    if (this.producer) return this.producer;
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      // Few and short tries: the caller decides whether to go on, with a fresh producer.
      retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000 },
    });
    await producer.connect();
    this.producer = producer;
    return producer;
  }

  private async replaceProducer(): Promise<void> {
    const old = this.producer;
    this.producer = undefined;
    this.logger.debug('producer replaced');
    await old?.disconnect().catch(() => undefined);
  }
}

function bytesOf(one: Waiting): number {
  one.bytes ??= one.messages.reduce((sum, message) => sum + wireSizeOf(message), 0);
  return one.bytes;
}

function settle(one: Waiting, error: unknown): void {
  if (error === undefined) one.resolve();
  else one.reject(error);
}

function refusalOf(error: unknown): PublishRefused | undefined {
  let link: unknown = error;
  for (let depth = 0; link instanceof Error && depth < 4; depth += 1) {
    const type: unknown = link instanceof KafkaJSProtocolError ? link.type : undefined;
    if (typeof type === 'string' && REFUSALS.has(type)) return new PublishRefused(type);
    link = (link as { originalError?: unknown }).originalError ?? link.cause;
  }
  return undefined;
}
