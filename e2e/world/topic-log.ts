import { Kafka, logLevel, type Consumer, type IHeaders } from 'kafkajs';
import { awaitState } from './await-state';

/** A message as it lies in a topic. */
export interface TopicMessage {
  topic: string;
  partition: number;
  offset: string;
  key: string | null;
  /** As text. */
  value: string;
  headers: Record<string, string>;
}

/** Everything that stands in some topics since their beginning, in the order of each partition. */
export class TopicLog {
  readonly messages: TopicMessage[] = [];

  private constructor(private readonly consumer: Consumer) {}

  /** Reads along from the beginning. */
  static async follow(brokers: string[], topics: string[]): Promise<TopicLog> {
    const kafka = new Kafka({
      clientId: 'e2e-reader',
      brokers,
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 60 },
    });
    const consumer = kafka.consumer({
      groupId: `e2e-reader-${process.pid}-${Date.now()}`,
      maxWaitTimeInMs: 20,
    });
    const log = new TopicLog(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        await Promise.resolve();
        log.messages.push({
          topic,
          partition,
          offset: message.offset,
          key: message.key?.toString('utf8') ?? null,
          value: message.value?.toString('utf8') ?? '',
          headers: readHeaders(message.headers ?? {}),
        });
      },
    });
    return log;
  }

  /** The messages of a topic with a key, in order. */
  of(topic: string, key?: string | null): TopicMessage[] {
    return this.messages.filter(
      (message) => message.topic === topic && (key === undefined || message.key === key),
    );
  }

  /** The first `count` messages of a topic with a key, once they are there. */
  async first(count: number, topic: string, key?: string): Promise<TopicMessage[]> {
    return await awaitState(`${count} messages of ${topic} with key ${key ?? 'any'}`, () => {
      const found = this.of(topic, key);
      return found.length >= count && found.slice(0, count);
    });
  }

  async close(): Promise<void> {
    await this.consumer.disconnect();
  }
}

function readHeaders(headers: IHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join() : String(value),
    ]),
  );
}
