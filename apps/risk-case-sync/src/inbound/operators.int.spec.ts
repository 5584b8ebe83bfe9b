import { eventually, useCleanup } from '@kyc-relay/testing';
import { exampleAnswer } from '../testbed/acquirer';
import { AGENTS, ServiceBed } from '../testbed/service-bed';

const TEXT = expect.any(String) as unknown;
const NUMBER = expect.any(Number) as unknown;
const LIST = expect.any(Array) as unknown;
const TIME = expect.stringMatching(/^\d{4}-.*Z$/) as unknown;

const cleanup = useCleanup();
let bed: ServiceBed;

interface Run {
  run_id: string;
  firstLevelAgentNum: string;
  state: string;
  errors: { code: string; count: number }[];
}

beforeAll(async () => {
  bed = await ServiceBed.start(cleanup);
  bed.acquirer.cases.put(exampleAnswer().respData.list);
  await bed.startWorkers(cleanup);
  await eventually(
    async () =>
      (await bed.store.query(`select from risk.sync_runs where state = 'DONE' offset 2`)).length > 0,
  );
});

async function runsOf(query = ''): Promise<{ items: Run[]; next_cursor: string | null }> {
  const { status, body } = await bed.operate('GET', `/v1/sync-runs${query}`);
  expect(status).toBe(200);
  return body as unknown as { items: Run[]; next_cursor: string | null };
}

test('a run is started for one agent or all, audited, and joined while it works', async () => {
  bed.acquirer.latencyMs = 300;
  const one = await bed.operate('POST', '/v1/sync-runs', {
    body: { reason: 'asked by risk', firstLevelAgentNum: AGENTS.open },
  });
  expect(one).toMatchObject({ status: 202, body: { run_ids: [TEXT] } });
  const all = await bed.operate('POST', '/v1/sync-runs', { body: { reason: ' again ' } });
  const ids = all.body['run_ids'] as string[];
  expect(ids).toHaveLength(3);
  expect(ids).toContain((one.body['run_ids'] as string[])[0]);
  bed.acquirer.latencyMs = 0;
  await eventually(
    async () =>
      (await runsOf()).items.filter(({ run_id: id, state }) => ids.includes(id) && state === 'DONE')
        .length === 3,
  );
  const audit = await bed.store.query(`select actor, action, target, reason from risk.audit_log order by id`);
  expect(audit).toEqual([
    {
      actor: 'operator of the tests',
      action: 'sync-run.start',
      target: AGENTS.open,
      reason: 'asked by risk',
    },
    { actor: 'operator of the tests', action: 'sync-run.start', target: '*', reason: 'again' },
  ]);
});

test('an operator ends the wait of a run after failures', async () => {
  bed.acquirer.outage = true;
  const { body } = await bed.operate('POST', '/v1/sync-runs', {
    body: { reason: 'r', firstLevelAgentNum: AGENTS.strict },
  });
  await eventually(
    async () => (await runsOf(`?firstLevelAgentNum=${AGENTS.strict}`)).items[0]!.errors.length > 0,
  );
  bed.acquirer.outage = false;
  const again = await bed.operate('POST', '/v1/sync-runs', {
    body: { reason: 'r', firstLevelAgentNum: AGENTS.strict },
  });
  expect(again.status).toBe(202);
  await eventually(async () => {
    const { items } = await runsOf(`?firstLevelAgentNum=${AGENTS.strict}`);
    return items[0]!.state === 'DONE';
  });
  expect((body['run_ids'] as string[]).length).toBe(1);
});

