import { newEventId } from '@kyc-relay/contracts';
import { KeyRing } from '@kyc-relay/crypto';
import { eventually, useCleanup } from '@kyc-relay/testing';
import { PublishRefused, type OutgoingMessage } from './batch-publisher';
import { lockKeys } from './locked-keys';
import { Outbox } from './outbox';
import { createRelayScene, numbered, RecordingPublisher, type RelayScene } from './testbed/relay-scene';

const cleanup = useCleanup();
let scene: RelayScene;

beforeAll(async () => {
  scene = await createRelayScene(cleanup);
});

afterEach(async () => {
  await scene.reset();
});

const numbers = (count: number, keys = 1): { key: string; n: number }[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `key-${index % keys}`,
    n: Math.floor(index / keys) + 1,
  }));

describe('a row that Kafka refuses for ever', () => {
  const refuseMarked = (batch: readonly OutgoingMessage[]): void => {
    if (batch.some((message) => message.value?.includes('poison') === true))
      throw new PublishRefused('MESSAGE_TOO_LARGE');
  };

  test('is set aside with the later rows of its key, the rows before it and all other keys are published', async () => {
    await scene.write(
      numbers(30, 3).map((value) =>
        value.key === 'key-1' && value.n === 4 ? { ...value, text: 'poison' } : value,
      ),
    );
    const publisher = new RecordingPublisher();
    publisher.before = refuseMarked;
    const { relay, log } = await scene.startReplica(publisher);
    await eventually(async () => (await scene.countRows()) === 7);
    await scene.write([
      { key: 'key-1', n: 11 },
      { key: 'key-0', n: 11 },
    ]);
    relay.wake();
    await eventually(() => publisher.numbersOf('key-0').length === 11);
    const all = Array.from({ length: 11 }, (_, index) => index + 1);
    expect(publisher.numbersOf('key-0')).toEqual(all);
    expect(publisher.numbersOf('key-2')).toEqual(all.slice(0, 10));
    expect(publisher.numbersOf('key-1')).toEqual([1, 2, 3]);
    expect(await scene.store.query('select topic, key, code from ctx.outbox_parked_keys')).toEqual([
      { topic: 'things.v1', key: 'key-1', code: 'MESSAGE_TOO_LARGE' },
    ]);
    expect(log.filter((line) => line.msg === 'outbox key parked')).toHaveLength(1);

    // The operator drops the poison and releases the key: what waited comes in order, before anything newer.
    await scene.store.query(`delete from ctx.outbox where convert_from(payload, 'UTF8') like '%poison%'`);
    await scene.store.query('delete from ctx.outbox_parked_keys');
    await scene.write([{ key: 'key-1', n: 12 }]);
    await eventually(async () => (await scene.countRows()) === 0);
    expect(publisher.numbersOf('key-1')).toEqual([1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  test('released while it is still refused: set aside again, nothing of its key slips past', async () => {
    await scene.write([
      { key: 'a', n: 1, text: 'poison' },
      { key: 'a', n: 2 },
    ]);
    const publisher = new RecordingPublisher();
    publisher.before = refuseMarked;
    await scene.startReplica(publisher);
    const isParked = async (): Promise<boolean> =>
      (await scene.store.query('select from ctx.outbox_parked_keys')).length === 1;
    await eventually(isParked);
    const before = publisher.calls;
    await scene.store.query('delete from ctx.outbox_parked_keys');
    await eventually(async () => publisher.calls > before && (await isParked()));
    expect(publisher.messages).toEqual([]);
  });

  test('many of them do not hold up the others', async () => {
    const values = numbers(400, 200).map((value, index) =>
      index % 10 === 0 ? { ...value, text: 'poison' } : value,
    );
    await scene.write(values);
    const publisher = new RecordingPublisher();
    publisher.before = refuseMarked;
    await scene.startReplica(publisher);
    // 20 keys are poisoned: both of their rows stay.
    await eventually(async () => (await scene.countRows()) === 40, { timeoutMs: 5_000 });
    expect(publisher.messages).toHaveLength(360);
  });

  test('in a long backlog the rows behind it do not wait for the next poll', async () => {
    for (let part = 0; part < 4; part += 1) {
      await scene.write([{ key: `bad-${part}`, n: 1, text: 'poison' }]);
      await scene.write(numbers(1_100, 11).map((value) => ({ ...value, part })));
      // Read together with the refused row or ahead of it, and set aside all the same.
      await scene.write([{ key: `bad-${part}`, n: 2 }]);
    }
    const publisher = new RecordingPublisher();
    publisher.before = refuseMarked;
    const before = performance.now();
    await scene.startReplica(publisher);
    await eventually(() => publisher.messages.length === 4_400);
    expect(performance.now() - before).toBeLessThan(3_000);
    await eventually(async () => (await scene.countRows()) === 8);
    for (let part = 0; part < 4; part += 1) expect(publisher.numbersOf(`bad-${part}`)).toEqual([]);
  });

  test('a sealed row that does not open is one of them', async () => {
    const other = new Outbox('ctx', '/x', KeyRing.parse(`gone:${Buffer.alloc(32, 'g').toString('base64')}`));
    await scene.writers.transaction((tx) => {
      other.enqueueDeadLetters(lockKeys(tx, 'ctx', ['a']), [
        { topic: 'x.dlq', eventId: newEventId(), lockKey: 'a', key: null, value: null, headers: {} },
      ]);
    });
    await scene.write([{ key: 'b', n: 1 }]);
    const publisher = new RecordingPublisher();
    await scene.startReplica(publisher);
    await eventually(() => publisher.numbersOf('b').length === 1);
    expect(await scene.store.query('select topic, key, code from ctx.outbox_parked_keys')).toEqual([
      { topic: 'x.dlq', key: 'a', code: 'UNSEALABLE' },
    ]);
  });
});

describe('large payloads', () => {
  const bytesOf = (rows: unknown): number =>
    (rows as { payload?: Buffer | null }[]).reduce((sum, { payload }) => sum + (payload?.length ?? 0), 0);

  test('are read one at a time, so that a backlog of them does not fill the memory; order holds among small ones', async () => {
    const text = 'x'.repeat(890_000);
    const large = numbers(60).map((value) => ({ ...value, ...(value.n % 2 === 1 ? { text } : {}) }));
    const publisher = new RecordingPublisher();
    const sent: number[] = [];
    const seen: number[] = [];
    publisher.before = (batch) => {
      sent.push(batch.reduce((sum, message) => sum + (message.value?.length ?? 0), 0));
      seen.push(...batch.map((message) => numbered(message).n));
    };
    const { database } = await scene.startReplica(publisher);
    const reads = jest.spyOn(database, 'query');
    await scene.write(large);
    await eventually(() => seen.length === 60);
    expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    // 27 MB wait; no answer of the store and no send holds two of the large ones.
    const read = await Promise.all(reads.mock.results.map(async ({ value }) => bytesOf(await value)));
    expect(Math.max(...read)).toBeLessThan(900_000);
    expect(Math.max(...sent)).toBeLessThan(900_000);
  });

  test('small ones share a send of at most 768 kB, since Kafka takes one batch per partition', async () => {
    await scene.write(numbers(300).map((value) => ({ ...value, text: 'x'.repeat(10_000) })));
    const publisher = new RecordingPublisher();
    await scene.startReplica(publisher);
    await eventually(async () => (await scene.countRows()) === 0);
    const sizes = publisher.batches.map((batch) =>
      batch.reduce((sum, one) => sum + (one.value?.length ?? 0), 0),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(768_000);
    expect(publisher.numbersOf('key-0')).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  });
});
