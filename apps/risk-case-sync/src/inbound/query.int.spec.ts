import { seededRandom } from '@kyc-relay/contracts';
import { eventually, useCleanup } from '@kyc-relay/testing';
import { exampleAnswer, generateCases, type AcquirerCase } from '../testbed/acquirer';
import { AGENTS, CLIENT, ServiceBed, signedQuery } from '../testbed/service-bed';

const cleanup = useCleanup();
let bed: ServiceBed;
let cases: AcquirerCase[];
const PATH = '/v1/risk-cases/query';

beforeAll(async () => {
  bed = await ServiceBed.start(cleanup);
  const odd = { firstLevelAgentNum: AGENTS.open, createTime: '2023-06-01 00:00:00.5', mercNum: '833' };
  bed.acquirer.cases.put([
    ...exampleAnswer().respData.list,
    ...generateCases({
      count: 300,
      seed: 21,
      agent: AGENTS.open,
      from: '2023-02-01 00:00:00',
      to: '2023-04-30 23:59:59',
    }),
    { ...odd, flowNo: 'second half', unknown: { deep: [1.5, { a: null }] }, nul: 'a\0b', half: '\ud800' },
    { ...odd, flowNo: 'second one', flowStatus: 'NEU' },
    { firstLevelAgentNum: AGENTS.open, flowNo: 'no time', flowStatus: 'DTJ', createTime: '2023-06-01' },
    { firstLevelAgentNum: AGENTS.distant, flowNo: 'hidden', createTime: '2023-06-01 00:00:00' },
  ]);
  cases = bed.acquirer.cases.all().filter((one) => one['firstLevelAgentNum'] === AGENTS.open);
  await bed.startWorkers(cleanup);
  await eventually(
    async () =>
      (await bed.store.query(`select from risk.sync_runs where state = 'DONE' offset 2`)).length > 0,
  );
});

const text = (one: AcquirerCase, field: string): string => (one[field] ?? '') as string;
/** What cannot be read as a time counts as long ago. */
const created = (one: AcquirerCase): string =>
  text(one, 'createTime').length >= 19 ? text(one, 'createTime') : '1970-01-01 00:00:00';

/** The answer, by looking at every case. */
function expected(filter: (one: AcquirerCase) => boolean): AcquirerCase[] {
  const key = (one: AcquirerCase): string => `${created(one).padEnd(21, '.0')} ${text(one, 'flowNo')}`;
  return cases.filter(filter).sort((a, b) => (key(a) < key(b) ? 1 : -1));
}

test('a client of the partner is answered as the partner answers, field for field', async () => {
  const [first, second] = exampleAnswer().respData.list as [AcquirerCase, AcquirerCase];
  const flowNo = `${String(second['flowNo'])},${String(first['flowNo'])}`;
  expect(await bed.query({ flowNo })).toEqual(exampleAnswer());
  expect(await bed.query({ flowNo }, 'client-old')).toEqual(exampleAnswer());
  const answer = await bed.post(PATH, signedQuery({ flowNo }));
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  // Rows are the text that the partner gave: what it never documented, how it writes numbers, what cannot be stored.
  const odd = await bed.query({ flowNo: 'second half' });
  expect(odd.respData?.list).toEqual(
    JSON.parse(JSON.stringify(cases.filter((one) => one['flowNo'] === 'second half'))),
  );
});

