import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaMessage } from 'kafkajs';
import { seededStamps } from './event-stamps';
import { accountBanned } from './upstream-event';
import { UpstreamPublisher } from './upstream-publisher';

const brokers = (process.env.TEST_KAFKA_BROKERS ?? '').split(',');
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
const topic = `simulated-upstream-${randomUUID()}`;
const PARTITIONS = 6;

let publisher: UpstreamPublisher;

beforeAll(async () => {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }] });
  await admin.disconnect();
  publisher = new UpstreamPublisher({ brokers });
});

afterAll(async () => {
  await publisher.close();
  const admin = kafka.admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
});

/** Reads the topic from its beginning until so many messages were seen. */
async function readMessages(count: number): Promise<(KafkaMessage & { partition: number })[]> {
  const consumer = kafka.consumer({ groupId: topic });
  const messages: (KafkaMessage & { partition: number })[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ partition, message }) => {
          messages.push({ ...message, partition });
          if (messages.length === count) resolve();
          await Promise.resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return messages;
}

test('events of a user share a partition, in the order of the calls, and raw messages arrive as they are', async () => {
  const next = seededStamps({ seed: 'order', start: 0 });
  const users = ['u1', 'u2', 'u3', 'u4', 'u5'];
  const events = Array.from({ length: 50 }, (_, number) => ({
    ...accountBanned(next(), { shopee_uid: users[number % users.length]! }),
    topic,
  }));
  // Not awaited one by one: the publisher itself must keep the order.
  await Promise.all(events.map(async (event) => await publisher.publish(event)));
  const value = Buffer.from([0, 255, 254]);
  const [raw] = await publisher.publishRaw({
    topic,
    key: null,
    value,
    headers: { any: 'thing' },
    partition: 5,
  });
  expect(raw).toMatchObject({ topic, partition: 5 });

  const messages = await readMessages(events.length + 1);
  for (const user of users) {
    const own = messages.filter(({ key }) => key?.toString() === user);
    expect(own.map(({ headers }) => String(headers?.ce_id))).toEqual(
      events.filter(({ key }) => key === user).map(({ id }) => id),
    );
    expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
  }
  const odd = messages.find(({ key }) => key === null);
  expect(odd).toMatchObject({ partition: 5, value });
  expect(String(odd?.headers?.any)).toBe('thing');
});
