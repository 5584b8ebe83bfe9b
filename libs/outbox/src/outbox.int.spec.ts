import { newEventId, seededRandom } from '@kyc-relay/contracts';
import { KeyRing } from '@kyc-relay/crypto';
import { createDataSource, Database, type OpenTx } from '@kyc-relay/persistence';
import {
  createGate,
  createTestDatabase,
  eventually,
  TEST_DATA_KEYS,
  useCleanup,
  type TestDatabase,
} from '@kyc-relay/testing';
import { openDeadLetter, type DeadLetter } from './dead-letter';
import { lockKeys } from './locked-keys';
import { Outbox, PayloadTooLarge, type OutboxMessage } from './outbox';
import { outboxTablesV1 } from './outbox-tables';

const cleanup = useCleanup();
const keyRing = KeyRing.parse(TEST_DATA_KEYS);
const outbox = new Outbox('ctx', '/kyc-relay/tester', keyRing);
let store: TestDatabase;
let database: Database;

beforeAll(async () => {
  store = await createTestDatabase(cleanup, { statements: ['create schema ctx', ...outboxTablesV1('ctx')] });
  database = new Database(
    createDataSource({ url: store.url, schema: 'ctx', applicationName: 'writers', poolSize: 8 }),
  );
  await database.dataSource.initialize();
  cleanup.defer(async () => {
    await database.close();
  });
});

beforeEach(async () => {
  await store.query('truncate ctx.outbox, ctx.outbox_keys');
});

function messageOf(key: string, value: object): OutboxMessage {
  return { topic: 'things.v1', key, type: 'thing.done', eventId: newEventId(), time: new Date(0), value };
}

async function rows(): Promise<
  { event_id: string; key: string; headers: object; payload: Buffer; sealed: boolean }[]
> {
  return await store.query(
    'select event_id, topic, key, headers, payload, sealed from ctx.outbox order by id',
  );
}

