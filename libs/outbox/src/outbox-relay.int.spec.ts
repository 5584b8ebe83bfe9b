import { newEventId } from '@kyc-relay/contracts';
import { createGate, eventually, useCleanup } from '@kyc-relay/testing';
import { lockKeys } from './locked-keys';
import {
  createRelayScene,
  expectedNumbers,
  numbered,
  numbersByKey,
  RecordingPublisher,
  TOPIC,
  writeConcurrently,
  type RelayScene,
} from './testbed/relay-scene';

const cleanup = useCleanup();
let scene: RelayScene;

beforeAll(async () => {
  scene = await createRelayScene(cleanup);
});

afterEach(async () => {
  await scene.reset();
});

describe('order', () => {
  test('of a key on the topic is the order of its commits, without gaps and copies, under concurrent transactions', async () => {
    const publisher = new RecordingPublisher();
    const { relay } = await scene.startReplica(publisher);
    await writeConcurrently(scene, 1, 8, 120, () => {
      relay.wake();
    });
    await eventually(async () => (await scene.countRows()) === 0);
    expect(publisher.messages.length).toBeGreaterThan(2_000);
    expect(numbersByKey(publisher.messages)).toEqual(await expectedNumbers(scene));
  });

  test('holds when a row of a lower id is committed after rows of higher ids were published', async () => {
    const publisher = new RecordingPublisher();
    const { relay } = await scene.startReplica(publisher);
    const written = createGate();
    const mayCommit = createGate();
    const late = scene.writers.transaction(async (tx) => {
      const locked = lockKeys(tx, 'ctx', ['late']);
      const value = { key: 'late', n: 1 };
      scene.outbox.enqueue(locked, [
        { topic: TOPIC, key: 'late', type: 't', eventId: newEventId(), time: new Date(), value },
      ]);
      written.open();
      await mayCommit.opened;
    });
    await written.opened;
    await scene.write([{ key: 'early', n: 1 }]);
    relay.wake();
    await eventually(() => publisher.numbersOf('early').length === 1);
    mayCommit.open();
    await late;
    relay.wake();
    await eventually(() => publisher.numbersOf('late').length === 1);
    expect(publisher.messages).toHaveLength(2);
  });

  test('a backlog is sent in batches of which each row is in one only, while the next is read and the last deleted', async () => {
    const values = Array.from({ length: 4_500 }, (_, n) => ({ key: `key-${n % 7}`, n }));
    for (let start = 0; start < values.length; start += 1_500)
      await scene.write(values.slice(start, start + 1_500));
    const publisher = new RecordingPublisher();
    publisher.before = async () => {
      await scene.store.query('select pg_sleep(0.02)');
    };
    await scene.startReplica(publisher);
    await eventually(async () => (await scene.countRows()) === 0);
    expect(publisher.messages.map((message) => numbered(message).n)).toEqual(values.map((value) => value.n));
    expect(Math.max(...publisher.batches.map((batch) => batch.length))).toBe(250);
  });
});

describe('what is sent', () => {
  test('is the very bytes and headers of the row, its key the Kafka key', async () => {
    await scene.write([{ key: 'a', n: 1, text: 'ü\u2028😀' }]);
    const [row] = await scene.store.query<{ headers: object; payload: Buffer; event_id: string }>(
      'select headers, payload, event_id from ctx.outbox',
    );
    const publisher = new RecordingPublisher();
    await scene.startReplica(publisher);
    await eventually(() => publisher.messages.length === 1);
    expect(publisher.messages).toEqual([
      { topic: TOPIC, key: 'a', value: row!.payload.toString('utf8'), headers: row!.headers },
    ]);
    expect(publisher.messages[0]!.headers['ce_id']).toBe(row!.event_id);
  });

  test('nothing of a transaction that was rolled back', async () => {
    const publisher = new RecordingPublisher();
    const { relay } = await scene.startReplica(publisher);
    const failure = scene.writers.transaction((tx) => {
      const locked = lockKeys(tx, 'ctx', ['a']);
      const value = { key: 'a', n: 1 };
      scene.outbox.enqueue(locked, [
        { topic: TOPIC, key: 'a', type: 't', eventId: newEventId(), time: new Date(), value },
      ]);
      throw new Error('no');
    });
    await expect(failure).rejects.toThrow('no');
    await scene.write([{ key: 'a', n: 2 }]);
    relay.wake();
    await eventually(() => publisher.messages.length > 0);
    expect(publisher.numbersOf('a')).toEqual([2]);
  });
});

describe('a row that nobody woke the relay for', () => {
  test('is found by the slow poll', async () => {
    const publisher = new RecordingPublisher();
    const { log } = await scene.startReplica(publisher);
    await eventually(() => log.some((line) => line.msg === 'outbox relay leads'));
    await scene.write([{ key: 'a', n: 1 }]);
    await eventually(() => publisher.messages.length === 1, { timeoutMs: 3_000 });
  });
});

describe('stop', () => {
  test('waits for the send in flight, deletes what was sent, leaves the rest to the next leader', async () => {
    await scene.write(Array.from({ length: 2_500 }, (_, n) => ({ key: `key-${n % 5}`, n })));
    const publisher = new RecordingPublisher();
    const sending = createGate();
    const mayEnd = createGate();
    publisher.before = async () => {
      sending.open();
      await mayEnd.opened;
    };
    const replica = await scene.startReplica(publisher);
    await sending.opened;
    const stopped = replica.stop();
    mayEnd.open();
    await stopped;
    expect(publisher.messages).toHaveLength(250);
    expect(await scene.countRows()).toBe(2_250);
    const next = new RecordingPublisher();
    await scene.startReplica(next);
    await eventually(async () => (await scene.countRows()) === 0);
    expect(next.messages).toHaveLength(2_250);
  });

  test('right after the start leaves no connection and no lock behind', async () => {
    for (let round = 0; round < 5; round += 1) {
      const replica = await scene.startReplica(new RecordingPublisher());
      await replica.stop();
    }
    await eventually(
      async () =>
        (
          await scene.store.query(
            `select from pg_stat_activity where datname = current_database() and application_name = 'outbox relay of ctx'`,
          )
        ).length === 0,
      { timeoutMs: 2_000, what: 'the end of the relay connections' },
    );
  });
});
