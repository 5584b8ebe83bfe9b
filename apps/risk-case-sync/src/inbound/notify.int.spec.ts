import { seededRandom } from '@kyc-relay/contracts';
import { eventually, useCleanup } from '@kyc-relay/testing';
import { exampleAnswer, type AcquirerCase } from '../testbed/acquirer';
import { AGENTS, ServiceBed } from '../testbed/service-bed';

const cleanup = useCleanup();
let bed: ServiceBed;
const PATH = '/v1/notify/risk-cases';
const SUCCESS = { status: 200, text: '{"return_code":"SUCCESS"}' };
const [EXAMPLE = {}] = exampleAnswer().respData.list;

beforeAll(async () => {
  bed = await ServiceBed.start(cleanup);
  await bed.startWorkers(cleanup);
  await eventually(
    async () =>
      (await bed.store.query(`select from risk.sync_runs where state = 'DONE' offset 2`)).length > 0,
  );
});

afterEach(async () => {
  bed.acquirer.outage = false;
  bed.acquirer.faults.clear();
  await eventually(async () => (await bed.store.query(`select from risk.read_backs`)).length === 0);
});

let given = 0;
/** A case that the acquirer has and nobody was told of. */
function newCase(fields: AcquirerCase = {}): AcquirerCase & { flowNo: string } {
  given += 1;
  const one = { ...EXAMPLE, flowNo: `PUSHED${given}`, createTime: '2021-01-01 00:00:00', ...fields };
  bed.acquirer.cases.put([one]);
  return one;
}

async function eventsOf(flowNo: string): Promise<Record<string, unknown>[]> {
  return (await bed.events()).filter((event) => event['flowNo'] === flowNo);
}

async function outcomesOf(flowNo: string): Promise<(string | null)[]> {
  const rows = await bed.store.query<{ outcome: string | null }>(
    `select outcome from risk.pushes where flow_no = $1 order by received_at, id`,
    [flowNo],
  );
  return rows.map(({ outcome }) => outcome);
}

async function isReadBack(flowNo: string): Promise<void> {
  await eventually(async () => {
    const outcomes = await outcomesOf(flowNo);
    return outcomes.length > 0 && outcomes.every((outcome) => outcome !== null);
  });
}

test('a push is a hint: what the partner answers counts, and is told as PUSH', async () => {
  const one = newCase({ flowStatus: 'HT' });
  const pushed = { flowNo: one.flowNo, firstLevelAgentNum: AGENTS.open, flowStatus: 'SHTG', address: '骗' };
  expect(await bed.push(pushed)).toMatchObject(SUCCESS);
  await isReadBack(one.flowNo);
  expect(await outcomesOf(one.flowNo)).toEqual(['READ']);
  expect(await eventsOf(one.flowNo)).toMatchObject([
    {
      source: 'PUSH',
      version: 1,
      changes: [{ what: 'OPENED' }],
      case: { flowStatus: 'HT', address: '北京' },
    },
  ]);
});

test('measure and remark, which only pushes have, are kept with the case in the order of arrival', async () => {
  const { flowNo } = newCase();
  const push = { flowNo, firstLevelAgentNum: AGENTS.open, flowStatus: 'DSH' };
  await bed.push({ ...push, measure: '2,4', remark: '关闭' });
  await isReadBack(flowNo);
  await bed.push({ ...push, measure: '', remark: '打开' });
  await isReadBack(flowNo);
  await bed.push({ ...push, flowStatus: 'HT' });
  await isReadBack(flowNo);
  const events = await eventsOf(flowNo);
  expect(events).toMatchObject([
    { version: 1, case: { measure: '2,4', remark: '关闭' } },
    {
      version: 2,
      changes: [{ what: 'MEASURE', field: 'remark', from: '关闭', to: '打开' }],
      case: { measure: '2,4' },
    },
  ]);
  expect(events).toHaveLength(2);
  // What the partner's own query answers has neither.
  const { respData } = await bed.query({ flowNo });
  expect(respData?.list[0]).not.toHaveProperty('remark');
});

