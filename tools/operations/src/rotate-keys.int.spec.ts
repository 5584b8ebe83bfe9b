import { KeyRing, keyIdOf } from '@kyc-relay/crypto';
import { createDataSource, Database } from '@kyc-relay/persistence';
import { createTestDatabase, useCleanup, type TestDatabase } from '@kyc-relay/testing';
import { CONTEXTS } from './contexts';
import { resealColumn } from './reseal-column';
import type { SealedColumn } from './sealed-columns';

const cleanup = useCleanup();

const OLD = `old:${Buffer.alloc(32, 'o').toString('base64')}`;
const NEW = `new:${Buffer.alloc(32, 'n').toString('base64')}`;
/** As the services have it while keys are rotated. */
const BOTH = KeyRing.parse(`${NEW},${OLD}`);

/** Columns of bytes that hold nothing sealed. */
const NOT_SEALED = ['money_plus.tasks.body', 'review.reviews.content_hash', 'review.steps.content_hash'];

const COLUMN: SealedColumn = { table: 'vault.papers', column: 'secret', row: 'name', where: 'sealed' };

let store: TestDatabase;
let database: Database;

beforeAll(async () => {
  store = await createTestDatabase(cleanup, { migrations: CONTEXTS.flatMap(({ migrations }) => migrations) });
  database = new Database(
    createDataSource({ url: store.url, schema: 'vault', applicationName: 'rotate-keys', poolSize: 2 }),
  );
  await database.dataSource.initialize();
  cleanup.defer(async () => {
    await database.close();
  });
  await store.query('create schema vault');
  await store.query(
    'create table vault.papers (name text primary key, sealed boolean not null, secret bytea)',
  );
});

beforeEach(async () => {
  await store.query('truncate vault.papers');
});

function placeOf(name: string): { table: string; column: string; row: string } {
  return { table: 'vault.papers', column: 'secret', row: name };
}

async function fill(ring: KeyRing, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `paper ${index}`);
  await store.query(
    `insert into vault.papers select n, true, s from unnest($1::text[], $2::bytea[]) as p (n, s)`,
    [names, names.map((name) => ring.seal(`content of ${name}`, placeOf(name)))],
  );
}

/** How many values each key has sealed; every value must open. */
async function keysInUse(): Promise<Record<string, number>> {
  const rows = await store.query<{ name: string; secret: Buffer }>(
    'select name, secret from vault.papers where sealed and secret is not null',
  );
  const counts: Record<string, number> = {};
  for (const { name, secret } of rows) {
    expect(BOTH.open(secret, placeOf(name)).toString()).toBe(`content of ${name}`);
    const key = keyIdOf(secret);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

describe('the list of sealed columns', () => {
  it('has every column of bytes of every context', async () => {
    const rows = await store.query<{ name: string }>(
      `select table_schema || '.' || table_name || '.' || column_name as name from information_schema.columns
       where data_type = 'bytea' and table_schema = any($1)`,
      [CONTEXTS.map(({ schema }) => schema)],
    );
    const sealed = CONTEXTS.flatMap((context) =>
      context.sealed.map(({ table, column }) => `${table}.${column}`),
    );
    expect([...sealed, ...NOT_SEALED].sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  it('names columns that can be rotated', async () => {
    for (const column of CONTEXTS.flatMap((context) => context.sealed))
      expect(await resealColumn(database, BOTH, column)).toEqual({
        resealed: 0,
        left: 0,
        unopened: new Map(),
      });
  });
});

describe('a rotation', () => {
  it('seals every value anew, once, and leaves what is not sealed', async () => {
    await fill(KeyRing.parse(OLD), 3_000);
    await store.query(`insert into vault.papers values ('open', false, 'x'), ('empty', true, null)`);
    const told: [number, number][] = [];
    const report = (resealed: number, waiting: number): void => {
      told.push([resealed, waiting]);
    };
    expect(await resealColumn(database, BOTH, COLUMN, { report })).toMatchObject({
      resealed: 3_000,
      left: 0,
    });
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toEqual([3_000, 3_000]);
    expect(await keysInUse()).toEqual({ new: 3_000 });
    expect(await resealColumn(database, BOTH, COLUMN)).toMatchObject({ resealed: 0, left: 0 });
    expect(await store.query(`select secret::text from vault.papers where name = 'open'`)).toEqual([
      { secret: '\\x78' },
    ]);
  });

  it('that is broken off goes on where it was', async () => {
    await fill(KeyRing.parse(OLD), 3_000);
    const stop = new AbortController();
    const first = await resealColumn(database, BOTH, COLUMN, {
      signal: stop.signal,
      report: () => {
        stop.abort();
      },
    });
    expect(first.resealed).toBeGreaterThan(0);
    expect(first.left).toBe(3_000 - first.resealed);
    expect(await keysInUse()).toEqual({ new: first.resealed, old: first.left });
    expect(await resealColumn(database, BOTH, COLUMN)).toMatchObject({ resealed: first.left, left: 0 });
    expect(await keysInUse()).toEqual({ new: 3_000 });
  });

  it('beside services that write loses nothing of theirs', async () => {
    await fill(KeyRing.parse(OLD), 3_000);
    let isRunning = true;
    let writes = 0;
    const write = async (): Promise<void> => {
      while (isRunning) {
        const name = `paper ${(writes * 7) % 3_000}`;
        await store.query(`update vault.papers set secret = $2 where name = $1`, [
          name,
          BOTH.seal(`content of ${name}`, placeOf(name)),
        ]);
        writes += 1;
      }
    };
    const writing = write();
    const result = await resealColumn(database, BOTH, COLUMN);
    isRunning = false;
    await writing;
    expect(result.left).toBe(0);
    expect(writes).toBeGreaterThan(0);
    expect(await keysInUse()).toEqual({ new: 3_000 });
  });

  it('passes over a row that somebody holds, and takes it once it is free', async () => {
    await fill(KeyRing.parse(OLD), 10);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const holding = database.transaction(async (tx) => {
      await tx.query(`select from vault.papers where name = 'paper 3' for update`);
      await held;
    });
    const result = await resealColumn(database, BOTH, COLUMN, { report: release });
    await holding;
    expect(result).toMatchObject({ resealed: 10, left: 0 });
  });

  it('tells what does not open and goes on with the rest', async () => {
    await fill(KeyRing.parse(OLD), 10);
    const stranger = KeyRing.parse(`lost:${Buffer.alloc(32, 'l').toString('base64')}`);
    await store.query(`update vault.papers set secret = $1 where name = 'paper 4'`, [
      stranger.seal('x', placeOf('paper 4')),
    ]);
    await store.query(
      `update vault.papers set secret = (select secret from vault.papers where name = 'paper 6') where name = 'paper 5'`,
    );
    expect(await resealColumn(database, BOTH, COLUMN)).toEqual({
      resealed: 8,
      left: 2,
      unopened: new Map([
        ['seal.unknown-key', 1],
        ['seal.not-authentic', 1],
      ]),
    });
  });
});
