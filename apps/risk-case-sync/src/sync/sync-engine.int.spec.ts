import { eventually, useCleanup } from '@kyc-relay/testing';
import { exampleAnswer, generateCases, type AcquirerCase } from '../testbed/acquirer';
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

test('copies the examples of the source, tells each once, and tells what changed', async () => {
  bed.acquirer.cases.put(exampleAnswer().respData.list);
  await bed.startReplica();
  expect(await bed.runEnds()).toMatchObject({
    state: 'DONE',
    rows: 2,
    opened: 2,
    changed: 0,
    requests: 1,
    errors: {},
  });
  expect(await bed.copy()).toEqual(bed.truth());

  bed.acquirer.cases.change('202304101015136891000451934', { flowStatus: 'SHTG', finalMeasure: '1,5' });
  await bed.makeDue();
  expect(await bed.runEnds(1)).toMatchObject({ state: 'DONE', opened: 0, changed: 1 });
  await bed.makeDue();
  expect(await bed.runEnds(2)).toMatchObject({ state: 'DONE', opened: 0, changed: 0 });
  expect(await bed.copy()).toEqual(bed.truth());
  const events = await bed.events();
  expect(
    events.map((event) => [event.flowNo, event.version, event.source, event.changes.map(({ what }) => what)]),
  ).toEqual([
    ['202304101015136891000451934', 1, 'PULL', ['OPENED']],
    ['202303011307251201002090374', 1, 'PULL', ['OPENED']],
    ['202304101015136891000451934', 2, 'PULL', ['MEASURE', 'STATUS']],
  ]);
  expect(JSON.stringify(events)).not.toMatch(/411221189005058035|13389890098|申诉人姓名/);
});

test('reads many pages, and a steady pass asks for new and open cases and a few final ones', async () => {
  bed.acquirer.cases.put(generateCases({ count: 500, seed: 1, open_share: 0.1, ...YEAR }));
  await bed.startReplica({ finalRefreshRequests: 2 });
  expect(await bed.runEnds()).toMatchObject({ state: 'DONE', opened: 500, requests: 25 });
  await bed.makeDue();
  const open = bed.acquirer.cases.all().filter((one) => one['flowStatus'] !== 'SHTG').length;
  expect(await bed.runEnds(1)).toMatchObject({ state: 'DONE', requests: 1 + Math.ceil(open / 20) + 2 });
  expect(await bed.copy()).toEqual(bed.truth());
  const [counts] = await bed.store.query<{ cases: string }>(
    `select sum(cases) as cases from risk.day_counts`,
  );
  expect(Number(counts?.cases)).toBe(500);
});

test('final cases take turns, so that a change of each is found in the end', async () => {
  bed.acquirer.cases.put(generateCases({ count: 90, seed: 2, open_share: 0, ...YEAR }));
  await bed.startReplica({ finalRefreshRequests: 2 });
  await bed.runEnds();
  for (const one of bed.acquirer.cases.all())
    bed.acquirer.cases.change(String(one['flowNo']), { finalMeasure: '1' });
  for (const [run, changed] of [40, 40, 10].entries()) {
    await bed.makeDue();
    expect(await bed.runEnds(run + 1)).toMatchObject({ changed });
  }
  expect(await bed.copy()).toEqual(bed.truth());
});

test('final cases are asked for no more once they have not changed for long', async () => {
  bed.acquirer.cases.put(generateCases({ count: 30, seed: 2, open_share: 0, ...YEAR }));
  await bed.startReplica();
  await bed.runEnds();
  await bed.store.query(`update risk.cases set changed_at = changed_at - interval '31 days'`);
  await bed.makeDue();
  expect(await bed.runEnds(1)).toMatchObject({ requests: 1 });
});

test('an open case that the partner no longer returns is kept, counted once, and tells nothing', async () => {
  bed.acquirer.cases.put(generateCases({ count: 30, seed: 3, open_share: 1, ...YEAR }));
  await bed.startReplica();
  await bed.runEnds();
  const [gone] = bed.acquirer.cases.all() as [AcquirerCase];
  bed.acquirer.cases.remove(String(gone['flowNo']));
  for (const [run, missing] of [1, 0].entries()) {
    await bed.makeDue();
    expect(await bed.runEnds(run + 1)).toMatchObject({ state: 'DONE', missing, changed: 0 });
  }
  expect((await bed.copy()).get(String(gone['flowNo']))).toEqual(gone);
  bed.acquirer.cases.put([gone]);
  await bed.makeDue();
  await bed.runEnds(3);
  expect(await bed.store.query(`select from risk.cases where missing_since is not null`)).toEqual([]);
  expect(await bed.events()).toHaveLength(30);
});

