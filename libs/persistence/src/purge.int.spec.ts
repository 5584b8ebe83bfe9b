import { createTestDatabase, useCleanup, type TestDatabase } from '@kyc-relay/testing';
import { createDataSource } from './data-source';
import { Database } from './database';
import { countDue, purgeBatch, type PurgeRule } from './purge';

const cleanup = useCleanup();
let store: TestDatabase;
let database: Database;

beforeAll(async () => {
  store = await createTestDatabase(cleanup, {
    statements: [
      'create table notes (id int primary key, at timestamptz not null, text text)',
      'create table remarks (note_id int not null)',
    ],
  });
  database = new Database(
    createDataSource({ url: store.url, schema: 'public', applicationName: 'purge', poolSize: 4 }),
  );
  await database.dataSource.initialize();
  cleanup.defer(async () => {
    await database.close();
  });
});

beforeEach(async () => {
  await store.query('truncate notes, remarks');
});

const NOTES: PurgeRule = {
  table: 'public.notes',
  what: 'notes with their remarks',
  keepDays: 14,
  due: 'at < {old}',
  columns: 'id',
  also: ['delete from remarks r using gone where r.note_id = gone.id'],
};

/** Notes of so many seconds more than 14 days ago, each with a remark. */
async function notes(...secondsPast: number[]): Promise<void> {
  await store.query(
    `insert into notes select n, now() - interval '14 days' - make_interval(secs => past), 'text'
     from unnest($1::float8[]) with ordinality as t (past, n)`,
    [secondsPast],
  );
  await store.query('insert into remarks select id from notes');
}

async function left(table = 'notes'): Promise<number> {
  return (await store.query(`select from ${table}`)).length;
}

test('what is older goes with what hangs on it, and what is not stays', async () => {
  await notes(60, 1, -60);
  expect(await countDue(database, NOTES)).toBe(2);
  expect(await left()).toBe(3);
  expect(await purgeBatch(database, NOTES)).toBe(2);
  expect(await countDue(database, NOTES)).toBe(0);
  expect([await left(), await left('remarks')]).toEqual([1, 1]);
});

test('a batch has no more rows than it may', async () => {
  await notes(...Array<number>(25).fill(1));
  const batches: number[] = [];
  do batches.push(await purgeBatch(database, NOTES, 10));
  while (batches.at(-1) === 10);
  expect(batches).toEqual([10, 10, 5]);
});

test('a row that stays loses only what is set', async () => {
  await notes(1, -60);
  const texts: PurgeRule = {
    table: 'public.notes',
    what: 'texts',
    keepDays: 14,
    due: 'text is not null and at < {old}',
    set: 'text = null',
  };
  expect(await purgeBatch(database, texts)).toBe(1);
  expect(await purgeBatch(database, texts)).toBe(0);
  expect(await store.query('select id, text from notes order by id')).toEqual([
    { id: 1, text: null },
    { id: 2, text: 'text' },
  ]);
});

test('a row that somebody holds is not waited for; one that became young while it was held stays', async () => {
  await notes(1, 1);
  await database.transaction(async (tx) => {
    await tx.execute('update notes set at = now() where id = 1');
    expect(await purgeBatch(database, NOTES)).toBe(1);
  });
  expect(await purgeBatch(database, NOTES)).toBe(0);
  expect(await store.query('select id from notes')).toEqual([{ id: 1 }]);
});

test('two purges at once share the rows', async () => {
  await notes(...Array<number>(400).fill(1));
  const purge = async (): Promise<number> => {
    let gone = 0;
    for (let batch = 1; batch > 0; gone += batch) batch = await purgeBatch(database, NOTES, 10);
    return gone;
  };
  const counts = await Promise.all([purge(), purge(), purge()]);
  expect(counts.reduce((sum, count) => sum + count)).toBe(400);
  expect([await left(), await left('remarks')]).toEqual([0, 0]);
});

test('a batch that fails on its way leaves everything as it was', async () => {
  await notes(1);
  const broken: PurgeRule = { ...NOTES, also: ['delete from remarks where note_id / 0 = 1'] };
  await expect(purgeBatch(database, broken)).rejects.toThrow('division by zero');
  expect([await left(), await left('remarks')]).toEqual([1, 1]);
});
