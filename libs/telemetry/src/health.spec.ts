import { Health, type HealthCheck } from './health';

const well = async (): Promise<void> => {
  await Promise.resolve();
};
const broken = async (): Promise<void> => {
  await Promise.reject(new Error('connect to 10.0.0.1 as postgres failed'));
};
const silent = async (): Promise<void> => {
  await new Promise(() => undefined);
};

function healthOf(...checks: HealthCheck[]): Health {
  const health = new Health();
  for (const check of checks) health.addReadiness(check);
  return health;
}

test('a process is ready when all it depends on is well', async () => {
  const health = healthOf(
    { name: 'postgres', required: 'always', check: well },
    { name: 'kafka', required: 'until-first-success', check: well },
  );
  expect(await health.ready()).toEqual({ ok: true, checks: { postgres: 'ok', kafka: 'ok' } });
});

test('what is required always makes it unready whenever it fails, and the reason names no address', async () => {
  let check = well;
  const health = healthOf({
    name: 'postgres',
    required: 'always',
    check: async () => {
      await check();
    },
  });
  expect((await health.ready()).ok).toBe(true);
  check = broken;
  expect(await health.ready()).toEqual({ ok: false, checks: { postgres: 'unreachable' } });
  check = well;
  expect((await health.ready()).ok).toBe(true);
});

test('what is required until its first success is only a reason after it', async () => {
  let check = broken;
  const health = healthOf({
    name: 'kafka',
    required: 'until-first-success',
    check: async () => {
      await check();
    },
  });
  expect(await health.ready()).toEqual({ ok: false, checks: { kafka: 'unreachable' } });
  check = well;
  expect((await health.ready()).ok).toBe(true);
  check = broken;
  expect(await health.ready()).toEqual({ ok: true, checks: { kafka: 'unreachable' } });
});

test('a check that hangs is given up after 2 s, and does not hold up the others', async () => {
  jest.useFakeTimers();
  try {
    const health = healthOf(
      { name: 'postgres', required: 'always', check: silent },
      { name: 'kafka', required: 'until-first-success', check: well },
    );
    let report: unknown;
    void health.ready().then((one) => (report = one));
    await jest.advanceTimersByTimeAsync(1_999);
    expect(report).toBeUndefined();
    await jest.advanceTimersByTimeAsync(1);
    expect(report).toEqual({ ok: false, checks: { postgres: 'no answer in time', kafka: 'ok' } });
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});

test('a process that ends is unready, with the reason', async () => {
  const health = healthOf({ name: 'postgres', required: 'always', check: well });
  health.beginStop();
  expect(await health.ready()).toEqual({ ok: false, checks: { process: 'stopping', postgres: 'ok' } });
});

test('liveness holds while every condition does, whatever the readiness', () => {
  const health = healthOf({ name: 'postgres', required: 'always', check: broken });
  let isFetching = true;
  health.addLiveness('kafka-fetch', () => isFetching);
  expect(health.live()).toEqual({ ok: true, checks: { 'kafka-fetch': 'ok' } });
  isFetching = false;
  expect(health.live()).toEqual({ ok: false, checks: { 'kafka-fetch': 'stuck' } });
});
