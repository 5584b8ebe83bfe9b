import { createTestDatabase, eventually, openWire, useCleanup, type TestDatabase } from '@kyc-relay/testing';
import { createDataSource } from './data-source';
import { Database } from './database';
import { isStoreAway } from './store-away';

const cleanup = useCleanup();
let store: TestDatabase;

beforeAll(async () => {
  store = await createTestDatabase(cleanup, {
    statements: ['create table notes (id int primary key, text text not null)'],
  });
});

async function open(url: string): Promise<Database> {
  const database = new Database(
    createDataSource({
      url,
      schema: 'public',
      applicationName: 'code under test',
      poolSize: 1,
      statementTimeoutMs: 1_000,
    }),
  );
  cleanup.defer(async () => {
    await database.close();
  });
  await database.dataSource.initialize();
  return database;
}

test('a store that falls silent in a transaction is known as away, nothing of it stays, and the next call works', async () => {
  const wire = await openWire(cleanup, store.url);
  const database = await open(wire.url);
  const failure = await database
    .transaction(async (tx) => {
      await tx.execute(`insert into notes values (1, 'a')`);
      wire.cut();
      await tx.execute(`insert into notes values (2, 'b')`);
    })
    .catch((error: unknown) => error);
  expect(isStoreAway(failure)).toBe(true);
  wire.mend();
  expect(await eventually(async () => await database.query('select from notes'))).toEqual([]);
});