test('rows that are no case, or hold what cannot be stored, stop no other', async () => {
  const odd = {
    firstLevelAgentNum: AGENT,
    createTime: '2023-05-01 00:00:00',
    idCardNo: '411221189005058035',
  };
  bed.acquirer.cases.put([
    ...generateCases({ count: 5, seed: 4, ...YEAR }),
    odd,
    { ...odd, flowNo: 'x'.repeat(129) },
    { ...odd, flowNo: 'NUL\0', mercName: 'half \ud800 and \0' },
    {
      ...odd,
      flowNo: 'many',
      approveList: Array.from({ length: 20_000 }, () => ({ remark: '审核通过'.repeat(5) })),
    },
    { ...odd, flowNo: 'a,b', flowStatus: 'DTJ' },
  ]);
  await bed.startReplica();
  expect(await bed.runEnds()).toMatchObject({
    state: 'DONE',
    rows: 10,
    opened: 8,
    odd_rows: 2,
    escaped_rows: 1,
  });
  const rows = await bed.store.query<{ reason: string; raw: Buffer }>(
    `select reason, raw from risk.odd_rows order by reason`,
  );
  expect(rows.map(({ reason }) => reason)).toEqual(['FLOW_NO_TOO_LONG', 'NO_FLOW_NO']);
  expect(Buffer.concat(rows.map(({ raw }) => raw)).includes('411221189005058035')).toBe(false);
  const events = await bed.events();
  expect(events.find(({ flowNo }) => flowNo === 'NUL\\u0000')?.case).toMatchObject({
    flowNo: 'NUL\\u0000',
    mercName: 'half \\ud800 and \\u0000',
    idCardNo: '**************8035',
  });
  expect(events.find(({ flowNo }) => flowNo === 'many')?.case).not.toHaveProperty('approveList');
  // The row itself is kept as it was.
  expect((await bed.copy()).get('NUL\\u0000')).toMatchObject({
    flowNo: 'NUL\0',
    mercName: 'half \ud800 and \0',
  });
  await bed.makeDue();
  expect(await bed.runEnds(1)).toMatchObject({ state: 'DONE', changed: 0 });
});

test('a total that is always wrong is a gap after two readings, and the run is incomplete, but everything is copied', async () => {
  bed.acquirer.cases.put(generateCases({ count: 45, seed: 5, ...YEAR }));
  bed.acquirer.faults.add({ fault: { type: 'wrong-total', by: 3 }, by: 'window' });
  await bed.startReplica();
  expect(await bed.runEnds()).toMatchObject({ state: 'INCOMPLETE', gaps: 1, opened: 45, requests: 6 });
  expect(await bed.copy()).toEqual(bed.truth());
  // The watermark has moved: what is read next is what is new.
  bed.acquirer.faults.clear();
  await bed.makeDue();
  expect(await bed.runEnds(1)).toMatchObject({ state: 'DONE', gaps: 0, opened: 0 });
});

test('totals that disagree cut the window, and no case is lost while rows move between its pages', async () => {
  bed.acquirer.cases.put(generateCases({ count: 100, seed: 6, ...YEAR }));
  bed.acquirer.faults.add({ fault: { type: 'shift' }, by: 'window', page: 2, times: 3 });
  await bed.startReplica();
  expect(await bed.runEnds()).toMatchObject({ state: 'DONE', gaps: 0, opened: 103 });
  expect(await bed.copy()).toEqual(bed.truth());
  const { filter } = bed.acquirer.requests[0]!.query!;
  expect([filter.from, filter.flowNos]).toEqual(['2023-01-01 00:00:00', []]);
});