test.each<[string, Record<string, unknown>, (one: AcquirerCase) => boolean]>([
  ['all', {}, () => true],
  ['one status', { flowStatus: 'DSH' }, (one) => text(one, 'flowStatus') === 'DSH'],
  [
    'several statuses',
    { flowStatus: 'DTJ, HT,NEU' },
    (one) => ['DTJ', 'HT', 'NEU'].includes(text(one, 'flowStatus')),
  ],
  ['a status that no case has', { flowStatus: 'XX' }, () => false],
  ['one merchant', { mercNum: '833102153300007' }, (one) => text(one, 'mercNum') === '833102153300007'],
  [
    'merchants and statuses',
    { mercNum: '833102153300007,833102153300009,833', flowStatus: 'SHTG,NEU' },
    (one) =>
      ['833102153300007', '833102153300009', '833'].includes(text(one, 'mercNum')) &&
      ['SHTG', 'NEU'].includes(text(one, 'flowStatus')),
  ],
  ['a time on', { createTimeBegin: '2023-03-15 12:00:00' }, (one) => created(one) >= '2023-03-15 12:00:00'],
  [
    'up to a time, those without one too',
    { createTimeEnd: '2023-03-15 12:00:00' },
    (one) => created(one) <= '2023-03-15 12:00:00',
  ],
  [
    'a day and statuses',
    { createTimeBegin: '2023-03-15 00:00:00', createTimeEnd: '2023-03-15 23:59:59', flowStatus: 'SHTG,DSH' },
    (one) => created(one).startsWith('2023-03-15') && ['SHTG', 'DSH'].includes(text(one, 'flowStatus')),
  ],
  [
    'days cut at both ends',
    { createTimeBegin: '2023-03-10 11:22:33', createTimeEnd: '2023-04-02 22:11:00' },
    (one) => created(one) >= '2023-03-10 11:22:33' && created(one) <= '2023-04-02 22:11:00',
  ],
  [
    'a second, both bounds included',
    { createTimeBegin: '2023-04-10 10:15:14', createTimeEnd: '2023-04-10 10:15:14' },
    (one) => created(one) === '2023-04-10 10:15:14',
  ],
  [
    'bounds that exclude each other',
    { createTimeBegin: '2023-04-10 10:15:14', createTimeEnd: '2023-04-10 10:15:13' },
    () => false,
  ],
  [
    'bounds that exclude each other, days apart',
    { createTimeBegin: '2023-04-10 10:00:00', createTimeEnd: '2023-03-10 10:00:00' },
    () => false,
  ],
])('pages through %s in one total order, with exact totals', async (_name, fields, filter) => {
  const wanted = expected(filter).map((one) => one['flowNo']);
  for (const pageSize of [7, 100]) {
    const seen: unknown[] = [];
    for (let page = 1; page <= Math.ceil(wanted.length / pageSize) + 1; page += 1) {
      const { respCode, respData } = await bed.query({ ...fields, beginLine: page, pageSize });
      expect([respCode, respData?.totalCount]).toEqual(['00', wanted.length]);
      seen.push(...(respData?.list ?? []).map((one) => one['flowNo']));
    }
    expect(seen).toEqual(wanted);
  }
});

test('numbers may be given with other filters, and a page behind the end is empty', async () => {
  const flowNo = cases
    .slice(0, 30)
    .map((one) => one['flowNo'])
    .join(',');
  const all = await bed.query({ flowNo, pageSize: 100 });
  expect(all.respData?.totalCount).toBe(30);
  const open = cases.slice(0, 30).filter((one) => text(one, 'flowStatus') === 'DSH').length;
  expect((await bed.query({ flowNo, flowStatus: 'DSH' })).respData?.totalCount).toBe(open);
  expect((await bed.query({ flowNo, beginLine: 9 })).respData).toEqual({ list: [], totalCount: 30 });
  expect((await bed.query({ beginLine: 999_999_999 })).respData).toEqual({
    list: [],
    totalCount: cases.length,
  });
});

test('every authentication failure is the same, byte for byte', async () => {
  const wrong = [
    signedQuery({}, 'another-key'),
    signedQuery({ accessid: 'nobody' }),
    signedQuery({}).replace(/"sign":"[0-9A-F]+"/, '"sign":""'),
    signedQuery({}).replace(/"sign":"[0-9A-F]+"/, '"sign":7'),
    signedQuery({}).replace(/,"sign":"[0-9A-F]+"/, ''),
    signedQuery({}).replace('"pageSize":20', '"pageSize":20.0'),
    signedQuery({}).replace('"beginLine":1', '"beginLine":2'),
    signedQuery({ accessid: ['client'] }),
    '{}',
  ];
  for (const body of wrong) {
    const answer = await bed.post(PATH, body);
    expect([answer.status, answer.text]).toEqual([200, '{"respCode":"99","respMsg":"sign is wrong"}']);
  }
});