describe('enqueue', () => {
  test('writes the messages in their order, serialised once, with the headers of a CloudEvent', async () => {
    const messages = [
      messageOf('b', { n: 1, text: 'ü😀\u2028"\\' }),
      messageOf('a', { n: 2 }),
      { ...messageOf('b', { n: 3 }), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    ];
    await database.transaction((tx) => {
      outbox.enqueue(lockKeys(tx, 'ctx', ['a', 'b']), messages);
    });
    const written = await rows();
    expect(written.map((row) => row.payload.toString('utf8'))).toEqual(
      messages.map((message) => JSON.stringify(message.value)),
    );
    expect(written.map((row) => row.event_id)).toEqual(messages.map((message) => message.eventId));
    expect(written[0]!.headers).toEqual({
      ce_specversion: '1.0',
      ce_id: messages[0]!.eventId,
      ce_type: 'thing.done',
      ce_source: '/kyc-relay/tester',
      ce_time: '1970-01-01T00:00:00.000Z',
      ce_subject: 'b',
      'content-type': 'application/json',
    });
    expect(written[2]!.headers).toMatchObject({ traceparent: expect.stringContaining('00-0af7') as string });
  });

  test('of a key whose lock is not held throws and writes nothing, not even the good ones', async () => {
    const failure = database.transaction((tx) => {
      outbox.enqueue(lockKeys(tx, 'ctx', ['a']), [messageOf('a', {}), messageOf('b', {})]);
    });
    await expect(failure).rejects.toThrow('without the lock of its key');
    expect(await rows()).toEqual([]);
  });

  test('leaves nothing when the transaction is rolled back', async () => {
    const failure = database.transaction((tx) => {
      outbox.enqueue(lockKeys(tx, 'ctx', ['a']), [messageOf('a', {})]);
      throw new Error('changed its mind');
    });
    await expect(failure).rejects.toThrow('changed its mind');
    expect(await rows()).toEqual([]);
    expect(await store.query('select from ctx.outbox_keys')).toEqual([]);
  });

  test('takes a value of 900,000 bytes and refuses one byte more, counted in UTF-8', async () => {
    const frame = Buffer.byteLength(JSON.stringify({ t: '' }));
    const enqueue = async (value: object): Promise<void> => {
      await database.transaction((tx) => {
        outbox.enqueue(lockKeys(tx, 'ctx', ['a']), [messageOf('a', value)]);
      });
    };
    await enqueue({ t: 'x'.repeat(900_000 - frame) });
    await expect(enqueue({ t: 'x'.repeat(900_001 - frame) })).rejects.toBeInstanceOf(PayloadTooLarge);
    await expect(enqueue({ t: 'ü'.repeat(450_000) })).rejects.toBeInstanceOf(PayloadTooLarge);
    expect(await rows()).toHaveLength(1);
  });

  test('of nothing writes nothing', async () => {
    await database.transaction((tx) => {
      outbox.enqueue(lockKeys(tx, 'ctx', []), []);
      outbox.enqueueDeadLetters(lockKeys(tx, 'ctx', []), []);
    });
    expect(await rows()).toEqual([]);
  });
});

describe('a dead letter', () => {
  const letter: DeadLetter = {
    topic: 'things.v1.dlq',
    eventId: newEventId(),
    lockKey: 'sha256:00',
    key: Buffer.from([0, 255, 128, 10]),
    value: Buffer.from('identity 900517-14-5678'),
    headers: {
      plain: 'text',
      binary: Buffer.from([0xff, 0x00]),
      twice: [Buffer.from('1'), 'two'],
      empty: '',
    },
  };

  async function enqueue(one: DeadLetter): Promise<Buffer> {
    await database.transaction((tx) => {
      outbox.enqueueDeadLetters(lockKeys(tx, 'ctx', [one.lockKey]), [one]);
    });
    const [row] = await rows();
    expect(row!.sealed).toBe(true);
    return row!.payload;
  }

  test('is sealed at rest and opens to the very bytes', async () => {
    const payload = await enqueue(letter);
    expect(payload.includes('900517')).toBe(false);
    expect(payload.includes(Buffer.from('900517').toString('base64').slice(0, 6))).toBe(false);
    const opened = openDeadLetter(keyRing, 'ctx', { eventId: letter.eventId, topic: letter.topic, payload });
    expect(opened).toEqual({
      topic: letter.topic,
      key: letter.key,
      value: letter.value,
      headers: {
        plain: Buffer.from('text'),
        binary: Buffer.from([0xff, 0x00]),
        twice: [Buffer.from('1'), Buffer.from('two')],
        empty: Buffer.alloc(0),
      },
    });
  });

  test('keeps an absent key, an absent value and a header of any name', async () => {
    const headers = Object.fromEntries([
      ['__proto__', 'kept'],
      ['constructor', 'kept too'],
    ]);
    const odd = { ...letter, eventId: newEventId(), key: null, value: null, headers };
    const opened = openDeadLetter(keyRing, 'ctx', {
      eventId: odd.eventId,
      topic: odd.topic,
      payload: await enqueue(odd),
    });
    expect(opened.key).toBeNull();
    expect(opened.value).toBeNull();
    expect(Object.entries(opened.headers)).toEqual([
      ['__proto__', Buffer.from('kept')],
      ['constructor', Buffer.from('kept too')],
    ]);
  });
});

describe('the lock of a key', () => {
  test('is held until the end of the transaction, also for a key that was not there before', async () => {
    const locked = createGate();
    const mayEnd = createGate();
    const order: string[] = [];
    const first = database.transaction(async (tx) => {
      lockKeys(tx, 'ctx', ['new']);
      await tx.query('select');
      locked.open();
      await mayEnd.opened;
      order.push('first ends');
    });
    await locked.opened;
    const second = database.transaction(async (tx) => {
      lockKeys(tx, 'ctx', ['new']);
      await tx.query('select');
      order.push('second has it');
    });
    await eventually(async () => (await waiters()) === 1);
    mayEnd.open();
    await Promise.all([first, second]);
    expect(order).toEqual(['first ends', 'second has it']);
  });

  test('never deadlocks, whichever keys transactions take in whichever order', async () => {
    const random = seededRandom(20_260_101);
    const keys = Array.from({ length: 30 }, (_, number) => `k-${number}-ä${number % 3}`);
    const takeSome = (tx: OpenTx): void => {
      const some = keys.filter(() => random() < 0.3).sort(() => random() - 0.5);
      lockKeys(tx, 'ctx', some);
    };
    const writers = Array.from({ length: 8 }, async () => {
      for (let round = 0; round < 40; round += 1) await database.transaction(takeSome);
    });
    await expect(Promise.all(writers)).resolves.toHaveLength(8);
  });
});

async function waiters(): Promise<number> {
  const found = await store.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity
     where datname = current_database() and application_name = 'writers' and wait_event_type = 'Lock'`,
  );
  return found[0]!.n;
}
