import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Admin, type KafkaMessage } from 'kafkajs';
import type { Cleanup } from './cleanup';
import { testBrokers } from './environment';
import { eventually } from './eventually';

/** A topic to be made for a test. */
export interface TestTopic {
  partitions?: number;
  /** Settings as Kafka names them. */
  config?: Record<string, string>;
}

/** A plain client of the test Kafka, silent, for what a test does beside the code under test. */
export function testKafka(): Kafka {
  return new Kafka({ clientId: 'test', brokers: testBrokers(), logLevel: logLevel.NOTHING });
}

/** A name that no other test file or run has. */
export function uniqueName(prefix: string): string {
  return `${prefix}.${randomUUID().slice(0, 13)}`;
}

/** Makes topics, deleted at the end of the file. Give them names by {@link uniqueName}. */
export async function createTestTopics(
  cleanup: Cleanup,
  topics: Readonly<Record<string, TestTopic>>,
): Promise<void> {
  const names = Object.keys(topics);
  await withAdmin(async (admin) => {
    await admin.createTopics({
      // kafkajs gives up at the first answer of a broker that has not heard of the topic yet.
      waitForLeaders: false,
      topics: Object.entries(topics).map(([topic, { partitions = 1, config = {} }]) => ({
        topic,
        numPartitions: partitions,
        replicationFactor: 1,
        configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
      })),
    });
    await eventually(async () => {
      const metadata = await admin.fetchTopicMetadata({ topics: names });
      return metadata.topics.every((topic) => topic.partitions.every(({ leader }) => leader >= 0));
    });
  });
  cleanup.defer(async () => {
    await withAdmin(async (admin) => {
      await admin.deleteTopics({ topics: names });
    });
  });
}

/** Lends a connected admin client. */
export async function withAdmin<T>(use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = testKafka().admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

/** A message with the place it stood at. */
export type ReadMessage = KafkaMessage & { partition: number };

/** Everything that stands on some topics, as it comes. */
export interface TopicReader {
  /** What was read of the topic so far; within a partition in its order. */
  messages(topic: string): readonly ReadMessage[];
  /** Waits until so many messages of the topic, or of those that `of` picks, were read, and gives them. */
  read(topic: string, count: number, of?: (message: ReadMessage) => boolean): Promise<ReadMessage[]>;
}

/** Starts to read topics from their beginning, until the end of the file. */
export async function readTopics(cleanup: Cleanup, topics: readonly string[]): Promise<TopicReader> {
  const read = new Map<string, ReadMessage[]>(topics.map((topic) => [topic, []]));
  const messages = (topic: string): ReadMessage[] => {
    const known = read.get(topic);
    if (!known) throw new Error(`${topic} is not read`);
    return known;
  };
  const consumer = testKafka().consumer({
    groupId: uniqueName('reader'),
    maxWaitTimeInMs: 50,
    minBytes: 1,
  });
  await consumer.connect();
  cleanup.defer(async () => {
    await consumer.disconnect();
  });
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const message of batch.messages)
        messages(batch.topic).push({ ...message, partition: batch.partition });
      await Promise.resolve();
    },
  });
  return {
    messages,
    read: async (topic, count, of = () => true) =>
      await eventually(
        () => {
          const picked = messages(topic).filter(of);
          return picked.length >= count && picked;
        },
        { timeoutMs: 30_000, what: `${count} messages on ${topic}, of which ${messages(topic).length} came` },
      ),
  };
}
