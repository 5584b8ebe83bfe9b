import { KeyRing } from '@kyc-relay/crypto';
import { generateCases } from '@kyc-relay/simulators';
import type { Pool } from 'pg';

/** Merchants that the cases are spread over. */
export const MERCHANTS = 2_000;
const CHUNK = 5_000;
const CONNECTIONS = 2;
/** Rows of the copy have the texts of these; only their places differ. */
const SAMPLES = 200;
const DAYS = 1_000;
const START = Date.parse('2023-01-01T00:00:00+08:00');
/** Seven in ten are final, as in a copy of some years. */
const STATUSES = ['SHTG', 'SHTG', 'SHTG', 'SHTG', 'SHTG', 'SHTG', 'SHTG', 'DSH', 'DTJ', 'HT'];
/** A prime, so that creation times jump about. */
const STRIDE = 48_611;

/**
 * Puts a copy of so many cases there, as passes would have left it: sealed rows, counts by day, analysed. All were seen
 * lately, so that none is purged meanwhile.
 */
export async function fillCopy(pool: Pool, agent: string, cases: number, dataKeys: string): Promise<void> {
  const keys = KeyRing.parse(dataKeys);
  const samples = generateCases({
    count: SAMPLES,
    seed: 1,
    agent,
    from: '2023-01-01 00:00:00',
    to: '2023-01-02 00:00:00',
  }).map((one) => JSON.stringify(one));
  let next = 0;
  const fill = async (): Promise<void> => {
    while (next < cases) {
      const first = next;
      next += CHUNK;
      await insert(pool, agent, numbersFrom(first, Math.min(CHUNK, cases - first)), (number) => {
        const raw = samples[number % SAMPLES] ?? '';
        return keys.seal(raw, { table: 'risk.case_contents', column: 'raw', row: flowNoOf(number) });
      });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, fill));
  await pool.query(
    `insert into risk.day_counts (agent, day, status, cases)
     select agent, created_day, status, count(*) from risk.cases group by 1, 2, 3`,
  );
  await pool.query(`vacuum analyze risk.cases, risk.case_contents, risk.day_counts`);
}

/** When a day of the copy begins, by its number. */
export function dayOf(number: number): Date {
  return new Date(START + number * 86_400_000);
}

function numbersFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

function flowNoOf(number: number): string {
  return `2023${String((number * 7_919) % 1_000_003).padStart(7, '0')}${String(number).padStart(10, '0')}`;
}

async function insert(
  pool: Pool,
  agent: string,
  numbers: readonly number[],
  seal: (number: number) => Buffer,
): Promise<void> {
  const flowNos = numbers.map(flowNoOf);
  await pool.query(
    `insert into risk.cases (flow_no, agent, status, merc_num, created_at, created_day, version, asked_at, changed_at)
     select flow_no, $1, status, merchant, at, (at at time zone 'Asia/Shanghai')::date, 1, now(), now()
     from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) as n (flow_no, status, merchant, at)`,
    [
      agent,
      flowNos,
      numbers.map((number) => STATUSES[(number * 31) % STATUSES.length]),
      numbers.map((number) => `M${(number * 17) % MERCHANTS}`),
      numbers.map((number) => new Date(START + ((number * STRIDE) % (DAYS * 86_400)) * 1_000).toISOString()),
    ],
  );
  await pool.query(
    `insert into risk.case_contents (flow_no, raw, content)
     select flow_no, raw, '{}' from unnest($1::text[], $2::bytea[]) as n (flow_no, raw)`,
    [flowNos, numbers.map(seal)],
  );
}
