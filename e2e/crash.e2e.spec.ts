import { CRASH_POINTS, pidOf, type CrashPoint } from './load/crash-points';
import { awaitAll, judge, type Window } from './load/judge';
import { Load, nowMs } from './load/load';
import { awaitState } from './world/await-state';
import { call } from './world/call';
import { business } from './world/registry';
import { Seeded, SEED } from './world/seeded';
import { World } from './world/world';

/** How often all crash points are visited; more for a soak. */
const ROUNDS = Number(process.env['E2E_CRASH_ROUNDS'] ?? 1);
const USERS = Number(process.env['E2E_CRASH_USERS'] ?? 45);
/** kyc-to-money-plus.md and platform.md: all users flow again, ms after the kill. */
const FLOW_AGAIN_MS = 10_000;
/** How long a success may have waited for its commit when its writer was killed. */
const COMMIT_MS = 1000;

describe.each([1, 2])(`killed under load, %d replica(s), seed ${SEED}`, (replicas) => {
  const seeded = new Seeded(SEED + replicas);
  const windows: Window[] = [];
  const table: string[] = [];
  let world: World;
  let load: Load;

  beforeAll(async () => {
    world = await World.start({
      replicas,
      businesses: (moneyPlus) => [
        business(moneyPlus, { delivery: { max_attempts: 1000, max_delay_ms: 500 } }),
      ],
    });
    load = await Load.prepare(world, USERS);
    load.start();
  }, 180_000);

  afterAll(async () => {
    await load.stop().catch(() => undefined);
    await world.stop();
    process.stdout.write(`${table.join('\n')}\n`);
  }, 90_000);

  const visits = Array.from({ length: ROUNDS }, (_, round) =>
    CRASH_POINTS.map((point) => ({ ...point, round })),
  );

  it.each(visits.flat())(
    '$name (round $round): all users flow again within 10 s',
    async (point) => {
      const { killedAt, flowedAt } = await crash(point);
      table.push(
        `  ${replicas} replica(s)  ${point.name.padEnd(50)} flows after ${((flowedAt - killedAt) / 1000).toFixed(2)} s`,
      );
      if (point.losesAnswers) windows.push({ from: killedAt - COMMIT_MS, to: flowedAt });
      expect(flowedAt - killedAt).toBeLessThan(FLOW_AGAIN_MS);
    },
    60_000,
  );

  it('every change has arrived, in order per user, with one success per event, each repeat the same', async () => {
    await load.stop();
    await awaitAll(load);
    const report = await judge(world, load, windows);
    expect(report.users).toBe(USERS);
    table.push(
      `  ${replicas} replica(s)  ${load.published} changes of ${USERS} users, ${report.requests} requests, ` +
        `${report.excused_repeats} repeated after a kill, 0 lost, 0 reordered`,
    );
    // Nobody but the killed had to be started again, and nothing was given up.
    const tasks = await call({
      url: world.url('money-plus-callback', '/v1/callback-tasks?state=FAILED'),
      as: world.as('viewer'),
    });
    expect(tasks.body['items']).toEqual([]);
  }, 90_000);

  async function crash(point: CrashPoint): Promise<{ killedAt: number; flowedAt: number }> {
    await point.moment(world, load, seeded);
    const pid = pidOf(world, point.victim, seeded.below(replicas));
    process.kill(pid, 'SIGKILL');
    const killedAt = nowMs();
    // The first change of every user that was published after the kill.
    const flowedAt = await awaitState(
      'all users flow again',
      () => {
        load.arrivals.update();
        const ticks = load.ticksSince(killedAt);
        const times = ticks.flatMap(({ changes }) =>
          changes.map(({ uid, value }) => load.arrivals.timeOf(uid, value)),
        );
        return ticks.length === 2 && times.every((time) => time !== undefined) && Math.max(...times);
      },
      45_000,
    );
    world.moneyPlus.clearRules();
    await awaitState('the killed is back', async () => {
      const ready = await Promise.all(
        Object.values(world.stack.services)
          .flat()
          .map(async ({ url }) => (await call({ url: `${url}/readyz`, as: 'nobody' })).status === 200),
      );
      return ready.every((one) => one);
    });
    return { killedAt, flowedAt };
  }
});
