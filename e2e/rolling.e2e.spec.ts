import { readFileSync } from 'node:fs';
import { Asking, RISK_CLIENT } from './load/asking';
import { awaitAll, judge } from './load/judge';
import { Load } from './load/load';
import { REGISTRY } from './payees/partners';
import { awaitState } from './world/await-state';
import { call } from './world/call';
import { World, type ServiceName } from './world/world';

const REPLICAS = [0, 1];
const USERS = 30;
/** platform.md, "Operation": a process ends within this time after SIGTERM. */
const END_WITHIN_MS = 10_000;
const SERVICES: readonly ServiceName[] = [
  'kyc-status-publisher',
  'ekyc-phone-change-consumer',
  'money-plus-callback',
  'payee-service',
  'review-notify-ingest',
  'risk-case-sync',
];

/** A rolling restart: each process is told to end (SIGTERM) in turn, the next when the one before is replaced and ready. */
describe('a rolling restart under load, two replicas of each service', () => {
  let world: World;
  let load: Load;
  let asking: Asking;
  const seconds: number[] = [];

  beforeAll(async () => {
    world = await World.start({
      replicas: REPLICAS.length,
      registry: { ...REGISTRY, risk_clients: [RISK_CLIENT] },
    });
    load = await Load.prepare(world, USERS);
    asking = await Asking.prepare(world, load.users[0]?.user.uid ?? '');
    load.start();
    asking.start();
  }, 180_000);

  afterAll(async () => {
    await world.stop();
  }, 60_000);

  it.each(SERVICES.flatMap((service) => REPLICAS.map((replica) => [service, replica] as const)))(
    '%s %d ends by itself within 10 s',
    async (service, replica) => {
      const arrived = load.arrivals.count;
      await awaitState('load arrives', () => load.arrivals.count > arrived + USERS);
      const { pid } = listener(service, replica);
      process.kill(pid, 'SIGTERM');
      const toldAt = performance.now();
      await awaitState('it has ended', () => !isAlive(pid), 2 * END_WITHIN_MS);
      const ms = performance.now() - toldAt;
      seconds.push(ms / 1000);
      expect(ms).toBeLessThan(END_WITHIN_MS);
      await awaitState(
        'its successor is ready',
        async () => {
          const { pid: next, url } = listener(service, replica);
          return next !== pid && (await call({ url: `${url}/readyz`, as: 'nobody' })).status === 200;
        },
        30_000,
      );
    },
    60_000,
  );

  it('refuses no request that a second replica could take', async () => {
    await asking.stop();
    expect(asking.failures).toEqual([]);
    expect(asking.answered).toBeGreaterThan(SERVICES.length * 100);
  }, 30_000);

  it('loses, doubles and reorders no callback', async () => {
    await load.stop();
    await awaitAll(load);
    // No window: not a single success may have been repeated.
    const report = await judge(world, load, []);
    process.stdout.write(
      `  ${seconds.length} processes ended after ${Math.max(...seconds).toFixed(2)} s at most; ` +
        `${asking.answered} requests answered, ${asking.handedOver} of them by the second replica; ` +
        `${load.published} changes of ${report.users} users in ${report.requests} callbacks\n`,
    );
  }, 90_000);

  it('ends each process well, and none that was not told to', () => {
    const endings = [...readFileSync(world.running.progressFile, 'utf8').matchAll(/(\S+) ended \((.+?)\)/g)];
    expect(endings.map(([, , how]) => how)).toEqual(
      Array.from({ length: SERVICES.length * REPLICAS.length }, () => 'exit code 0'),
    );
  });

  function listener(service: ServiceName, replica: number): { url: string; pid: number } {
    const found = world.stack.services[service]?.[replica];
    if (!found) throw new Error(`there is no ${service} ${replica}`);
    return found;
  }
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
