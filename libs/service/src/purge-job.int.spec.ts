import { createDataSource, Database, type PurgeRule } from '@kyc-relay/persistence';
import {
  collectingLogger,
  createTestDatabase,
  eventually,
  useCleanup,
  type TestDatabase,
} from '@kyc-relay/testing';
import { purgeJob } from './purge-job';

const cleanup = useCleanup();
let store: TestDatabase;
let database: Database;

beforeAll(async () => {
  store = await createTestDatabase(cleanup, {
    statements: ['create table notes (id int primary key, at timestamptz not null)'],
  });
  database = new Database(
    createDataSource({ url: store.url, schema: 'public', applicationName: 'purge', poolSize: 2 }),
  );
  await database.dataSource.initialize();
  cleanup.defer(async () => {
    await database.close();
  });
});

const NOTES: PurgeRule = { table: 'public.notes', what: 'notes', keepDays: 14, due: 'at < {old}' };

test('a purge goes on while there is more, though one of its rules fails, and says so', async () => {
  await store.query(
    `insert into notes select n, now() - make_interval(days => case when n <= 2500 then 15 else 13 end)
     from generate_series(1, 2510) n`,
  );
  const log = collectingLogger();
  const broken = { ...NOTES, table: 'public.nowhere' };
  const job = purgeJob({ database, logger: log.logger }, [broken, NOTES]);
  await job.start();
  await eventually(async () => (await store.query('select from notes')).length === 1510);
  await job.stop();
  expect(log.lines).toMatchObject([{ level: 'error', job: 'purge', msg: 'job failed' }]);

  const whole = purgeJob({ database, logger: log.logger }, [NOTES]);
  await whole.start();
  await eventually(async () => (await store.query('select from notes')).length === 10);
  await whole.stop();
  expect(log.lines).toHaveLength(1);
});
