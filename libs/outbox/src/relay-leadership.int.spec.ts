import { seededRandom } from '@kyc-relay/contracts';
import { eventually, useCleanup } from '@kyc-relay/testing';
import {
  createRelayScene,
  expectedNumbers,
  numbersByKey,
  RecordingPublisher,
  withoutCopies,
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

describe('two relays of one context', () => {
  test('one publishes; the other takes over when its lock is gone, and everything comes, in order, with equal copies', async () => {
    const publisher = new RecordingPublisher();
    const random = seededRandom(7);
    // Every third send takes a while, so that leaders are lost in the middle of one; some answers are lost.
    publisher.before = async () => {
      if (random() < 0.3) await scene.store.query('select pg_sleep(0.03)');
    };
    publisher.after = () => {
      if (random() < 0.05) throw new Error('the answer is lost');
    };
    const replicas = [await scene.startReplica(publisher), await scene.startReplica(publisher)];
    let commits = 0;
    let kills = 0;
    const wake = (): void => {
      commits += 1;
      for (const { relay } of replicas) relay.wake();
      // Only the connection that holds the lock; the pools stay.
      if (commits % 150 === 0)
        void scene.store.terminate('outbox relay of ctx').then((count) => (kills += count));
    };
    await writeConcurrently(scene, 2, 8, 100, wake);
    await eventually(async () => (await scene.countRows()) === 0);
    expect(kills).toBeGreaterThan(2);
    expect(numbersByKey(withoutCopies(publisher.messages))).toEqual(await expectedNumbers(scene));
    const leads = replicas.map(({ log }) => log.filter((line) => line.msg === 'outbox relay leads').length);
    expect(leads.reduce((sum, one) => sum + one)).toBeGreaterThan(1);
  });

  test('only one of them leads at a time', async () => {
    const publishers = [new RecordingPublisher(), new RecordingPublisher()];
    const replicas = [await scene.startReplica(publishers[0]!), await scene.startReplica(publishers[1]!)];
    await eventually(() => replicas.some(({ log }) => log.some((line) => line.msg === 'outbox relay leads')));
    for (let n = 0; n < 20; n += 1) {
      await scene.write([{ key: 'a', n }]);
      for (const { relay } of replicas) relay.wake();
    }
    await eventually(async () => (await scene.countRows()) === 0);
    const counts = publishers.map((publisher) => publisher.messages.length).sort((a, b) => a - b);
    expect(counts).toEqual([0, 20]);
  });

  test('a wake-up in a process that does not lead reaches the one that does', async () => {
    const publisher = new RecordingPublisher();
    const leader = await scene.startReplica(publisher);
    await eventually(() => leader.log.some((line) => line.msg === 'outbox relay leads'));
    const follower = await scene.startReplica(publisher);
    await eventually(async () => {
      const listening = await scene.store.query(
        `select from pg_stat_activity where datname = current_database() and application_name = 'outbox relay of ctx'`,
      );
      return listening.length === 2;
    });
    const delays: number[] = [];
    for (let n = 1; n <= 5; n += 1) {
      await scene.write([{ key: 'a', n }]);
      const before = performance.now();
      await eventually(() => {
        follower.relay.wake();
        return publisher.messages.length === n;
      });
      delays.push(performance.now() - before);
    }
    // The slow poll alone would take about 500 ms on average.
    expect(delays.sort((a, b) => a - b)[2]).toBeLessThan(250);
  });
});
