import { createDataSource, Database, purgeBatch, type PurgeRule } from '@kyc-relay/persistence';
import { createTestDatabase, useCleanup, type TestDatabase } from '@kyc-relay/testing';
import { CONTEXTS } from './contexts';
import { selectRules } from './purge-rules';
import { runPurge } from './run-purge';
import { IN_USE, PAST } from './testbed/old-rows';

const cleanup = useCleanup();
let store: TestDatabase;
let database: Database;

const RULES = CONTEXTS.flatMap(({ purges }) => purges({}));
const HOUR_S = 3_600;

beforeAll(async () => {
  store = await createTestDatabase(cleanup, { migrations: CONTEXTS.flatMap(({ migrations }) => migrations) });
  database = new Database(
    createDataSource({ url: store.url, schema: 'kyc', applicationName: 'purge', poolSize: 4 }),
  );
  await database.dataSource.initialize();
  cleanup.defer(async () => {
    await database.close();
  });
});

beforeEach(async () => {
  await store.query(`truncate ${(await tables()).join(', ')}`);
});

async function tables(): Promise<string[]> {
  const rows = await store.query<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_schema = any($1) order by 1`,
    [CONTEXTS.map(({ schema }) => schema)],
  );
  return rows.map(({ name }) => name);
}

/** All rows of all tables, as text. */
async function everything(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const table of await tables())
    found[table] = (
      await store.query<{ row: string }>(`select t::text as row from ${table} t order by 1`)
    ).map(({ row }) => row);
  return found;
}

const nameOf = ({ table, what }: PurgeRule): string => `${table}: ${what}`;

/** Puts what a rule purges into its tables, so many seconds older than it is kept. */
async function plant(rule: PurgeRule, id: string, secondsPast: number): Promise<void> {
  for (const statement of PAST[nameOf(rule)] ?? [])
    await store.query(
      statement
        .replaceAll('{at}', `(now() - make_interval(days => ${rule.keepDays}, secs => ${secondsPast}))`)
        .replaceAll('{id}', id),
    );
}

async function purgeAll(options: { dryRun: boolean }): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const rule of RULES)
    counts[nameOf(rule)] = await runPurge(database, rule, { dryRun: options.dryRun, rows: 100 });
  return counts;
}

const each = (count: number): Record<string, number> =>
  Object.fromEntries(RULES.map((rule) => [nameOf(rule), count]));

test('every table is purged, or stands among those whose rows are in use', async () => {
  const purged = new Set(RULES.map(({ table }) => table));
  const also = ['risk.case_contents', 'risk.push_notes', 'risk.day_counts', 'review.steps'];
  const kept = Object.keys(IN_USE).filter((table) => !purged.has(table) && !also.includes(table));
  expect([...purged, ...also, ...kept].sort()).toEqual(await tables());
  expect(Object.keys(PAST).sort()).toEqual(RULES.map(nameOf).sort());
});

test('the settings of the services say how long, as the specification has it', () => {
  const days = Object.fromEntries(RULES.map((rule) => [nameOf(rule), rule.keepDays]));
  for (const { schema } of CONTEXTS) expect(days[`${schema}.audit_log: operators' actions`]).toBe(2_557);
  for (const schema of ['kyc', 'money_plus', 'payee', 'review'])
    expect(days[`${schema}.inbox: the ids of consumed events`]).toBe(14);
  expect(days).toMatchObject({
    'money_plus.tasks: bodies of ended callbacks': 30,
    'money_plus.attempts: first parts of responses': 90,
    'money_plus.tasks: ended callbacks with their attempts': 730,
    'review.reviews: reviews with their steps, after the last one': 730,
    'risk.cases: final and missing cases with their contents': 730,
    "kyc.user_history: entries of users' histories": 730,
    'kyc.subscription_requests: answered subscription requests': 1,
  });
  const [changed] = selectRules(
    { context: 'money_plus', table: 'attempts' },
    { RESPONSE_RETENTION_DAYS: '7' },
  );
  expect(changed?.rules.map(({ keepDays }) => keepDays)).toEqual([7]);
});

