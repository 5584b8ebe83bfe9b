import { newEventId, parseCloudEvent, seededRandom } from '@kyc-relay/contracts';
import { KeyRing } from '@kyc-relay/crypto';
import { lockKeys, Outbox, OutboxRelay, outboxTablesV1 } from '@kyc-relay/outbox';
import { createDataSource, Database } from '@kyc-relay/persistence';
import { Metrics } from '@kyc-relay/telemetry';
import {
  collectingLogger,
  createTestDatabase,
  createTestTopics,
  eventually,
  readTopics,
  TEST_DATA_KEYS,
  testBrokers,
  uniqueName,
  useCleanup,
  type TestDatabase,
  type TopicReader,
} from '@kyc-relay/testing';
import { toDeadLetter } from './dead-letters';
import { createKafka } from './kafka-client';
import { readHeaders } from './message';
import { SerialProducer } from './serial-producer';

const cleanup = useCleanup();
const keyRing = KeyRing.parse(TEST_DATA_KEYS);
const outbox = new Outbox('ctx', '/kyc-relay/tester', keyRing);
const topic = uniqueName('relayed');
let store: TestDatabase;
let database: Database;
let relay: OutboxRelay;
let reader: TopicReader;

beforeAll(async () => {
  await createTestTopics(cleanup, {
    [topic]: { partitions: 6 },
    [`${topic}.dlq`]: { config: { 'max.message.bytes': '2097152' } },
  });
  reader = await readTopics(cleanup, [topic, `${topic}.dlq`]);
  store = await createTestDatabase(cleanup, {
    statements: [
      'create schema ctx',
      ...outboxTablesV1('ctx'),
      'create table counters (key text primary key, n int)',
    ],
  });
  const { logger } = collectingLogger();
  database = new Database(
    createDataSource({ url: store.url, schema: 'ctx', applicationName: 'x', poolSize: 10 }),
  );
  await database.dataSource.initialize();
  const publisher = new SerialProducer(
    createKafka({ brokers: testBrokers(), clientId: 'x', logger }),
    logger,
  );
  relay = new OutboxRelay({
    database,
    schema: 'ctx',
    url: store.url,
    publisher,
    keyRing,
    logger,
    metrics: new Metrics(),
  });
  relay.start();
  cleanup.defer(async () => {
    await relay.stop();
    await publisher.stop();
    await database.close();
  });
});

test('thousands of messages of concurrent transactions stand on the topic in the order of their commits per key', async () => {
  const random = seededRandom(3);
  const keys = Array.from({ length: 40 }, (_, number) => `user-${number}`);
  let written = 0;
  const writeOnce = async (): Promise<void> => {
    const some = keys.filter(() => random() < 0.1);
    const isKept = random() < 0.9;
    await database
      .transaction(async (tx) => {
        const locked = lockKeys(tx, 'ctx', some);
        const values = await tx.query<{ key: string; n: number }>(
          `insert into counters as c select key, 1 from unnest($1::text[]) as key
           on conflict (key) do update set n = c.n + 1 returning key, n`,
          [some],
        );
        outbox.enqueue(
          locked,
          values.map((value) => ({
            topic,
            key: value.key,
            type: 't',
            eventId: newEventId(),
            time: new Date(),
            value,
          })),
        );
        if (!isKept) throw new Error('rolled back');
        written += values.length;
      })
      .catch(() => undefined);
    relay.wake();
  };
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let count = 0; count < 120; count += 1) await writeOnce();
    }),
  );
  expect(written).toBeGreaterThan(2_500);
  const messages = await reader.read(topic, written);
  expect(messages).toHaveLength(written);
  const perKey = new Map<string, number[]>();
  const partitions = new Map<string, Set<number>>();
  for (const message of messages) {
    const key = String(message.key);
    const headers = readHeaders({ topic, ...message, headers: message.headers as Record<string, Buffer> });
    const parsed = parseCloudEvent(headers, message.value);
    expect(parsed).toMatchObject({ ok: true, event: { subject: key, data: { key } } });
    perKey.set(key, [...(perKey.get(key) ?? []), (JSON.parse(String(message.value)) as { n: number }).n]);
    partitions.set(key, (partitions.get(key) ?? new Set()).add(message.partition));
  }
  for (const numbers of perKey.values()) expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  for (const found of partitions.values()) expect(found.size).toBe(1);
});

test('dead letters arrive as the bytes they were, up to the largest input there can be', async () => {
  const received = [
    { key: Buffer.from([0xff, 0x00]), value: Buffer.from([0x00, 0xff]) },
    { key: null, value: null },
    { key: Buffer.from('large'), value: Buffer.alloc(1_040_000, 1) },
  ].map((message, offset) => ({
    ...message,
    topic,
    partition: 0,
    offset: String(offset),
    headers: { twice: [Buffer.from('1'), Buffer.from([0xff])], one: Buffer.from('x') },
  }));
  const context = { service: 'tester', attempts: 1, now: new Date() };
  const letters = received.map((message) =>
    toDeadLetter(message, { code: 'event.invalid', detail: 'key' }, context),
  );
  await database.transaction((tx) => {
    const locked = lockKeys(
      tx,
      'ctx',
      letters.map((letter) => letter.lockKey),
    );
    outbox.enqueueDeadLetters(locked, letters);
  });
  relay.wake();
  const sent = await reader.read(`${topic}.dlq`, 3);
  expect(sent.map(({ key }) => key)).toEqual(received.map(({ key }) => key));
  for (const [index, { value, headers }] of sent.entries()) {
    const expected = received[index]!.value;
    expect(value === null ? expected === null : expected !== null && value.equals(expected)).toBe(true);
    expect(headers).toMatchObject({ twice: [Buffer.from('1'), Buffer.from([0xff])], one: Buffer.from('x') });
    expect(String(headers!['dlq-offset'])).toBe(String(index));
  }
  await eventually(async () => (await store.query('select from ctx.outbox')).length === 0);
});
