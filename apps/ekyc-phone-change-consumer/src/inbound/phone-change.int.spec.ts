import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOPIC_DECLARATIONS, TOPICS, type Level } from '@kyc-relay/contracts';
import { KeyRing } from '@kyc-relay/crypto';
import { kycMigrations, newRecord, UserRepository, type KycRecord } from '@kyc-relay/kyc';
import { createKafka, dlqOf, ensureTopics } from '@kyc-relay/messaging';
import { createDataSource, Database } from '@kyc-relay/persistence';
import { assembleService, RunningService } from '@kyc-relay/service';
import {
  collectingLogger,
  createTestDatabase,
  eventually,
  readTopics,
  TEST_DATA_KEYS,
  testBrokers,
  testKafka,
  uniqueName,
  useCleanup,
  type ReadMessage,
  type TestDatabase,
  type TopicReader,
} from '@kyc-relay/testing';
import type { Producer } from 'kafkajs';
import { EKYC_PHONE_CHANGE_CONSUMER } from '../definition';

const cleanup = useCleanup();
/** A group of its own, so that files on the same Kafka do not meet. */
const NAME = uniqueName('ekyc-phone-change-consumer');
const users = new UserRepository(KeyRing.parse(TEST_DATA_KEYS));
let store: TestDatabase;
let database: Database;
let producer: Producer;
let reader: TopicReader;

beforeAll(async () => {
  store = await createTestDatabase(cleanup, { migrations: kycMigrations });
  const kafka = createKafka({ brokers: testBrokers(), clientId: 'test', logger: collectingLogger().logger });
  await ensureTopics(kafka, TOPIC_DECLARATIONS, { replicationFactor: 1, minInsyncReplicas: 1 });
  reader = await readTopics(cleanup, [TOPICS.kycUserEvents, dlqOf(TOPICS.accountEvents)]);
  producer = testKafka().producer();
  await producer.connect();
  database = new Database(
    createDataSource({ url: store.url, schema: 'kyc', applicationName: 'test', poolSize: 2 }),
  );
  await database.dataSource.initialize();
  cleanup.defer(async () => {
    await producer.disconnect();
    await database.close();
  });
  await startService();
});

async function startService(): Promise<void> {
  const registryFile = join(tmpdir(), `${uniqueName('registry')}.json`);
  await writeFile(registryFile, '{}');
  const { description } = EKYC_PHONE_CHANGE_CONSUMER;
  const service = await assembleService(
    { ...EKYC_PHONE_CHANGE_CONSUMER, description: { ...description, name: NAME } },
    {
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: store.url,
      KAFKA_BROKERS: testBrokers().join(','),
      DATA_KEYS: TEST_DATA_KEYS,
      PARTNER_REGISTRY_FILE: registryFile,
      LOG_LEVEL: 'silent',
    },
  );
  const running = new RunningService(service);
  cleanup.defer(async () => {
    await running.stop();
    await rm(registryFile, { force: true });
  });
  await running.start();
}

/** Makes a user with a record, as kyc-status-publisher would have left it. */
async function given(change: Partial<KycRecord>): Promise<string> {
  const uid = `u-${randomUUID()}`;
  await database.transaction(async (tx) => {
    const locked = await users.lock(tx, [uid]);
    locked.records.set(uid, { ...newRecord(uid), ...change });
    users.save(tx, locked, new Set([uid]));
  });
  return uid;
}

const approvedAt = (level: Level): Partial<KycRecord> => ({
  version: 2,
  told: { status: 3, level },
  approved: { level, info: { name: 'Tan', phone: '+60111111111' } },
  seamlessRequested: level === 300,
});

/** Sends a phone change, or what it is changed into. */
async function send(uid: string, data: object = {}, headers: Record<string, string> = {}): Promise<void> {
  const value = {
    shopee_uid: uid,
    phone: '+60222222222',
    previous_phone: '+60111111111',
    changed_by: 'user',
    ...data,
  };
  await producer.send({
    topic: TOPICS.accountEvents,
    messages: [
      {
        key: uid,
        value: JSON.stringify(value),
        headers: {
          ce_specversion: '1.0',
          ce_id: randomUUID(),
          ce_source: '/account',
          ce_type: 'account.phone-changed',
          ce_time: '2022-10-26T02:54:23.999Z',
          ...headers,
        },
      },
    ],
  });
}

interface Line {
  type: string;
  decision: string;
  reason: string | null;
  by: string;
  changes: object[];
  callbacks: string[];
}

async function awaitHistory(uid: string, count = 1): Promise<Line[]> {
  return await eventually(async () => {
    const lines = await store.query<Line>(
      `select type, decision, reason, by, changes, callbacks::text[] as callbacks from kyc.user_history
       where shopee_uid = $1 order by id`,
      [uid],
    );
    return lines.length >= count && lines;
  });
}

async function phoneOf(uid: string): Promise<string | undefined> {
  return (await users.find(database, uid))?.approved?.info.phone;
}