test.each<[Record<string, unknown>, string]>([
  [{ firstLevelAgentNum: '' }, 'firstLevelAgentNum'],
  [{ firstLevelAgentNum: AGENTS.distant }, 'firstLevelAgentNum'],
  [{ firstLevelAgentNum: 'nobody' }, 'firstLevelAgentNum'],
  [{ pageSize: 101 }, 'pageSize'],
  [{ beginLine: 0 }, 'beginLine'],
  [{ createTimeEnd: 'tomorrow' }, 'createTimeEnd'],
])('%j is refused with respCode 99 that names %s', async (fields, field) => {
  const { respCode, respMsg } = await bed.query(fields);
  expect([respCode, respMsg.split(' ')[0]]).toEqual(['99', field]);
});

test('an agent that has no cases yet is answered with none', async () => {
  expect((await bed.query({ firstLevelAgentNum: AGENTS.strict })).respData).toEqual({
    list: [],
    totalCount: 0,
  });
});

test('too large, too often and no store are told by the status too', async () => {
  const large = await bed.post(PATH, ' '.repeat(1_048_577));
  expect([large.status, JSON.parse(large.text)]).toMatchObject([413, { respCode: '99' }]);
  const slow = (): string => {
    const body = JSON.parse(signedQuery({})) as Record<string, unknown>;
    delete body['sign'];
    return signedQuery({ ...body, accessid: 'slow' });
  };
  expect((await bed.post(PATH, slow())).status).toBe(200);
  const limited = await bed.post(PATH, slow());
  expect([limited.status, limited.headers['retry-after'], JSON.parse(limited.text)]).toMatchObject([
    429,
    '1',
    { respCode: '99' },
  ]);
  await bed.store.goAway();
  const away = await bed.post(PATH, signedQuery({}));
  expect([away.status, JSON.parse(away.text)]).toMatchObject([503, { respCode: '99' }]);
  await bed.store.comeBack();
  await eventually(async () => (await bed.post(PATH, signedQuery({}))).status === 200);
});

test('300 generated bad requests are refused without a 5xx, and a good one is answered after each', async () => {
  const random = seededRandom(300);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const values = [
    null,
    true,
    -1,
    1e308,
    '',
    'x'.repeat(5_000),
    '\0',
    '\ud800',
    '😀',
    [],
    {},
    [[[[[]]]]],
    '2023-02-30 00:00:00',
    '%',
    "'; drop table risk.cases; --",
    { __proto__: 1 },
  ];
  const fields = [
    'flowNo',
    'firstLevelAgentNum',
    'mercNum',
    'flowStatus',
    'createTimeBegin',
    'createTimeEnd',
    'beginLine',
    'pageSize',
    'accessid',
    'sign',
    '__proto__',
  ];
  for (let round = 0; round < 300; round += 1) {
    let body = signedQuery({ [pick(fields)]: pick(values), [pick(fields)]: pick(values) });
    const kind = random();
    if (kind < 0.2) body = body.slice(0, Math.floor(random() * body.length));
    else if (kind < 0.3) body = body.replace('{', `{"${pick(fields)}":${JSON.stringify(pick(values))},`);
    const bytes = Buffer.from(body);
    if (kind > 0.9 && bytes.length > 0)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    const answer = await bed.post(PATH, bytes);
    expect(answer.status).toBe(200);
    const { respCode, respMsg } = JSON.parse(answer.text) as { respCode: string; respMsg: string };
    if (respCode !== '00') expect(respMsg).toMatch(/^(?:body|[A-Za-z_]{3,20}) [A-Za-z0-9 :,-]+$/);
    if (round % 50 === 0) expect((await bed.query({})).respCode).toBe('00');
  }
  expect((await bed.query({})).respData?.totalCount).toBe(cases.length);
  expect(CLIENT.agents).not.toContain(AGENTS.distant);
});
