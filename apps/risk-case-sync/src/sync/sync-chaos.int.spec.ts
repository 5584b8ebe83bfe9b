import { RiskCaseChangedDto, seededRandom, validateDto } from '@kyc-relay/contracts';
import { eventually, useCleanup } from '@kyc-relay/testing';
import { generateCases, type Fault } from '../testbed/acquirer';
import { AGENT, SyncBed } from '../testbed/sync-bed';

const cleanup = useCleanup();
let bed: SyncBed;

beforeAll(async () => {
  bed = await SyncBed.open(cleanup);
});

beforeEach(async () => {
  await bed.reset();
});

afterEach(async () => {
  await bed.stopReplicas();
});

const YEAR = { agent: AGENT, from: '2023-01-01 00:00:00', to: '2023-12-31 23:59:59' };
const LIMIT_MS = 120_000;

/** Nothing told twice: versions without gaps, and a case's content differs from one event to the next. */
function expectTold(events: readonly RiskCaseChangedDto[]): void {
  const last = new Map<string, RiskCaseChangedDto>();
  for (const event of events) {
    expect(validateDto(RiskCaseChangedDto, event)).toMatchObject({ ok: true });
    const before = last.get(event.flowNo);
    expect(event.version).toBe((before?.version ?? 0) + 1);
    expect(event.changes[0]?.what === 'OPENED').toBe(before === undefined);
    if (before) expect(event.case).not.toEqual(before.case);
    last.set(event.flowNo, event);
  }
}

/** In no stretch of time more than the rate gives, a bucket of one second full before it. */
function expectRateKept(perSecond: number): void {
  const times = bed.acquirer.requests.map(({ at }) => at);
  for (let first = 0; first < times.length; first += 1)
    for (const count of [perSecond + 2, 2 * perSecond, 3 * perSecond, 10 * perSecond]) {
      const end = times[first + count - 1];
      if (end === undefined) continue;
      const seconds = (end - times[first]!) / 1_000;
      // The way to the partner takes some milliseconds more or less.
      expect(count).toBeLessThanOrEqual(perSecond * (seconds + 0.1) + perSecond);
    }
}

const FAULTS: readonly Fault[] = [
  { type: 'fail-99' },
  { type: 'http', status: 500 },
  { type: 'http', status: 404 },
  { type: 'invalid-json' },
  { type: 'slow', ms: 150 },
  { type: 'slow', ms: 900 },
  { type: 'drop' },
  { type: 'half-answer' },
  { type: 'redirect' },
  { type: 'wrong-total', by: -1 },
  { type: 'wrong-total', by: 700_000_000 },
  { type: 'repeat-row' },
  { type: 'shift' },
];

test(
  '1,500 cases under everything that goes wrong are copied whole, and nothing is told twice',
  async () => {
    const rate = 60;
    const random = seededRandom(15);
    bed.configure({
      requests_per_second: rate,
      interval_seconds: 1,
      timeout_ms: 600,
      base_delay_ms: 20,
      max_delay_ms: 300,
    });
    bed.acquirer.cases.put(generateCases({ count: 1_500, seed: 15, open_share: 0.5, ...YEAR }));
    bed.acquirer.faults.seed(15);
    for (const fault of FAULTS) bed.acquirer.faults.add({ fault, share: 0.02 });
    const settings = { finalRefreshRequests: 40, monthCheckSeconds: 3 };
    let [victim, other] = [await bed.startReplica(settings), await bed.startReplica(settings)];

    // While it is read: cases come and change, replicas are killed, the partner is out, the store ends its connections.
    for (let step = 0; step < 24; step += 1) {
      const seen = bed.acquirer.requests.length;
      await eventually(() => bed.acquirer.requests.length >= seen + 12, { timeoutMs: LIMIT_MS });
      const all = bed.acquirer.cases.all();
      for (let change = 0; change < 20; change += 1) {
        const one = all[Math.floor(random() * all.length)]!;
        const status = ['DTJ', 'DSH', 'HT', 'SHTG', 'NEU'][Math.floor(random() * 5)];
        bed.acquirer.cases.change(String(one['flowNo']), { flowStatus: status, remarkOfPartner: `${step}` });
      }
      bed.acquirer.cases.put(
        generateCases({ count: 3, seed: 100 + step, ...YEAR }).map((one, at) => ({
          ...one,
          flowNo: `NEW${step}.${at}`,
        })),
      );
      if (step % 8 === 3) {
        await victim.kill();
        [victim, other] = [other, await bed.startReplica(settings)];
      }
      if (step === 10) bed.acquirer.outage = true;
      if (step === 11) bed.acquirer.outage = false;
      if (step === 14) await bed.store.terminate('replica%');
    }
    bed.acquirer.faults.clear();
    // A pass that began before may have asked for a case before its last change.
    const [calm] = await bed.store.query<{ at: Date }>(`select now() as at`);
    await eventually(
      async () =>
        (
          await bed.store.query(
            `select from risk.sync_runs where state = 'DONE' and started_at > $1 offset 2`,
            [calm!.at],
          )
        ).length > 0,
      { timeoutMs: LIMIT_MS, what: 'three whole passes' },
    );
    expect(await bed.copy()).toEqual(bed.truth());
    expectTold(await bed.events());
    expectRateKept(rate);
    await expectCountsRight();
    expect(bed.log.text()).not.toMatch(/411221|申诉人姓名|133\d{8}/);
  },
  LIMIT_MS * 2,
);

