import { createDataSource, Database } from '@kyc-relay/persistence';
import { createTestDatabase, useCleanup, type TestDatabase } from '@kyc-relay/testing';
import { audit, auditTable, type AuditEntry } from './audit';

const cleanup = useCleanup();
let store: TestDatabase;
let database: Database;

beforeAll(async () => {
  store = await createTestDatabase(cleanup, { statements: ['create schema ctx', auditTable('ctx')] });
  database = new Database(
    createDataSource({ url: store.url, schema: 'ctx', applicationName: 'audit', poolSize: 2 }),
  );
  await database.dataSource.initialize();
  cleanup.defer(async () => {
    await database.close();
  });
});

beforeEach(async () => {
  await store.query('truncate ctx.audit_log');
});

const ENTRY: AuditEntry = {
  actor: 'ops',
  action: 'callback-task.redrive',
  target: 'task-1',
  reason: 'Money+ was down; all of 13:00–14:00',
  details: { filter: { biz_id: 'MONEY_PLUS' }, matched: 3 },
  at: new Date('2026-01-02T03:04:05.678Z'),
};

async function log(): Promise<object[]> {
  return await store.query(
    'select actor, action, target, reason, details, at from ctx.audit_log order by id',
  );
}

test('an action is kept as it was done', async () => {
  await database.transaction(async (tx) => {
    await audit(tx, 'ctx', ENTRY);
  });
  expect(await log()).toEqual([ENTRY]);
});

test('an action without details has none', async () => {
  const { details: _, ...entry } = ENTRY;
  await database.transaction(async (tx) => {
    await audit(tx, 'ctx', entry);
  });
  expect(await log()).toEqual([{ ...entry, details: null }]);
});

test('an action that is rolled back was never done', async () => {
  const failure = database.transaction(async (tx) => {
    await audit(tx, 'ctx', ENTRY);
    throw new Error('the action failed');
  });
  await expect(failure).rejects.toThrow('the action failed');
  expect(await log()).toEqual([]);
});

test.each<[string, Partial<Record<keyof AuditEntry, unknown>>]>([
  ['a blank reason', { reason: ' \t\n' }],
  ['an empty reason', { reason: '' }],
  ['no reason', { reason: null }],
  ['no actor', { actor: null }],
  ['no action', { action: null }],
])('%s is refused by the table itself, and the action with it', async (_, change) => {
  const failure = database.transaction(async (tx) => {
    await tx.execute('create table if not exists ctx.done (n int)');
    await audit(tx, 'ctx', { ...ENTRY, ...change } as AuditEntry);
  });
  await expect(failure).rejects.toThrow();
  expect(await log()).toEqual([]);
  expect(await store.query(`select from pg_tables where tablename = 'done'`)).toEqual([]);
});

test.each(['', 'Ctx', 'a.b', 'a"b', 'x; drop schema ctx cascade', '1a'])(
  'a schema named %p is a mistake, not a statement',
  async (schema) => {
    await expect(audit(database, schema, ENTRY)).rejects.toThrow('the name of a schema');
    expect(() => auditTable(schema)).toThrow('the name of a schema');
  },
);