test('a month is read again when its count has come to differ from ours', async () => {
  const cases = generateCases({ count: 60, seed: 7, ...YEAR });
  bed.acquirer.cases.put(cases.slice(1));
  await bed.startReplica({ monthCheckSeconds: 1 });
  await bed.runEnds();
  // It turns up behind the watermark and its overlap, where no window of discovery comes again.
  bed.acquirer.cases.put(cases.slice(0, 1));
  await bed.store.query(`update risk.month_checks set checked_at = checked_at - interval '1 day'`);
  await bed.makeDue();
  expect(await bed.runEnds(1)).toMatchObject({ state: 'DONE', opened: 1 });
  expect(await bed.copy()).toEqual(bed.truth());
  await bed.store.query(`update risk.month_checks set checked_at = checked_at - interval '1 day'`);
  await bed.makeDue();
  const requests = (await bed.runEnds(2)).requests;
  const months = await bed.store.query<{ months: number }>(
    `select count(*)::int as months from risk.month_checks`,
  );
  // One request a month and nothing read again.
  const open = bed.acquirer.cases.all().filter((one) => one['flowStatus'] !== 'SHTG').length;
  const final = 60 - open;
  expect(requests).toBe(1 + Math.ceil(open / 20) + Math.ceil(final / 20) + months[0]!.months);
});

test('an answer that was asked for before the stored one does not overwrite it', async () => {
  bed.acquirer.cases.put(exampleAnswer().respData.list);
  await bed.startReplica();
  await bed.runEnds();
  await bed.store.query(`update risk.cases set asked_at = now() + interval '1 hour'`);
  for (const one of bed.acquirer.cases.all())
    bed.acquirer.cases.change(String(one['flowNo']), { flowStatus: 'HT' });
  await bed.store.query(`update risk.agents set planned_to = null`);
  await bed.makeDue();
  expect(await bed.runEnds(1)).toMatchObject({ state: 'DONE', rows: 2, changed: 0 });
  await bed.store.query(`update risk.cases set asked_at = now()`);
  await bed.makeDue();
  expect(await bed.runEnds(2)).toMatchObject({ changed: 2 });
});

test('several replicas share the agents, one at a time on each', async () => {
  const agents = Array.from({ length: 4 }, (_, at) => `AGENT${at}`);
  bed.configure({ agents: agents.map((firstLevelAgentNum) => ({ firstLevelAgentNum })) });
  bed.acquirer.latencyMs = 20;
  for (const [seed, agent] of agents.entries())
    bed.acquirer.cases.put(
      generateCases({ count: 400, seed, ...YEAR, agent }).map((one) => ({
        ...one,
        flowNo: `${agent}${String(one['flowNo'])}`,
      })),
    );
  await Promise.all([bed.startReplica({ parallelism: 1 }), bed.startReplica({ parallelism: 1 })]);
  for (const agent of agents)
    expect(await bed.runEnds(0, agent)).toMatchObject({ state: 'DONE', opened: 400, requests: 20 });
  expect((await bed.copy()).size).toBe(1_600);
  const taken = bed.log.lines.filter(({ msg }) => msg === 'run works');
  expect(taken).toHaveLength(4);
  const epochs = await bed.store.query<{ epoch: string }>(`select epoch from risk.agents`);
  expect(epochs.map(({ epoch }) => epoch)).toEqual(['1', '1', '1', '1']);
  await eventually(() => bed.acquirer.requests.length === 80);
});

test('a replica that saw a run due, and got the lock only after another replica had made it, makes no second one', async () => {
  bed.acquirer.cases.put(exampleAnswer().respData.list);
  const { agents } = (await bed.startReplica()).stores;
  await bed.runEnds();
  const needs = agents.needs.bind(agents);
  let looks = 0;
  let isHeld = false;
  let goOn = (): void => undefined;
  const otherRan = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  jest.spyOn(agents, 'needs').mockImplementation(async (known) => {
    const seen = await needs(known);
    looks += 1;
    isHeld = seen.some(({ runDue }) => runDue);
    if (isHeld) await otherRan;
    return seen;
  });
  await bed.makeDue();
  await eventually(() => isHeld);
  await bed.startReplica();
  await bed.runEnds(1);
  looks = 0;
  goOn();
  await eventually(() => looks > 2);
  expect(bed.log.lines.filter(({ msg }) => msg === 'run works')).toHaveLength(2);
});
