import { signRequest } from '@kyc-relay/simulators';
import { Pool as PgPool } from 'pg';
import { Pool } from 'undici';
import { perEvent, type Report } from '../report';
import { MemoryWatch, Meter, percentile } from '../rig/meter';
import { BUSINESS, QUERY_FIELDS, type Rig } from '../rig/rig';
import { approveUsers } from '../workload/approved-users';
import { closedLoop } from '../workload/closed-loop';
import { scatter, seedUsers, uidOf, USERS } from '../workload/users';

const PATH = '/v1/kyc/query-field-result';
const REQUESTS = 30_000;
const WARM_UP = 5_000;
const AT_A_TIME = 32;
const ALONE = 3_000;
/** What a replica pools. */
const CONNECTIONS = 10;

/** `query-field-result`, signed, of approved users: what one read by primary key costs without a cache (ADR 5). */
export async function measureQuery(rig: Rig): Promise<Report> {
  await seedUsers(rig.pool);
  rig.say('approving all users');
  await approveUsers(rig.pool);
  const service = await rig.startService('kyc-status-publisher', {
    PARTNER_REGISTRY_FILE: rig.writeRegistry('http://127.0.0.1:9'),
  });
  const memory = new MemoryWatch({ [service.name]: service.pid });
  const pool = new Pool(service.url, { connections: AT_A_TIME, pipelining: 1 });
  const watched = { [service.name]: service.pid, postgres: rig.around.postgresPid, generator: process.pid };
  await closedLoop(AT_A_TIME, rig.sized(WARM_UP), async (n) => {
    await ask(pool, n);
  });
  const meter = Meter.start(watched);
  const busy = await closedLoop(AT_A_TIME, rig.sized(REQUESTS), async (n) => {
    await ask(pool, n);
  });
  const cpu = perEvent(meter.stop().cpuSeconds, rig.sized(REQUESTS));
  rig.say(`${Math.round(busy.perSecond)}/s`);
  const alone = await closedLoop(1, rig.sized(ALONE), async (n) => {
    await ask(pool, n);
  });
  const curves = memory.stop();
  await pool.close();
  const read = await readRaw(rig);
  const raw = (p: number): { what: string; value: number } => ({
    what: 'the read alone',
    value: percentile(read.alone, p),
  });
  return {
    measurement: 'query: query-field-result of approved users',
    setup: [
      `${USERS} approved users; ${QUERY_FIELDS.length} fields, one of them sealed; ${rig.sized(REQUESTS)} signed requests, each of another user`,
      `generator: undici and signatures in the process of the benchmark, ${AT_A_TIME} at a time, then one at a time`,
      `raw: the same row read by primary key over pg, ${CONNECTIONS} connections, then one at a time`,
    ],
    figures: [
      {
        what: `${AT_A_TIME} at a time`,
        value: busy.perSecond,
        unit: '/s',
        raw: { what: 'the read alone', value: read.perSecond },
        cpuUsPerEvent: cpu,
      },
      { what: `${AT_A_TIME} at a time, p95`, value: percentile(busy.latencies, 0.95), unit: 'ms' },
      { what: 'one at a time, p50', value: percentile(alone.latencies, 0.5), unit: 'ms', raw: raw(0.5) },
      { what: 'one at a time, p95', value: percentile(alone.latencies, 0.95), unit: 'ms', raw: raw(0.95) },
    ],
    memory: curves,
  };
}

async function ask(pool: Pool, n: number): Promise<void> {
  const body = JSON.stringify({ biz_id: BUSINESS.bizId, shopee_uid: uidOf(scatter(n, USERS)) });
  const headers = {
    'content-type': 'application/json',
    ...signRequest({ biz_id: BUSINESS.bizId, secret: BUSINESS.secret, content: body }),
  };
  const answer = await pool.request({ path: PATH, method: 'POST', headers, body });
  const text = await answer.body.text();
  if (!text.includes('"is_meet_business":true')) throw new Error(`${answer.statusCode} ${text}`);
}

async function readRaw(rig: Rig): Promise<{ perSecond: number; alone: number[] }> {
  const pg = new PgPool({ connectionString: rig.databaseUrl, max: CONNECTIONS });
  const read = async (n: number): Promise<void> => {
    const { rowCount } = await pg.query('select * from kyc.users where shopee_uid = $1', [
      uidOf(scatter(n, USERS)),
    ]);
    if (rowCount !== 1) throw new Error('a user is missing');
  };
  await closedLoop(CONNECTIONS, rig.sized(WARM_UP), read);
  const busy = await closedLoop(CONNECTIONS, rig.sized(REQUESTS), read);
  const alone = await closedLoop(1, rig.sized(ALONE), read);
  await pg.end();
  return { perSecond: busy.perSecond, alone: alone.latencies };
}