test.each([1, 2, 3])(
  'a replica that is killed in the middle of a pass (seed %d) loses nothing and asks for no page again',
  async (seed) => {
    bed.acquirer.cases.put(generateCases({ count: 1_000, seed, ...YEAR }));
    bed.acquirer.latencyMs = 10;
    const victim = await bed.startReplica();
    const killAt = 5 + Math.floor(seededRandom(seed)() * 40);
    await eventually(() => bed.acquirer.requests.length >= killAt);
    await victim.kill();
    const [saved] = await bed.store.query<{ pages: number }>(
      `select count(*)::int as pages from risk.window_pages`,
    );
    expect(saved!.pages).toBeLessThan(50);
    const before = bed.acquirer.requests.length;
    await bed.startReplica();
    expect(await bed.runEnds()).toMatchObject({ state: 'DONE', opened: 1_000 });
    // The window that was broken off, from where it was; one page of what has come since; and one for each lane that was cut.
    expect(bed.acquirer.requests.length - before).toBeLessThanOrEqual(50 - saved!.pages + 1 + 4);
    expect(await bed.copy()).toEqual(bed.truth());
    expectTold(await bed.events());
    await expectCountsRight();
  },
);

test('a partner that is out ends the run, and the next one goes on where it was; an operator ends the wait', async () => {
  bed.configure({ base_delay_ms: 10, max_delay_ms: 40, interval_seconds: 3600 });
  bed.acquirer.cases.put(generateCases({ count: 300, seed: 8, ...YEAR }));
  bed.acquirer.latencyMs = 20;
  await bed.startReplica();
  await eventually(() => bed.acquirer.requests.length >= 6);
  bed.acquirer.outage = true;
  expect(await bed.runEnds()).toMatchObject({
    state: 'FAILED',
    errors: { CONNECTION: expect.any(Number) as number },
  });
  bed.acquirer.outage = false;
  expect(await bed.runEnds(1)).toMatchObject({ state: 'DONE' });
  expect(await bed.copy()).toEqual(bed.truth());
  expectTold(await bed.events());

  bed.configure({ base_delay_ms: 60_000, max_delay_ms: 60_000 });
  bed.acquirer.faults.add({ fault: { type: 'fail-99' }, times: 1 });
  await bed.makeDue();
  await eventually(() => bed.acquirer.faults.list()[0]?.used === 1);
  await bed.store.query(`update risk.agents set woken_at = now()`);
  expect(await bed.runEnds(2)).toMatchObject({ state: 'DONE', errors: { RESP_99: 1 } });
});

test('a partner that is out for many passes leaves one window to be read, not one a pass', async () => {
  bed.configure({ base_delay_ms: 1, max_delay_ms: 2, interval_seconds: 1 });
  bed.acquirer.cases.put(generateCases({ count: 60, seed: 10, ...YEAR }));
  bed.acquirer.outage = true;
  await bed.startReplica();
  expect(await bed.runEnds(3)).toMatchObject({ state: 'FAILED' });
  expect(await bed.store.query(`select from risk.sync_windows`)).toHaveLength(1);
  bed.acquirer.outage = false;
  const done = await eventually(
    async () =>
      (
        await bed.store.query<{ requests: number; errors: Record<string, number> }>(
          `select requests, errors from risk.sync_runs where state = 'DONE'`,
        )
      )[0],
  );
  // Its three pages, and one of what has come since; the outage may have ended in the middle of the run.
  const failed = Object.values(done.errors).reduce((sum, times) => sum + times, 0);
  expect(done.requests - failed).toBe(3 + 1);
  expect(await bed.copy()).toEqual(bed.truth());
});

test('a page that the partner never answers keeps nothing else from being copied, and is found by cutting', async () => {
  bed.configure({ base_delay_ms: 1, max_delay_ms: 2 });
  bed.acquirer.cases.put(generateCases({ count: 200, seed: 9, ...YEAR }));
  bed.acquirer.faults.add({ fault: { type: 'http', status: 500 }, page: 4, by: 'window' });
  await bed.startReplica();
  expect(await bed.runEnds()).toMatchObject({ state: 'DONE', opened: 200 });
  expect(await bed.copy()).toEqual(bed.truth());
});

/** The counts by day and status are those of the cases. */
async function expectCountsRight(): Promise<void> {
  const counts = `select agent, day, status, cases from risk.day_counts where cases <> 0`;
  const cases = `select agent, created_day, status, count(*) from risk.cases group by 1, 2, 3`;
  expect(
    await bed.store.query(`(${counts} except all ${cases}) union all (${cases} except all ${counts})`),
  ).toEqual([]);
}
