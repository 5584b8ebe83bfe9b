import { readFileSync } from 'node:fs';
import { callHttp } from '../http-call';
import { exampleAnswer } from './acquirer-case';
import type { Fault } from './fault';
import { generateCases } from './generate-cases';
import { signAcquirer } from './risk-sign';
import { startAcquirer, type RunningAcquirer } from './start-acquirer';

const ACCOUNT = { accessid: 'relay', access_keys: ['new-key', 'old-key'] };
const AGENT = 'FW1000251';

interface Answer {
  respCode: string;
  respMsg: string;
  respData?: { list: { flowNo: string; createTime: string }[]; totalCount: number };
}

let running: RunningAcquirer;

beforeEach(async () => {
  running = await startAcquirer(ACCOUNT);
});

afterEach(async () => {
  await running.close();
});

async function ask(fields: Record<string, unknown> = {}, key = 'old-key'): Promise<Answer> {
  const body: Record<string, unknown> = {
    accessid: ACCOUNT.accessid,
    flowNo: '',
    firstLevelAgentNum: AGENT,
    mercNum: '',
    flowStatus: '',
    createTimeBegin: '',
    createTimeEnd: '',
    beginLine: 1,
    pageSize: 20,
    ...fields,
  };
  body['sign'] = signAcquirer(body, key);
  const answer = await callHttp({ method: 'POST', url: running.url, body: JSON.stringify(body) });
  if (answer.status !== 200) throw new Error(String(answer.status));
  return JSON.parse(answer.body) as Answer;
}

function generate(count: number): void {
  running.acquirer.cases.put(
    generateCases({ count, seed: 7, agent: AGENT, from: '2023-01-01 00:00:00', to: '2023-12-31 23:59:59' }),
  );
}

test('answers the examples as its documentation shows them', async () => {
  running.acquirer.cases.put(exampleAnswer().respData.list);
  expect(await ask()).toEqual(exampleAnswer());
});

test('signs as the shared vectors say', () => {
  const file = `${__dirname}/../../../../libs/signing/vectors/risk-md5.json`;
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
    fields: Record<string, unknown>;
    accessKey: string;
    signature: string;
  }[];
  for (const { fields, accessKey, signature } of vectors)
    expect(signAcquirer(fields, accessKey)).toBe(signature);
});

test('pages through a range of creation times, newest first, ends included, each case once', async () => {
  generate(95);
  const [newest] = (await ask()).respData!.list;
  const seen: string[] = [];
  for (let page = 1; page <= 6; page += 1) {
    const { list, totalCount } = (await ask({ beginLine: page })).respData!;
    expect(totalCount).toBe(95);
    seen.push(...list.map(({ flowNo, createTime }) => `${createTime} ${flowNo}`));
  }
  expect(seen).toEqual([...seen].sort().reverse());
  expect(new Set(seen).size).toBe(95);
  const second = newest!.createTime.slice(0, 19);
  expect((await ask({ createTimeBegin: second, createTimeEnd: second })).respData).toMatchObject({
    totalCount: 1,
  });
  expect((await ask({ createTimeEnd: '2022-12-31 23:59:59' })).respData).toEqual({ list: [], totalCount: 0 });
});

test('finds cases by number, merchant and status, in comma lists', async () => {
  running.acquirer.cases.put(exampleAnswer().respData.list);
  const [first, second] = exampleAnswer().respData.list as { flowNo: string; mercNum: string }[];
  expect((await ask({ flowNo: `${second!.flowNo},${first!.flowNo},none` })).respData?.totalCount).toBe(2);
  expect((await ask({ flowStatus: 'DTJ,SHTG' })).respData?.totalCount).toBe(1);
  expect((await ask({ mercNum: first!.mercNum, flowStatus: 'DSH' })).respData?.totalCount).toBe(1);
  expect((await ask({ firstLevelAgentNum: 'another' })).respData?.totalCount).toBe(0);
});

test.each([
  [{ sign: '' }, 'wrong', 'sign'],
  [{ accessid: 'another' }, 'old-key', 'sign'],
  [{ firstLevelAgentNum: '' }, 'old-key', 'firstLevelAgentNum'],
  [{ pageSize: 50 }, 'new-key', 'pageSize'],
  [{ beginLine: 0 }, 'old-key', 'beginLine'],
  [{ createTimeEnd: '2023-01-01' }, 'old-key', 'createTimeEnd'],
  [{ flowNo: Array.from({ length: 21 }, (_, at) => String(at)).join(',') }, 'old-key', 'flowNo'],
])('refuses %j with respCode 99', async (fields, key, word) => {
  const { respCode, respMsg } = await ask(fields, key);
  expect([respCode, respMsg]).toEqual(['99', expect.stringContaining(word)]);
});

test.each<[Fault, string]>([
  [{ type: 'http', status: 500 }, '500'],
  [{ type: 'redirect' }, '302'],
  [{ type: 'drop' }, 'ECONNRESET'],
  [{ type: 'half-answer' }, 'aborted'],
  [{ type: 'invalid-json' }, 'JSON'],
])('misbehaves as %j once, and then no more', async (fault, word) => {
  generate(3);
  running.acquirer.faults.add({ fault, times: 1 });
  await expect(ask()).rejects.toThrow(word);
  expect((await ask()).respData?.totalCount).toBe(3);
  expect(running.acquirer.requests.map(({ outcome }) => outcome)).toEqual([fault.type, 'ok']);
});

test('counts wrong, repeats rows and lets rows move on, by page and by kind of query', async () => {
  generate(45);
  const { faults } = running.acquirer;
  faults.add({ fault: { type: 'wrong-total', by: 2 }, page: 1, by: 'window', times: 1 });
  expect([(await ask()).respData?.totalCount, (await ask()).respData?.totalCount]).toEqual([47, 45]);
  faults.add({ fault: { type: 'repeat-row' }, times: 1 });
  const { list } = (await ask()).respData!;
  expect(list.at(-1)).toEqual(list[0]);
  faults.add({ fault: { type: 'shift' }, page: 2, times: 1 });
  const before = (await ask()).respData!.list.at(-1);
  const after = (await ask({ beginLine: 2 })).respData!;
  expect(after.totalCount).toBe(46);
  expect(after.list[0]).toEqual(before);
});

test('is out as long as it is told, and logs what it was asked and when', async () => {
  running.acquirer.outage = true;
  await expect(ask()).rejects.toThrow('ECONNRESET');
  running.acquirer.outage = false;
  await ask({ beginLine: 2 });
  expect(running.acquirer.requests).toMatchObject([
    { index: 0, outcome: 'outage', query: null },
    { index: 1, outcome: 'ok', at_once: 1, query: { page: 2, filter: { agent: AGENT } } },
  ]);
  expect(Math.abs(running.acquirer.requests[1]!.at - Date.now())).toBeLessThan(5_000);
});

test('makes the same cases up from the same seed', () => {
  const options = {
    count: 50,
    seed: 3,
    agent: AGENT,
    from: '2023-01-01 00:00:00',
    to: '2023-02-01 00:00:00',
  };
  expect(generateCases(options)).toEqual(generateCases(options));
  expect(generateCases({ ...options, seed: 4 })).not.toEqual(generateCases(options));
  expect(new Set(generateCases(options).map(({ flowNo }) => flowNo)).size).toBe(50);
});
