import { createDataSource } from '@kyc-relay/persistence';
import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Context } from './contexts';

/** Names of a context's migrations that have not run, in order. Changes nothing, not even on an empty database. */
export async function listMissing(url: string, context: Context): Promise<string[]> {
  return await withDataSource(url, context, async (dataSource) => {
    const table = `${context.schema}.migrations`;
    const [found] = await dataSource.query<{ exists: boolean }[]>(
      `select to_regclass($1) is not null as exists`,
      [table],
    );
    const done =
      found?.exists === true ? await dataSource.query<{ name: string }[]>(`select name from ${table}`) : [];
    const names = new Set(done.map(({ name }) => name));
    return context.migrations.map(({ name }) => name).filter((name) => !names.has(name));
  });
}

/** Runs a context's missing migrations and gives their names. Of two runs at once the second waits and finds nothing. */
export async function runMissing(url: string, context: Context): Promise<string[]> {
  return await withDataSource(url, context, async (dataSource) => {
    const lock = dataSource.createQueryRunner();
    try {
      await awaitTurn(lock, `migrate ${context.schema}`);
      // The table of migrations lives in the context's schema, which must be there before it.
      await dataSource.query(`create schema if not exists ${context.schema}`);
      return (await dataSource.runMigrations()).map(({ name }) => name);
    } finally {
      await lock.query(`select pg_advisory_unlock_all()`);
      await lock.release();
    }
  });
}

const LOOK_EVERY_MS = 200;

/** Asks again and again: a statement that waits for the lock would itself be waited for by an index that is being built. */
async function awaitTurn(lock: QueryRunner, name: string): Promise<void> {
  for (;;) {
    const [row] = (await lock.query(`select pg_try_advisory_lock(hashtextextended($1, 0)) as mine`, [
      name,
    ])) as { mine: boolean }[];
    if (row?.mine === true) return;
    await delay(LOOK_EVERY_MS);
  }
}

async function withDataSource<T>(
  url: string,
  context: Context,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const dataSource = createDataSource({
    url,
    schema: context.schema,
    applicationName: 'migrate',
    poolSize: 2,
    migrations: context.migrations,
    // An index on a large table takes as long as it takes.
    statementTimeoutMs: 0,
  });
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
