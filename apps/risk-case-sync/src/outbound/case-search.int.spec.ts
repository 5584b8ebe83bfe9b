import { seededRandom } from '@kyc-relay/contracts';
import { createDataSource, Database } from '@kyc-relay/persistence';
import { createTestDatabase, useCleanup, type TestDatabase } from '@kyc-relay/testing';
import type { CaseQuery } from '../domain/case-query';
import { zoneOf } from '../domain/zone-time';
import { riskMigrations } from '../migrations';
import { CaseSearchRepository } from './case-search.repository';

const CASES = 1_000_000;
const ZONE = zoneOf('Asia/Shanghai');
const START = Date.parse('2023-01-01T00:00:00+08:00');
const DAYS = 1_000;
const LOAD_MS = 300_000;

const cleanup = useCleanup();
let store: TestDatabase;
let search: CaseSearchRepository;
/** Every statement that the search sent, with its parameters. */
const sent: { sql: string; parameters: unknown[] }[] = [];

beforeAll(async () => {
  store = await createTestDatabase(cleanup, { migrations: riskMigrations });
  await store.query(
    `insert into risk.cases (flow_no, agent, status, merc_num, created_at, created_day, version, asked_at, changed_at)
     select flow_no, 'A', status, merc_num, at, (at at time zone 'Asia/Shanghai')::date, 1, at, at
     from (
       select n::text || 'F' || (n::bigint * 7919 % 1000003)::text as flow_no,
         (array['SHTG', 'SHTG', 'SHTG', 'SHTG', 'SHTG', 'SHTG', 'SHTG', 'DSH', 'DTJ', 'HT'])[1 + n * 31 % 10] as status,
         'M' || (n * 17 % 2003)::text as merc_num,
         to_timestamp(${START / 1_000}) + make_interval(secs => (n::bigint * 48611 % ${DAYS * 86_400})::int) as at
       from generate_series(1, ${CASES}) as n
     ) made`,
  );
  await store.query(
    `insert into risk.case_contents (flow_no, raw, content)
     select flow_no, decode(repeat(md5(flow_no), 40), 'hex'), '{}' from risk.cases`,
  );
  await store.query(
    `insert into risk.day_counts (agent, day, status, cases) select agent, created_day, status, count(*) from risk.cases group by 1, 2, 3`,
  );
  await store.query(`analyze risk.cases, risk.case_contents, risk.day_counts`);
  const dataSource = createDataSource({
    url: store.url,
    schema: 'risk',
    applicationName: 'search',
    poolSize: 2,
  });
  await dataSource.initialize();
  const database = new Database(dataSource);
  cleanup.defer(async () => {
    await database.close();
  });
  search = new CaseSearchRepository(watch(database));
}, LOAD_MS);

/** A door to the store that notes what passes. */
function watch(database: Database): Database {
  const watched = Object.create(database) as Database;
  watched.query = async <R>(sql: string, parameters?: readonly unknown[]) => {
    sent.push({ sql, parameters: [...(parameters ?? [])] });
    return await database.query<R>(sql, parameters);
  };
  return watched;
}

const query = (fields: Partial<CaseQuery>): CaseQuery => ({
  agent: 'A',
  flowNos: [],
  mercNums: [],
  statuses: [],
  from: undefined,
  to: undefined,
  page: 1,
  pageSize: 20,
  ...fields,
});

const day = (number: number): number => START + number * 86_400_000;

/** The usual filters; with each how many cases match. */
const FILTERS: [string, Partial<CaseQuery>][] = [
  ['none', {}],
  ['a frequent status', { statuses: ['SHTG'] }],
  ['a rare status', { statuses: ['HT'] }],
  ['every open status', { statuses: ['DTJ', 'DSH', 'HT'] }],
  ['a year', { from: day(300), to: day(665) }],
  [
    'a year cut within days, and statuses',
    { from: day(300) + 40_000_000, to: day(665) + 50_000_000, statuses: ['DSH', 'HT'] },
  ],
  ['a day', { from: day(500), to: day(501) - 1 }],
  ['a merchant', { mercNums: ['M77'] }],
  ['merchants and a status', { mercNums: ['M1', 'M2', 'M3'], statuses: ['SHTG'] }],
  ['a time from which on there are few', { from: day(999) + 80_000_000 }],
];

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** Rows of cases and contents that a statement touched; none by reading a table through. */
async function touched(): Promise<number> {
  let rows = 0;
  for (const { sql, parameters } of sent.splice(0)) {
    const [explained] = await store.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `explain (analyze, format json) ${sql}`,
      parameters,
    );
    for (const node of nodesOf(explained!['QUERY PLAN'][0].Plan)) {
      if (node['Relation Name'] === undefined || node['Relation Name'] === 'day_counts') continue;
      expect(node['Node Type']).not.toMatch(/Seq Scan/);
      if (node['Node Type'] !== 'Bitmap Index Scan')
        rows += (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
    }
  }
  return rows;
}

describe.each(FILTERS)('a query by %s', (_name, filter) => {
  it('is planned by indexes, for the first page and for a deep one, and reads no more than it must', async () => {
    const { total } = await search.find(query(filter), ZONE);
    // A page, its rows, and the days at the ends of the range, counted once for the total and once for the page.
    expect(await touched()).toBeLessThan(10_000);
    for (const share of [0.5, 0.999]) {
      const page = Math.max(1, Math.floor((total * share) / 20));
      await search.find(query({ ...filter, page }), ZONE);
      expect(await touched()).toBeLessThan(12_000);
    }
  });
});

it('gives every case of a filter once, in order, whatever page it starts at', async () => {
  const random = seededRandom(9);
  const filter = { statuses: ['DTJ', 'HT'], from: day(100) + 1_000_000, to: day(900) + 2_000_000 };
  const keys = await store.query<{ flow_no: string }>(
    `select flow_no from risk.cases where agent = 'A' and status in ('DTJ', 'HT') and created_at between $1 and $2
     order by created_at desc, flow_no desc`,
    [new Date(filter.from), new Date(filter.to)],
  );
  for (let round = 0; round < 40; round += 1) {
    const page = 1 + Math.floor(random() * (keys.length / 100 + 1));
    const { rows, total } = await search.find(query({ ...filter, page, pageSize: 100 }), ZONE);
    expect(total).toBe(keys.length);
    expect(rows.map(({ flowNo }) => flowNo)).toEqual(
      keys.slice((page - 1) * 100, page * 100).map((row) => row.flow_no),
    );
  }
});
