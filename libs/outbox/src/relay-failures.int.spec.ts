import { createGate, eventually, useCleanup } from '@kyc-relay/testing';
import { RelayStore } from './relay-store';
import { createRelayScene, RecordingPublisher, type RelayScene } from './testbed/relay-scene';

const cleanup = useCleanup();
let scene: RelayScene;

beforeAll(async () => {
  scene = await createRelayScene(cleanup);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await scene.reset();
});

const numbers = (count: number, keys = 1): { key: string; n: number }[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `key-${index % keys}`,
    n: Math.floor(index / keys) + 1,
  }));

describe('a broker that is away', () => {
  test('is asked again after growing pauses, however often the relay is woken; then everything comes in order', async () => {
    await scene.write(numbers(50, 5));
    const publisher = new RecordingPublisher();
    const calledAt: number[] = [];
    publisher.before = () => {
      calledAt.push(performance.now());
      throw new Error('no broker');
    };
    const { relay } = await scene.startReplica(publisher);
    await eventually(() => {
      for (let count = 0; count < 50; count += 1) relay.wake();
      return calledAt.length >= 4;
    });
    const pauses = calledAt.slice(1).map((at, index) => at - calledAt[index]!);
    expect(pauses[0]).toBeGreaterThan(95);
    expect(pauses[1]).toBeGreaterThan(190);
    expect(pauses[2]).toBeGreaterThan(380);
    publisher.before = () => undefined;
    await eventually(async () => (await scene.countRows()) === 0);
    for (let key = 0; key < 5; key += 1)
      expect(publisher.numbersOf(`key-${key}`)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('in the middle of a backlog: what is read and not sent is sent later, each key in order', async () => {
    await scene.write(numbers(2_500, 5));
    const publisher = new RecordingPublisher();
    // The third send is on its way with rows behind it and others read ahead; its failure must give back all of them.
    publisher.before = () => {
      if (publisher.calls === 3) throw new Error('no broker');
    };
    await scene.startReplica(publisher);
    await eventually(async () => (await scene.countRows()) === 0);
    for (let key = 0; key < 5; key += 1)
      expect(publisher.numbersOf(`key-${key}`)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  });

  test('does not keep the process from stopping', async () => {
    await scene.write(numbers(1));
    const publisher = new RecordingPublisher();
    publisher.before = () => {
      throw new Error('no broker');
    };
    const replica = await scene.startReplica(publisher);
    await eventually(() => publisher.calls >= 4);
    const before = performance.now();
    await replica.stop();
    expect(performance.now() - before).toBeLessThan(500);
    expect(await scene.countRows()).toBe(1);
  });
});

describe('a store that goes away', () => {
  test('while rows are being sent and the next ones read: all comes once it is back', async () => {
    for (let part = 0; part < 4; part += 1)
      await scene.write(numbers(1_000, 10).map((value) => ({ ...value, part })));
    const publisher = new RecordingPublisher();
    // Four sends of each 1,000 rows that are read; while the last two are on their way, the next rows are read.
    const sendingLast = createGate();
    const mayEnd = createGate();
    const unlock = createGate();
    let locking: Promise<void> | undefined;
    const reads = jest.spyOn(RelayStore.prototype, 'readBatch');
    publisher.before = async () => {
      if (publisher.calls === 5) {
        // The next rows are there, and all that was sent is deleted; from then on a read hangs until the lock is gone, and
        // so do deletions, of which too few come up to the eighth send to hold it up.
        await Promise.all(reads.mock.results.map(async ({ value }) => await (value as Promise<unknown>)));
        await eventually(async () => (await scene.countRows()) === 3_000);
        const locked = createGate();
        locking = scene.writers.transaction(async (tx) => {
          await tx.query('lock table ctx.outbox in access exclusive mode');
          locked.open();
          await unlock.opened;
        });
        await locked.opened;
      } else if (publisher.calls === 8) {
        sendingLast.open();
        await mayEnd.opened;
      }
    };
    await scene.startReplica(publisher);
    await sendingLast.opened;
    await eventually(async () => {
      const waiting = await scene.store.query(
        `select from pg_stat_activity
         where datname = current_database() and application_name = 'replica' and wait_event_type = 'Lock'`,
      );
      return waiting.length >= 2;
    });
    await scene.store.terminate('replica');
    unlock.open();
    await locking;
    // The next read has failed by now, while the send is still under way.
    await eventually(async () => await scene.store.query('select pg_sleep(0.05)'));
    mayEnd.open();
    await eventually(async () => (await scene.countRows()) === 0);
    const distinct = new Set(publisher.messages.map((message) => message.headers['ce_id']));
    expect(distinct.size).toBe(4_000);
  });

  test('rows that were sent but could not be deleted are sent again, not in a busy loop, and not lost', async () => {
    await scene.store.query(`
      create function ctx.refuse() returns trigger language plpgsql as $$ begin raise exception 'read only'; end $$`);
    await scene.store.query(
      'create trigger no_delete before delete on ctx.outbox for each statement execute function ctx.refuse()',
    );
    await scene.write(numbers(10));
    const publisher = new RecordingPublisher();
    const { relay, log } = await scene.startReplica(publisher);
    const startedAt = performance.now();
    await eventually(() => {
      relay.wake();
      return performance.now() - startedAt > 1_000;
    });
    expect(publisher.calls).toBeGreaterThan(0);
    // At least 100 ms lie between two; a busy loop would have made hundreds.
    expect(publisher.calls).toBeLessThan(20);
    expect(log.some((line) => line.msg === 'outbox rows were sent but not deleted')).toBe(true);
    await scene.store.query('drop trigger no_delete on ctx.outbox');
    await eventually(async () => (await scene.countRows()) === 0);
    expect([...new Set(publisher.numbersOf('key-0'))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});

describe('metrics', () => {
  test('show the backlog and its age at the very scrape, and what was published', async () => {
    const publisher = new RecordingPublisher();
    const mayEnd = createGate();
    publisher.before = async () => {
      await mayEnd.opened;
    };
    await scene.write(numbers(3));
    await scene.store.query(`update ctx.outbox set created_at = now() - interval '90 seconds'`);
    const { metrics } = await scene.startReplica(publisher);
    const valueOf = async (name: string): Promise<number | undefined> => {
      const page = await metrics.registry.metrics();
      const line = page.split('\n').find((one) => one.startsWith(`${name}{context="ctx"`));
      return line === undefined ? undefined : Number(line.split(' ')[1]);
    };
    const age = await valueOf('relay_outbox_oldest_seconds');
    expect(age).toBeGreaterThanOrEqual(90);
    expect(age).toBeLessThan(100);
    expect(await valueOf('relay_outbox_backlog')).toBe(3);
    mayEnd.open();
    await eventually(async () => (await scene.countRows()) === 0);
    expect(await valueOf('relay_outbox_backlog')).toBe(0);
    expect(await valueOf('relay_outbox_oldest_seconds')).toBe(0);
    expect(await valueOf('relay_outbox_published_total')).toBe(3);
  });

  test('a scrape while the store is away shows the last values and does not fail', async () => {
    const { metrics } = await scene.startReplica(new RecordingPublisher());
    await metrics.registry.metrics();
    await scene.store.goAway();
    await expect(metrics.registry.metrics()).resolves.toContain('relay_outbox_backlog');
  });
});
