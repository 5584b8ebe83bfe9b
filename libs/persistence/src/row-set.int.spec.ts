import { createTestDatabase, useCleanup } from '@kyc-relay/testing';
import { createDataSource } from './data-source';
import { Database } from './database';
import { packTexts, RowSet } from './row-set';

interface Row {
  name: string | null;
  n?: number | undefined;
  at: Date | null;
  is_on: boolean | null;
  body: Buffer | string | null;
  free: unknown;
  ids: string | null;
}

const ROWS = new RowSet<Row>({
  name: 'text',
  n: 'integer',
  at: 'timestamptz',
  is_on: 'boolean',
  body: 'bytea',
  free: 'jsonb',
  ids: 'uuid[]',
});

const FULL: Row = {
  name: 'Ł "quoted", {braced} \\ NULL 😀',
  n: -7,
  at: new Date('2026-02-03T04:05:06.789Z'),
  is_on: false,
  body: Buffer.from([0, 1, 255]),
  free: { a: ['null', null, 'ü'] },
  ids: '{018f0000-0000-7000-8000-000000000001,018f0000-0000-7000-8000-000000000002}',
};
const EMPTY: Row = { name: null, at: null, is_on: null, body: null, free: null, ids: null };

const cleanup = useCleanup();
let database: Database;

beforeAll(async () => {
  const store = await createTestDatabase(cleanup);
  database = new Database(
    createDataSource({ url: store.url, schema: 'public', applicationName: 'rows', poolSize: 1 }),
  );
  await database.dataSource.initialize();
  cleanup.defer(async () => {
    await database.close();
  });
});

async function read(rows: readonly Row[]): Promise<Record<string, unknown>[]> {
  return await database.query(
    `select name, n, at, is_on, body, free, ids::text as ids, ordinality::int as place from ${ROWS.from(2)} as r
     where $1 = 'all' order by ordinality`,
    ['all', ...ROWS.pack(rows)],
  );
}

test('rows come back as they were given, in their order', async () => {
  expect(await read([FULL, EMPTY, { ...EMPTY, name: '', body: 'ü', free: [] }])).toEqual([
    { ...FULL, place: 1 },
    { ...EMPTY, n: null, place: 2 },
    { ...EMPTY, n: null, name: '', body: Buffer.from('ü'), free: [], place: 3 },
  ]);
});

test('no rows are no rows', async () => {
  expect(await read([])).toEqual([]);
  expect(ROWS.pack([])).toHaveLength(ROWS.parameters);
});

test('half of a surrogate pair is replaced and moves nothing behind it', async () => {
  const [first, second] = await read([
    { ...EMPTY, name: 'a\ud83d' },
    { ...EMPTY, name: 'b' },
  ]);
  expect([first?.['name'], second?.['name']]).toEqual(['a\ufffd', 'b']);
});

test('what has no text is a mistake', () => {
  expect(() => ROWS.pack([{ ...EMPTY, name: {} as string }])).toThrow('no text');
});

test('texts are found in a packed list', async () => {
  const texts = ['a', '', 'NULL', '"', '{,}', '\\', 'ß😀'];
  const rows = await database.query('select t from unnest($1::text[]) as t', [packTexts(texts)]);
  expect(rows).toEqual(texts.map((t) => ({ t })));
  expect(await database.query('select 1 as found where $2 = any($1::text[])', [packTexts([]), 'a'])).toEqual(
    [],
  );
});