test.each(RULES.map((rule) => [nameOf(rule), rule] as const))(
  '%s: what is older goes, what is not stays',
  async (_, rule) => {
    await plant(rule, 'young', -HOUR_S);
    const young = await everything();
    expect(Object.values(young).flat()).not.toEqual([]);
    await plant(rule, 'old', 5);
    expect(await everything()).not.toEqual(young);
    expect(await runPurge(database, rule, { dryRun: true, rows: 10 })).toBe(1);
    expect(await runPurge(database, rule, { dryRun: false, rows: 10 })).toBe(1);
    const left = withoutEmptyCounts(await everything());
    if (rule.set === undefined) expect(left).toEqual(withoutEmptyCounts(young));
    else {
      expect(left[rule.table]).toHaveLength(2);
      expect(left[rule.table]).toEqual(expect.arrayContaining(young[rule.table] ?? []));
    }
    expect(await runPurge(database, rule, { dryRun: true, rows: 10 })).toBe(0);
  },
);

/** A count that has come to 0 says as little as none. */
function withoutEmptyCounts(all: Record<string, string[]>): Record<string, string[]> {
  return { ...all, 'risk.day_counts': (all['risk.day_counts'] ?? []).filter((row) => !row.endsWith(',0)')) };
}

test('a dry run counts all that is due and changes nothing', async () => {
  for (const rule of RULES) for (const id of ['a', 'b']) await plant(rule, id, 5);
  const before = await everything();
  const counts = await purgeAll({ dryRun: true });
  for (const count of Object.values(counts)) expect(count).toBeGreaterThanOrEqual(2);
  expect(await everything()).toEqual(before);
});

test('what is in use stays, however old', async () => {
  for (const statements of Object.values(IN_USE))
    for (const statement of statements) await store.query(statement);
  const before = await everything();
  for (const [table, rows] of Object.entries(before))
    expect([table, rows.length > 0]).toEqual([table, table in IN_USE]);
  expect(await purgeAll({ dryRun: false })).toEqual(each(0));
  expect(await everything()).toEqual(before);
});

test('a purge that is broken off has done what it says, and the next one does the rest', async () => {
  const rule = RULES.find(({ table }) => table === 'kyc.inbox')!;
  await store.query(
    `insert into kyc.inbox (consumer, source, id, received_at)
     select 'c', 's', n::text, now() - make_interval(days => case when n <= 100 then 15 else 13 end)
     from generate_series(1, 110) n`,
  );
  const stop = new AbortController();
  const report = (gone: number): void => {
    if (gone >= 30) stop.abort();
  };
  expect(await runPurge(database, rule, { dryRun: false, rows: 10, signal: stop.signal, report })).toBe(30);
  expect(await store.query('select from kyc.inbox')).toHaveLength(80);
  expect(await runPurge(database, rule, { dryRun: false, rows: 10 })).toBe(70);
  expect(await store.query('select from kyc.inbox')).toHaveLength(10);
});

test("the command and a service's own purge share the rows, and nobody's writes wait", async () => {
  const rule = RULES.find(({ table }) => table === 'kyc.inbox')!;
  await store.query(
    `insert into kyc.inbox (consumer, source, id, received_at)
     select 'c', 's', n::text, now() - interval '15 days' from generate_series(1, 2000) n`,
  );
  const service = async (): Promise<number> => {
    let gone = 0;
    for (let batch = 1; batch > 0; gone += batch) batch = await purgeBatch(database, rule, 50);
    return gone;
  };
  const consume = async (): Promise<number> => {
    for (let count = 0; count < 50; count += 1)
      await database.execute(`insert into kyc.inbox (consumer, source, id) values ('c', 'new', $1)`, [count]);
    return 0;
  };
  const counts = await Promise.all([
    runPurge(database, rule, { dryRun: false, rows: 50 }),
    service(),
    consume(),
  ]);
  expect(counts.reduce((sum, count) => sum + count)).toBe(2_000);
  expect(await store.query(`select from kyc.inbox where source = 'new'`)).toHaveLength(50);
});

test('a context or table that is not there, and a setting that is wrong, are told', () => {
  expect(() => selectRules({ context: 'kyk' }, {})).toThrow('only kyc, money_plus, payee, review, risk');
  expect(() => selectRules({ table: 'users' }, {})).toThrow('nothing is purged from a table users');
  expect(() => selectRules({}, { INBOX_RETENTION_DAYS: '7' })).toThrow('INBOX_RETENTION_DAYS must be');
});