/** Messages of the user from this consumer; those of other files read the same input. */
const of =
  (uid: string) =>
  ({ key, headers }: ReadMessage): boolean =>
    key?.toString() === uid &&
    [`/kyc-relay/${NAME}`, NAME].includes(String(headers?.['dlq-service'] ?? headers?.['ce_source']));

const published = (uid: string): ReadMessage[] => reader.messages(TOPICS.kycUserEvents).filter(of(uid));

describe('a phone change', () => {
  test('of an approved eKYC changes the KYC phone, tells it to subscribers, and asks for no registration', async () => {
    const uid = await given({
      ...approvedAt(300),
      subscriptions: new Map([
        ['MONEY_PLUS', ['KYC_INFO_CHANGED']],
        ['LENDING', ['KYC_STATUS_CHANGED']],
      ]),
    });
    await send(uid);
    const [message] = await reader.read(TOPICS.kycUserEvents, 1, of(uid));
    expect(String(message!.headers!['ce_type'])).toBe('kyc.info-changed');
    const value = JSON.parse(String(message!.value)) as { event_id: string };
    expect(value).toEqual({
      event_id: String(message!.headers!['ce_id']),
      shopee_uid: uid,
      version: 3,
      target: 'APPROVED',
      change_time: 1_666_752_863,
      changes: { phone: '+60222222222' },
      subscriptions: [{ biz_id: 'MONEY_PLUS' }],
    });
    expect(await phoneOf(uid)).toBe('+60222222222');
    expect(await awaitHistory(uid)).toEqual([
      {
        type: 'account.phone-changed',
        decision: 'APPLIED',
        reason: null,
        by: 'user',
        changes: [{ field: 'phone', from: '********1111', to: '********2222' }],
        callbacks: [value.event_id],
      },
    ]);
    expect(published(uid)).toHaveLength(1);
  });

  test.each<[string, Partial<KycRecord>]>([
    ['nobody told us about', {}],
    ['with a partial KYC', approvedAt(100)],
    ['with a full KYC', approvedAt(200)],
    [
      'with only a pending eKYC',
      { pending: { caseId: 'c', level: 300, kind: 'SUBMISSION', info: { phone: '+1' }, since: new Date(0) } },
    ],
  ])('of a user %s is ignored, and the history says why', async (_, record) => {
    const uid = await given({ ...record, subscriptions: new Map([['MONEY_PLUS', ['KYC_INFO_CHANGED']]]) });
    const before = await users.find(database, uid);
    await send(uid);
    expect(await awaitHistory(uid)).toMatchObject([
      { decision: 'IGNORED', reason: 'kyc.not-ekyc', changes: [], callbacks: [] },
    ]);
    expect(await users.find(database, uid)).toEqual(before);
    expect(await store.query('select from kyc.outbox where key = $1', [uid])).toEqual([]);
    expect(published(uid)).toEqual([]);
  });

  test('to the same phone changes nothing', async () => {
    const uid = await given(approvedAt(300));
    await send(uid, { phone: '+60111111111' });
    expect(await awaitHistory(uid)).toMatchObject([{ decision: 'IGNORED', reason: 'kyc.same-phone' }]);
    expect((await users.find(database, uid))?.version).toBe(2);
  });

  test('that comes twice is one', async () => {
    const uid = await given(approvedAt(300));
    const id = randomUUID();
    await send(uid, {}, { ce_id: id });
    await send(uid, {}, { ce_id: id });
    await send(uid, { phone: '+3' });
    await awaitHistory(uid, 2);
    const messages = await reader.read(TOPICS.kycUserEvents, 2, of(uid));
    expect(messages.map(({ value }) => (JSON.parse(String(value)) as { version: number }).version)).toEqual([
      3, 4,
    ]);
  });

  test('that is malformed goes to the DLQ with the field; the next one of the user is done', async () => {
    const uid = await given(approvedAt(300));
    await send(uid, { phone: '' });
    await send(uid);
    await eventually(async () => (await phoneOf(uid)) === '+60222222222');
    const [letter] = await reader.read(dlqOf(TOPICS.accountEvents), 1, of(uid));
    const header = (name: string): string => String(letter!.headers![name]);
    expect([header('dlq-reason'), header('dlq-detail')]).toEqual(['event.invalid', 'data.phone']);
    expect(header('dlq-service')).toContain('ekyc-phone-change-consumer');
  });
});

test('whatever else is on the topic, unreadable too, is left to the other consumer', async () => {
  const uid = await given(approvedAt(300));
  await send(uid, {}, { ce_type: 'account.banned' });
  await send(uid, {}, { ce_type: 'account.unheard' });
  await send(uid, {}, { ce_type: '' });
  await producer.send({ topic: TOPICS.accountEvents, messages: [{ key: uid, value: '{' }] });
  await send(uid);
  await eventually(async () => (await phoneOf(uid)) === '+60222222222');
  expect(await awaitHistory(uid)).toHaveLength(1);
  // Dead letters of a user come in order: the first of this one is what is sent last.
  await send(uid, { phone: '' });
  const [letter] = await reader.read(dlqOf(TOPICS.accountEvents), 1, of(uid));
  expect(String(letter!.headers!['dlq-detail'])).toBe('data.phone');
});
