import { createDataSource } from '@kyc-relay/persistence';
import { CONTEXTS } from './contexts';
import { requireVariable, run, say } from './environment';

/** `npm run migrate -- plan|up`: shows or runs the migrations that are missing, one context after the other. */
async function main(): Promise<void> {
  const verb = process.argv[2] ?? 'plan';
  if (verb !== 'plan' && verb !== 'up') throw new Error('usage: npm run migrate -- plan|up');
  for (const context of CONTEXTS) {
    const dataSource = createDataSource({
      url: requireVariable('DATABASE_URL'),
      schema: context.schema,
      applicationName: 'migrate',
      poolSize: 2,
      migrations: context.migrations,
    });
    await dataSource.initialize();
    try {
      // The table of migrations lives in the context's schema, which must be there before it.
      await dataSource.query(`create schema if not exists ${context.schema}`);
      // Two jobs at once: the second waits, and then finds nothing to do.
      const lock = dataSource.createQueryRunner();
      await lock.query(`select pg_advisory_lock(hashtextextended($1, 0))`, [`migrate ${context.schema}`]);
      try {
        if (verb === 'plan') {
          const isPending = await dataSource.showMigrations();
          say(`${context.schema}: ${isPending ? 'migrations are missing' : 'up to date'}`);
        } else {
          const done = await dataSource.runMigrations();
          say(
            `${context.schema}: ${done.length === 0 ? 'up to date' : done.map(({ name }) => name).join(', ')}`,
          );
        }
      } finally {
        await lock.query(`select pg_advisory_unlock_all()`);
        await lock.release();
      }
    } finally {
      await dataSource.destroy();
    }
  }
}

run(main);