test('a body of the last 24 hours changes nothing, whatever its order and its signature', async () => {
  const { flowNo } = newCase();
  const push = { flowNo, flowStatus: 'DSH', firstLevelAgentNum: AGENTS.open, remark: 'again' };
  expect(await bed.push(push)).toMatchObject(SUCCESS);
  await isReadBack(flowNo);
  const before = bed.acquirer.requests.length;
  const repeats = [
    await bed.push(push),
    await bed.push(Object.fromEntries(Object.entries(push).reverse())),
    await bed.push(push, 'new-key'),
    await bed.post(PATH, JSON.stringify(push, null, 2)),
    ...(await Promise.all([bed.push(push, 'old-key'), bed.push(push)])),
  ];
  for (const answer of repeats) expect(answer).toMatchObject(SUCCESS);
  expect(await outcomesOf(flowNo)).toEqual(['READ']);
  await bed.store.query(`update risk.push_bodies set received_at = now() - interval '25 hours'`);
  await bed.push(push);
  await isReadBack(flowNo);
  expect(await outcomesOf(flowNo)).toEqual(['READ', 'READ']);
  expect(bed.acquirer.requests.length).toBe(before + 1);
});

test('a push that nobody told the agent of is read back for each agent of the acquirer that signed it', async () => {
  const one = newCase({ firstLevelAgentNum: AGENTS.strict });
  expect(await bed.push({ flowNo: one.flowNo, flowStatus: 'DSH' }, 'old-key')).toMatchObject(SUCCESS);
  await isReadBack(one.flowNo);
  expect(await eventsOf(one.flowNo)).toMatchObject([{ firstLevelAgentNum: AGENTS.strict, source: 'PUSH' }]);
  // Now that the case is known, so is its agent.
  expect(await bed.push({ flowNo: one.flowNo, flowStatus: 'HT' }, 'new-key')).toMatchObject(SUCCESS);
  const known = newCase();
  await bed.push({ flowNo: known.flowNo, flowStatus: 'DSH', firstLevelAgentNum: AGENTS.open });
  await isReadBack(known.flowNo);
  expect(await bed.push({ flowNo: known.flowNo, flowStatus: 'HT' })).toMatchObject(SUCCESS);
  await isReadBack(known.flowNo);
});

test('until the partner answers the case is asked for again, and the answer is one event', async () => {
  const { flowNo } = newCase();
  bed.acquirer.outage = true;
  expect(await bed.push({ flowNo, flowStatus: 'DSH', firstLevelAgentNum: AGENTS.open })).toMatchObject(
    SUCCESS,
  );
  await eventually(async () => {
    const rows = await bed.store.query<{ failures: number }>(
      `select failures from risk.read_backs where flow_no = $1`,
      [flowNo],
    );
    return (rows[0]?.failures ?? 0) >= 2;
  });
  bed.acquirer.outage = false;
  await isReadBack(flowNo);
  expect(await eventsOf(flowNo)).toHaveLength(1);
});

test('five answers without the case end it: the push is kept, nothing is told', async () => {
  const before = bed.acquirer.requests.length;
  const gone = { flowNo: 'NOBODY KNOWS', flowStatus: 'DSH', firstLevelAgentNum: AGENTS.open };
  expect(await bed.push(gone)).toMatchObject(SUCCESS);
  for (let waited = 1; waited < 5; waited += 1) {
    await eventually(() => bed.acquirer.requests.length === before + waited);
    // The waits are as in the rule; the test does not wait them out.
    await eventually(async () => {
      const due = await bed.store.query(
        `update risk.read_backs set due_at = now() where flow_no = $1 and empties_left = $2 returning 1`,
        [gone.flowNo, 5 - waited],
      );
      return due.length === 1;
    });
  }
  await isReadBack(gone.flowNo);
  expect(bed.acquirer.requests.length).toBe(before + 5);
  expect(await outcomesOf(gone.flowNo)).toEqual(['EMPTY']);
  expect(await eventsOf(gone.flowNo)).toEqual([]);
});

test('who is not authentic learns nothing, and nothing is kept', async () => {
  const { flowNo } = newCase();
  const push = { flowNo, flowStatus: 'DSH' };
  const answers = [
    await bed.push({ ...push, firstLevelAgentNum: AGENTS.open }, 'another-key'),
    await bed.push({ ...push, firstLevelAgentNum: AGENTS.open, sign: 'X' }),
    await bed.push({ ...push, firstLevelAgentNum: AGENTS.open, sign: 7, accessid: 'relay' }),
    await bed.push({ ...push, firstLevelAgentNum: AGENTS.strict }),
    await bed.push({ ...push, firstLevelAgentNum: 'nobody' }),
    await bed.push({ ...push, firstLevelAgentNum: AGENTS.distant }),
    await bed.push({ ...push, firstLevelAgentNum: AGENTS.distant }, undefined, '10.2.0.1'),
    await bed.push(push),
  ];
  const first = answers[0]!;
  expect(first).toMatchObject({ status: 401, text: '{"return_code":"FAIL","return_msg":"not authentic"}' });
  for (const answer of answers) expect([answer.status, answer.text]).toEqual([first.status, first.text]);
  expect(await outcomesOf(flowNo)).toEqual([]);
  const listed = await bed.push(
    {
      flowNo: newCase({ firstLevelAgentNum: AGENTS.distant }).flowNo,
      flowStatus: 'DSH',
      firstLevelAgentNum: AGENTS.distant,
    },
    undefined,
    '10.1.2.3',
  );
  expect(listed).toMatchObject(SUCCESS);
});

