import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callHttp, signAcquirer } from '@kyc-relay/simulators';
import type { RunningProgram } from './node-process';
import type { Rig } from './rig';

/** The agent whose cases are copied and served. */
export const AGENT = 'BENCH0001';
const ACCOUNT = { accessid: 'relay', access_keys: ['bench-acquirer-key'] };
const CLIENT = { accessid: 'desk', access_keys: ['bench-desk-key'] };
const TOKEN = 'bench-operator-token';
/** Far above what is sent: what bounds a pass here is the partner's latency and the requests at once. */
const REQUESTS_PER_SECOND = 10_000;
const GENERATE_MS = 120_000;

/** A run as operators see it. */
export interface Run {
  run_id: string;
  state: string;
  started_at: string;
  finished_at: string | null;
  requests: number;
  rows: number;
  opened: number;
  changed: number;
}

/** Starts the simulated acquirer; its control API says what it has and how it answers. */
export async function startAcquirer(rig: Rig, entry: string): Promise<RunningProgram> {
  return await rig.start('acquirer', entry, {
    MONEY_PLUS_SECRETS: 'not used here',
    ACQUIRER_ACCESSID: ACCOUNT.accessid,
    ACQUIRER_KEYS: ACCOUNT.access_keys.join(),
  });
}

/** Tells the simulated acquirer something. @throws Error with its words when it refuses */
export async function tell(acquirer: RunningProgram, action: string, body: object): Promise<void> {
  const answer = await callHttp({
    method: 'POST',
    url: `${acquirer.url}/control/acquirer/${action}`,
    body: JSON.stringify(body),
    timeout_ms: GENERATE_MS,
  });
  if (answer.status !== 200) throw new Error(`${action}: ${answer.status} ${answer.body}`);
}

/** Starts risk-case-sync with a registry of its own. */
export async function startRiskCaseSync(
  rig: Rig,
  queryUrl: string,
  env: Record<string, string>,
): Promise<RunningProgram> {
  const file = join(rig.around.directory, 'risk-registry.json');
  const registry = {
    acquirers: [
      {
        name: 'bench',
        query_url: queryUrl,
        ...ACCOUNT,
        requests_per_second: REQUESTS_PER_SECOND,
        interval_seconds: 86_400,
        first_window_start: '2023-01-01 00:00:00',
        agents: [{ firstLevelAgentNum: AGENT }],
      },
    ],
    risk_clients: [{ ...CLIENT, agents: [AGENT] }],
    api_tokens: [
      { name: 'bench', role: 'operator', sha256: createHash('sha256').update(TOKEN).digest('hex') },
    ],
  };
  writeFileSync(file, JSON.stringify(registry));
  return await rig.startService('risk-case-sync', { PARTNER_REGISTRY_FILE: file, ...env });
}

/** Asks for a run; one that works is joined. */
export async function startRun(service: RunningProgram): Promise<void> {
  await call(service, 'POST', '/v1/sync-runs', { reason: 'measurement' });
}

/** Waits for the end of the newest run. */
export async function awaitRun(service: RunningProgram, startedAfter = ''): Promise<Run> {
  for (;;) {
    const { items } = await call<{ items: Run[] }>(service, 'GET', '/v1/sync-runs');
    const [newest] = items;
    if (newest && newest.finished_at !== null && newest.started_at > startedAfter) return newest;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The body of a query, signed. */
export function signedQuery(fields: Record<string, string | number>): string {
  const body: Record<string, string | number> = {
    accessid: CLIENT.accessid,
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
  return JSON.stringify({ ...body, sign: signAcquirer(body, CLIENT.access_keys[0] ?? '') });
}

async function call<Answer>(
  service: RunningProgram,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const answer = await callHttp({
    method,
    url: service.url + path,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    timeout_ms: 30_000,
  });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body) as Answer;
}
