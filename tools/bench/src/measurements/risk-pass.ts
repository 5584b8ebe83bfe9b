import { perEvent, type Report } from '../report';
import { Meter } from '../rig/meter';
import type { Rig } from '../rig/rig';
import {
  AGENT,
  awaitRun,
  startAcquirer,
  startRiskCaseSync,
  startRun,
  tell,
  type Run,
} from '../rig/risk-desk';
import { entryOf } from '../rig/surroundings';

const CASES = 100_000;
const NEW_CASES = 200;
const ROWS_A_PAGE = 20;
const PAGES = CASES / ROWS_A_PAGE;
const LATENCY_MS = 100;
/** `SYNC_PARALLELISM`: so many requests may be under way at once for an agent. */
const PARALLELISM = 4;
const OPEN_SHARE = 0.05;
/** `FINAL_REFRESH_REQUESTS` of a pass. */
const FINAL_REQUESTS = 10;
/** risk-cases: at most so many times the floor. */
const MOST_RATIO = 1.2;
const SHANGHAI_MS = 8 * 3_600_000;

/**
 * A first pass over 100,000 cases and a steady one after it, from a simulated acquirer with a fixed latency, beside the
 * floor: pages times latency by the requests that may be under way at once.
 */
export async function measureRiskPass(rig: Rig): Promise<Report> {
  const acquirer = await startAcquirer(rig, entryOf('tools/simulators'));
  await tell(acquirer, 'generate', {
    count: CASES,
    seed: 1,
    agent: AGENT,
    from: '2023-01-01 00:00:00',
    to: '2025-12-31 23:59:59',
    open_share: OPEN_SHARE,
  });
  await tell(acquirer, 'behaviour', { latency_ms: LATENCY_MS });
  const service = await startRiskCaseSync(rig, `${acquirer.url}/acquirer/query`, {
    SYNC_PARALLELISM: String(PARALLELISM),
    FINAL_REFRESH_REQUESTS: String(FINAL_REQUESTS),
  });
  const meter = Meter.start({
    'risk-case-sync': service.pid,
    postgres: rig.around.postgresPid,
    kafka: rig.around.kafkaPid,
  });
  const first = await awaitRun(service);
  const { cpuSeconds } = meter.stop();
  rig.say(`first pass: ${describe(first)}`);

  const created = new Date(Date.now() + SHANGHAI_MS).toISOString().slice(0, 19).replace('T', ' ');
  await tell(acquirer, 'generate', {
    count: NEW_CASES,
    seed: 2,
    agent: AGENT,
    from: created,
    to: created,
    open_share: 1,
  });
  await startRun(service);
  const steady = await awaitRun(service, first.started_at);
  rig.say(`steady pass: ${describe(steady)}`);
  const open = await countOpen(rig);

  const floorMs = (PAGES * LATENCY_MS) / PARALLELISM;
  const firstMs = millisecondsOf(first);
  const fewest = NEW_CASES / ROWS_A_PAGE + Math.ceil((open - NEW_CASES) / ROWS_A_PAGE) + FINAL_REQUESTS;
  const steadyFloorMs = (fewest * LATENCY_MS) / PARALLELISM;
  return {
    measurement: 'risk-pass: a copy of 100,000 cases, and keeping it',
    setup: [
      `${CASES} cases in ${PAGES} pages of ${ROWS_A_PAGE}; an acquirer in a process of its own that answers after ${LATENCY_MS} ms`,
      `floor: pages x latency / ${PARALLELISM}, the requests at once that SYNC_PARALLELISM allows (requests_per_second is far above)`,
      `first pass: ${describe(first)}; ${(firstMs / floorMs).toFixed(2)} times the floor`,
      `steady pass: ${describe(steady)}, with ${NEW_CASES} new cases, ${open - NEW_CASES} open ones asked for by number, and ${FINAL_REQUESTS} requests for final ones: ${fewest} at the fewest`,
    ],
    figures: [
      {
        what: 'first pass',
        value: firstMs,
        unit: 'ms',
        raw: { what: 'floor', value: floorMs },
        goal: {
          text: `<= ${MOST_RATIO} x floor, ${CASES} cases`,
          isMet: firstMs <= MOST_RATIO * floorMs && first.opened === CASES && first.state === 'DONE',
        },
        cpuUsPerEvent: perEvent(cpuSeconds, CASES),
      },
      {
        what: 'steady pass',
        value: millisecondsOf(steady),
        unit: 'ms',
        raw: { what: 'floor', value: steadyFloorMs },
        goal: {
          text: `<= ${MOST_RATIO} x ${fewest} requests`,
          isMet: steady.requests <= MOST_RATIO * fewest && steady.opened === NEW_CASES,
        },
      },
    ],
  };
}

async function countOpen(rig: Rig): Promise<number> {
  const { rows } = await rig.pool.query<{ open: number }>(
    `select count(*)::int as open from risk.cases where status <> 'SHTG'`,
  );
  return rows[0]?.open ?? 0;
}

function millisecondsOf({ started_at: from, finished_at: to }: Run): number {
  return Date.parse(to ?? '') - Date.parse(from);
}

function describe(run: Run): string {
  const { state, requests, rows, opened, changed } = run;
  const seconds = (millisecondsOf(run) / 1_000).toFixed(1);
  return `${state}, ${requests} requests in ${seconds} s, ${rows} rows, ${opened} opened, ${changed} changed`;
}
