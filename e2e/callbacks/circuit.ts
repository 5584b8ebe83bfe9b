import type { MoneyPlus } from '@kyc-relay/simulators';
import { awaitState } from '../world/await-state';
import { readMetric, readTask, tasksOf, type Task } from '../world/tasks';
import { User } from '../world/user';
import type { World } from '../world/world';

const USERS = 15;
/** kyc-to-money-plus.md: a probe a second, slowing to one in this time. */
const SLOWEST_PROBE_MS = 10_000;

/** An endpoint that is down; kyc-to-money-plus.md, "Callback to Money+", the paragraph on order. */
export function describeCircuit(world: () => World, down: () => MoneyPlus): void {
  describe('an endpoint that is down', () => {
    const isOpen = async (): Promise<boolean> =>
      (await readMetric(world().url('money-plus-callback', '/metrics'), 'relay_circuit_open', {
        biz_id: 'DOWN',
      })) === 1;
    const newUsers = async (): Promise<User[]> =>
      await Promise.all(
        Array.from({ length: USERS }, async () => {
          const user = new User(world(), world().uid('down'));
          await world().subscribe(user.uid, 'DOWN');
          return user;
        }),
      );
    const newestOf = async (users: User[]): Promise<Task[]> =>
      await Promise.all(
        users.map(async ({ uid }) => {
          const [newest] = await tasksOf(world(), uid);
          return await readTask(world(), newest?.task_id ?? '');
        }),
      );
    const delivered = async (users: User[], versions: number[]): Promise<void> => {
      for (const { uid } of users)
        await awaitState(`all callbacks of ${uid}`, () => {
          const got = down().received({ shopee_uid: uid, success: true });
          return got.length === versions.length;
        });
      for (const { uid } of users)
        expect(
          down()
            .received({ shopee_uid: uid, success: true })
            .map(({ relay_version }) => relay_version),
        ).toEqual(versions);
    };

    it('opens its circuit; tasks wait and burn nothing, others flow, a probe finds out when it is back', async () => {
      const users = await newUsers();
      const other = await User.subscribed(world(), 'flows');
      await down().refuse();
      await world().publish(...users.flatMap((user) => user.becomes(300)));
      await awaitState('the circuit opens', isOpen);
      for (const { uid } of users)
        await awaitState(`both tasks of ${uid}`, async () => (await tasksOf(world(), uid)).length === 2);
      const counted = (await newestOfHeads(users)).map(({ attempt_count }) => attempt_count);

      const before = performance.now();
      await other.tell(...other.becomes(300));
      await other.callbacks(2);
      expect(performance.now() - before).toBeLessThan(3000);

      // Two probes later nobody has burned an attempt; they slow down to one in 10 s.
      const recorded = await attemptsRecorded(users);
      await awaitState(
        'probes are recorded',
        async () => (await attemptsRecorded(users)) >= recorded + 2,
        2 * SLOWEST_PROBE_MS + 10_000,
      );
      const heads = await newestOfHeads(users);
      expect(heads.map(({ attempt_count }) => attempt_count)).toEqual(counted);
      expect(heads.every(({ state }) => state === 'PENDING')).toBe(true);
      expect((await newestOf(users)).every(({ attempt_count }) => attempt_count === 0)).toBe(true);

      await down().accept();
      await delivered(users, [1, 2]);
      await awaitState('the circuit closes', async () => !(await isOpen()));
    });

    it('is up again by any other answer, also a bad one', async () => {
      const users = await newUsers();
      await down().resetConnections();
      await world().publish(...users.map((user) => user.submit(300)));
      await awaitState('the circuit opens', isOpen);
      const rule = down().rule({ behaviour: { type: 'http', status: 400 } });
      await down().accept();
      await awaitState('the circuit closes', async () => !(await isOpen()));
      down().clearRules(rule);
      await awaitState('each ends', async () =>
        (await newestOf(users)).every(({ state }) => state === 'DELIVERED' || state === 'FAILED'),
      );
    });

    it('does not open while good answers come between the bad ones', async () => {
      const users = await newUsers();
      for (const { uid } of users.filter((_, index) => index % 3 !== 0))
        down().rule({ match: { shopee_uid: uid }, behaviour: { type: 'http', status: 503 }, times: 2 });
      let opened = false;
      for (const user of users) {
        await user.tell(user.submit(300));
        opened ||= await isOpen();
      }
      await delivered(users, [1]);
      expect(opened).toBe(false);
    });

    /** The oldest task of each user. */
    async function newestOfHeads(users: User[]): Promise<Task[]> {
      return await Promise.all(
        users.map(
          async ({ uid }) => await readTask(world(), (await tasksOf(world(), uid)).at(-1)?.task_id ?? ''),
        ),
      );
    }

    async function attemptsRecorded(users: User[]): Promise<number> {
      return (await newestOfHeads(users)).reduce((sum, { attempts }) => sum + attempts.length, 0);
    }
  });
}