test.each<[string, string]>([
  ['', 'body'],
  ['[]', 'body'],
  ['{"flowNo":"1","flowNo":"2"}', 'flowNo'],
  ['{"flowStatus":"HT"}', 'flowNo'],
  ['{"flowNo":"1,2","flowStatus":"HT"}', 'flowNo'],
  ['{"flowNo":"1"}', 'flowStatus'],
  [`{"flowNo":"1","flowStatus":"HT","remark":{"${'x'.repeat(300)}":1}}`, 'remark'],
])('%s is refused with 400 that names %s', async (body, field) => {
  const answer = await bed.post(PATH, body);
  const { return_code: code, return_msg: message } = JSON.parse(answer.text) as Record<string, string>;
  expect([answer.status, code, message!.split(' ')[0]]).toEqual([400, 'FAIL', field]);
  expect(message!.length).toBeLessThanOrEqual(128);
});

test('what is kept of pushes and cases is sealed', async () => {
  const { flowNo } = newCase({ idCardNo: '990011223344556677' });
  await bed.push({
    flowNo,
    flowStatus: 'DSH',
    firstLevelAgentNum: AGENTS.open,
    idCardNo: '990011223344556677',
  });
  await isReadBack(flowNo);
  const tables = await bed.store.query<{ name: string }>(
    `select format('risk.%I', tablename) as name from pg_tables where schemaname = 'risk'`,
  );
  for (const { name } of tables) {
    const rows = await bed.store.query<{ text: string }>(
      `select t::text || coalesce(encode(convert_to(t::text, 'UTF8'), 'escape'), '') as text from ${name} t`,
    );
    for (const row of rows) {
      expect(row.text).not.toContain('990011223344556677');
      expect(Buffer.from(row.text.replaceAll(/[^0-9a-f]/g, ''), 'hex').includes('990011223344556677')).toBe(
        false,
      );
    }
  }
});

test('without a store a push is refused with 503, and taken when it comes again', async () => {
  const { flowNo } = newCase();
  const push = { flowNo, flowStatus: 'DSH', firstLevelAgentNum: AGENTS.open };
  await bed.store.goAway();
  const away = await bed.push(push);
  expect([away.status, JSON.parse(away.text)]).toMatchObject([503, { return_code: 'FAIL' }]);
  await bed.store.comeBack();
  await eventually(async () => (await bed.push(push)).status === 200);
  await isReadBack(flowNo);
});

test('300 generated bad pushes are refused without a 5xx', async () => {
  const random = seededRandom(301);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const values = [
    null,
    true,
    -1,
    1e308,
    '',
    'x'.repeat(2_000),
    '\0',
    '\ud800',
    '😀',
    [],
    {},
    [[[[[]]]]],
    '1,2',
  ];
  const fields = [
    'flowNo',
    'firstLevelAgentNum',
    'flowStatus',
    'measure',
    'remark',
    'accessid',
    'sign',
    '__proto__',
    'detailList',
  ];
  for (let round = 0; round < 300; round += 1) {
    const good: Record<string, unknown> = {
      flowNo: 'BAD',
      flowStatus: 'DSH',
      firstLevelAgentNum: AGENTS.strict,
    };
    let body = JSON.stringify({ ...good, [pick(fields)]: pick(values), [pick(fields)]: pick(values) });
    const kind = random();
    if (kind < 0.2) body = body.slice(0, Math.floor(random() * body.length));
    else if (kind < 0.3) body = body.replace('{', `{"${pick(fields)}":${JSON.stringify(pick(values))},`);
    const bytes = Buffer.from(body);
    if (kind > 0.9 && bytes.length > 0)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    const answer = await bed.post(PATH, bytes);
    expect([400, 401]).toContain(answer.status);
    expect(JSON.parse(answer.text)).toMatchObject({ return_code: 'FAIL' });
  }
  const metrics = await bed.scrape();
  expect(metrics).toMatch(/relay_webhooks_total\{partner="hkrt",outcome="taken"\} \d+/);
  expect(metrics).toMatch(/relay_webhooks_total\{partner="unknown",outcome="malformed"\} \d+/);
});