test('runs are listed newest first, page by page, with counts, errors and how old the copy was', async () => {
  const { items } = await runsOf();
  expect(items[0]).toEqual({
    run_id: TEXT,
    firstLevelAgentNum: TEXT,
    state: 'DONE',
    started_at: TIME,
    finished_at: TIME,
    requests: NUMBER,
    rows: NUMBER,
    opened: 0,
    changed: 0,
    odd_rows: 0,
    escaped_rows: 0,
    missing: 0,
    gaps: 0,
    windows_left: 0,
    lag_seconds: NUMBER,
    errors: LIST,
  });
  const paged: Run[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: Run[]; next_cursor: string | null } = await runsOf(
      `?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    expect(page.items.length).toBeLessThanOrEqual(2);
    paged.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  expect(paged.map(({ run_id: id }) => id)).toEqual(items.map(({ run_id: id }) => id));
  const ofOne = await runsOf(`?firstLevelAgentNum=${AGENTS.distant}`);
  expect(new Set(ofOne.items.map(({ firstLevelAgentNum }) => firstLevelAgentNum))).toEqual(
    new Set([AGENTS.distant]),
  );
});

test('the history of a case is told in order, masked, page by page', async () => {
  const flowNo = '202304101015136891000451934';
  bed.acquirer.cases.change(flowNo, { claimantPhone: '13389890099' });
  await bed.operate('POST', '/v1/sync-runs', { body: { reason: 'r', firstLevelAgentNum: AGENTS.open } });
  const whole = await eventually(async () => {
    const { body } = await bed.operate('GET', `/v1/risk-cases/${flowNo}/history`);
    const { items } = body as { items: Record<string, unknown>[] };
    return items.length === 2 ? items : undefined;
  });
  expect(whole).toEqual([
    {
      event_id: TEXT,
      version: 1,
      source: 'PULL',
      observed_at: TIME,
      changes: [{ what: 'OPENED', field: null, from: null, to: null }],
    },
    {
      event_id: TEXT,
      version: 2,
      source: 'PULL',
      observed_at: TIME,
      changes: [{ what: 'APPEAL', field: 'claimantPhone', from: '*******0098', to: '*******0099' }],
    },
  ]);
  const first = await bed.operate('GET', `/v1/risk-cases/${flowNo}/history?limit=1`);
  const second = await bed.operate(
    'GET',
    `/v1/risk-cases/${flowNo}/history?limit=1&cursor=${String(first.body['next_cursor'])}`,
  );
  expect([first.body['items'], second.body]).toEqual([[whole[0]], { items: [whole[1]], next_cursor: null }]);
  expect(await bed.operate('GET', '/v1/risk-cases/unknown/history')).toEqual({
    status: 200,
    body: { items: [], next_cursor: null },
  });
});

test.each<['GET' | 'POST', string, unknown, string]>([
  ['POST', '/v1/sync-runs', {}, 'reason'],
  ['POST', '/v1/sync-runs', { reason: ' ' }, 'reason'],
  ['POST', '/v1/sync-runs', { reason: 'r', firstLevelAgentNum: 'nobody' }, 'firstLevelAgentNum'],
  ['POST', '/v1/sync-runs', { reason: 'r', agent: 'x' }, 'agent'],
  ['POST', '/v1/sync-runs', [], 'body'],
  ['GET', '/v1/sync-runs?limit=0', undefined, 'limit'],
  ['GET', '/v1/sync-runs?limit=201', undefined, 'limit'],
  ['GET', '/v1/sync-runs?cursor=x', undefined, 'cursor'],
  ['GET', '/v1/sync-runs?state=DONE', undefined, 'state'],
  ['GET', '/v1/risk-cases/1/history?cursor=MA', undefined, 'cursor'],
  ['GET', `/v1/risk-cases/${'1'.repeat(129)}/history`, undefined, 'flowNo'],
  ['GET', '/v1/risk-cases/%00/history', undefined, 'flowNo'],
])('%s %s with %j is refused with 400 that names %s', async (method, path, body, field) => {
  const answer = await bed.operate(method, path, body === undefined ? {} : { body });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
});

test.each<['GET' | 'POST', string, 'viewer' | 'publisher', number]>([
  ['POST', '/v1/sync-runs', 'viewer', 403],
  ['GET', '/v1/sync-runs', 'publisher', 403],
  ['GET', '/v1/risk-cases/1/history', 'publisher', 403],
])('%s %s as a %s is answered %d', async (method, path, role, status) => {
  expect(
    (await bed.operate(method, path, { role, ...(method === 'POST' ? { body: { reason: 'r' } } : {}) }))
      .status,
  ).toBe(status);
});

test('the age of the copies, the ends of runs and what is pending for long are measured', async () => {
  const metrics = await eventually(async () => {
    const page = await bed.scrape();
    return page.includes('relay_pending_over_limit{kind="risk"} 1') ? page : undefined;
  });
  for (const agent of Object.values(AGENTS)) {
    expect(
      Number(new RegExp(`relay_sync_age_seconds\\{agent="${agent}"\\} ([\\d.]+)`).exec(metrics)?.[1]),
    ).toBeLessThan(60);
    expect(metrics).toMatch(new RegExp(`relay_sync_runs_total\\{agent="${agent}",state="DONE"\\} \\d`));
  }
  expect(metrics).toContain('relay_risk_missing_cases');
});
