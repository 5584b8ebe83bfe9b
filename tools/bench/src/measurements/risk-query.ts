import { request, Agent } from 'node:http';
import type { Figure, Report } from '../report';
import { percentile } from '../rig/meter';
import { DATA_KEYS, type Rig } from '../rig/rig';
import { AGENT, signedQuery, startRiskCaseSync } from '../rig/risk-desk';
import { dayOf, fillCopy } from '../workload/risk-copy';

const CASES = 1_000_000;
const PAGES = 50;
const ROWS_A_PAGE = 20;
/** risk-cases: p95 of the first 50 pages, and of deep ones. */
const GOAL_MS = { first: 20, deep: 100 };
/** Nothing listens there: the copy is to stay as it is. */
const NOBODY = 'http://127.0.0.1:9/query';
const SHANGHAI_MS = 8 * 3_600_000;

type Fields = Record<string, string>;

/** The usual filters. */
const FILTERS: readonly (readonly [what: string, fields: Fields])[] = [
  ['no filter', {}],
  ['a frequent status', { flowStatus: 'SHTG' }],
  ['every open status', { flowStatus: 'DTJ,DSH,HT' }],
  ['a year', { createTimeBegin: timeOf(300), createTimeEnd: timeOf(665) }],
  [
    'a year cut within days, two statuses',
    { createTimeBegin: timeOf(300.46), createTimeEnd: timeOf(665.58), flowStatus: 'DSH,HT' },
  ],
  ['a day', { createTimeBegin: timeOf(500), createTimeEnd: timeOf(501) }],
  ['a merchant', { mercNum: 'M77' }],
  ['three merchants, a status', { mercNum: 'M1,M2,M3', flowStatus: 'SHTG' }],
];

/** The query on a copy of 1,000,000 cases, over HTTP, signed, one request after the other. */
export async function measureRiskQuery(rig: Rig): Promise<Report> {
  await fillCopy(rig.pool, AGENT, CASES, DATA_KEYS);
  rig.say(`${CASES} cases are there`);
  const service = await startRiskCaseSync(rig, NOBODY, {});
  const agent = new Agent({ keepAlive: true });
  const url = `${service.url}/v1/risk-cases/query`;
  const ask = async (fields: Fields, page: number): Promise<{ ms: number; total: number }> => {
    const body = signedQuery({ ...fields, beginLine: page, pageSize: ROWS_A_PAGE });
    const from = performance.now();
    const text = await post(url, body, agent);
    const ms = performance.now() - from;
    const answer = JSON.parse(text) as {
      respCode: string;
      respData?: { totalCount: number; list: unknown[] };
    };
    if (answer.respCode !== '00' || !answer.respData?.list.length) throw new Error(text.slice(0, 500));
    return { ms, total: answer.respData.totalCount };
  };
  // The first requests of a process find nothing compiled and no connection open.
  for (const [, fields] of FILTERS) await ask(fields, 1);
  const figures: Figure[] = [];
  for (const [what, fields] of FILTERS) {
    const { total } = await ask(fields, 1);
    const last = Math.ceil(total / ROWS_A_PAGE);
    const first = await timesOf(Array.from({ length: Math.min(PAGES, last) }, (_, index) => index + 1));
    figures.push(
      figureOf(`${what} (${total}): first ${Math.min(PAGES, last)} pages, p95`, first, GOAL_MS.first),
    );
    if (last <= PAGES) continue;
    const step = (last - PAGES) / PAGES;
    const deep = await timesOf(
      Array.from({ length: PAGES }, (_, index) => Math.floor(PAGES + step * (index + 1))),
    );
    figures.push(figureOf(`${what}: pages ${PAGES + 1} to ${last}, p95`, deep, GOAL_MS.deep));

    async function timesOf(pages: readonly number[]): Promise<number[]> {
      const times: number[] = [];
      for (const page of pages) times.push((await ask(fields, page)).ms);
      return times;
    }
  }
  agent.destroy();
  return {
    measurement: 'risk-query: the query on a copy of 1,000,000 cases',
    setup: [
      `${CASES} cases, sealed and analysed; ${ROWS_A_PAGE} rows a page, exact totals`,
      'one client over one connection; signing and checking included',
    ],
    figures,
  };
}

function figureOf(what: string, times: readonly number[], goalMs: number): Figure {
  const value = percentile(
    [...times].sort((a, b) => a - b),
    0.95,
  );
  return { what, value, unit: 'ms', goal: { text: `< ${goalMs} ms`, isMet: value < goalMs } };
}

/** The beginning of a day of the copy, or a moment within it, in the acquirer's zone. */
function timeOf(day: number): string {
  return new Date(dayOf(day).getTime() + SHANGHAI_MS).toISOString().slice(0, 19).replace('T', ' ');
}

async function post(url: string, body: string, agent: Agent): Promise<string> {
  return await new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          resolve(Buffer.concat(chunks).toString('utf8'));
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
