import { callHttp, signAcquirer, type AcquirerCase } from '@kyc-relay/simulators';

/** Our account with the acquirer; its pushes may be signed with either key. */
export const ACCOUNT = { accessid: 'relay', access_keys: ['new-acquirer-key', 'acquirer-key'] };
/** Whoever asks us what it would ask the acquirer. */
export const DESK = { accessid: 'desk', access_keys: ['desk-key'] };
/** Requests a second that the acquirer allows. */
export const RATE = 60;

/** Agents: one whose pushes may be unsigned, one whose must be signed, and one that is registered later. */
export const AGENTS = { open: 'FW1000251', strict: 'FW1000252', late: 'FW1000253' } as const;

/** What a test sets of the acquirer in the registry. */
export interface RiskSettings {
  agents: readonly string[];
  interval_seconds: number;
}

/** The registry of these tests. */
export function registryOf(queryUrl: string, { agents, interval_seconds }: RiskSettings): object {
  return {
    acquirers: [
      {
        name: 'hkrt',
        query_url: queryUrl,
        ...ACCOUNT,
        requests_per_second: RATE,
        interval_seconds,
        first_window_start: '2023-01-01 00:00:00',
        timeout_ms: 800,
        base_delay_ms: 20,
        max_delay_ms: 300,
        agents: agents.map((firstLevelAgentNum) => ({
          firstLevelAgentNum,
          unsigned_push: firstLevelAgentNum === AGENTS.open,
          source_addresses: ['127.0.0.0/8', '::1/128'],
        })),
      },
    ],
    risk_clients: [
      { ...DESK, agents: Object.values(AGENTS) },
      { accessid: 'narrow', access_keys: ['narrow-key'], agents: [AGENTS.strict] },
    ],
  };
}

/** An answer of the query. */
export interface QueryAnswer {
  status: number;
  text: string;
  respCode: string;
  respMsg: string;
  respData?: { list: AcquirerCase[]; totalCount: number };
}

/** The body of a query as the source shows it, signed. */
export function signedQuery(
  fields: Record<string, unknown>,
  { accessid, access_keys: [key = ''] } = DESK,
): string {
  const body: Record<string, unknown> = {
    accessid,
    flowNo: '',
    firstLevelAgentNum: AGENTS.open,
    mercNum: '',
    flowStatus: '',
    createTimeBegin: '',
    createTimeEnd: '',
    beginLine: 1,
    pageSize: 20,
    ...fields,
  };
  return JSON.stringify({ ...body, sign: signAcquirer(body, key) });
}

/** Posts a body as it is. */
export async function post(url: string, body: string | Buffer): Promise<{ status: number; text: string }> {
  const answer = await callHttp({
    method: 'POST',
    url,
    body,
    headers: { 'content-type': 'application/json' },
  });
  return { status: answer.status, text: answer.body };
}

/** Asks for a page. */
export async function query(base: string, body: string): Promise<QueryAnswer> {
  const answer = await post(`${base}/v1/risk-cases/query`, body);
  return { ...(JSON.parse(answer.text) as Omit<QueryAnswer, 'status' | 'text'>), ...answer };
}

/** All cases of an agent as we serve them, page by page. */
export async function served(base: string, agent: string): Promise<AcquirerCase[]> {
  const all: AcquirerCase[] = [];
  for (let page = 1; ; page += 1) {
    const fields = { firstLevelAgentNum: agent, beginLine: page, pageSize: 100 };
    const { respCode, respMsg, respData } = await query(base, signedQuery(fields));
    if (respCode !== '00' || !respData) throw new Error(respMsg);
    all.push(...respData.list);
    if (all.length >= respData.totalCount || respData.list.length === 0) return all;
  }
}
