import { randomUUID } from 'node:crypto';
import { Client, Pool } from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import type { Cleanup } from './cleanup';
import { testDatabaseUrl } from './environment';
import { eventually } from './eventually';

/** What a fresh database starts with; statements run after migrations. */
export interface DatabaseContents {
  migrations?: readonly (new () => MigrationInterface)[];
  statements?: readonly string[];
}

/** A database of one test file. */
export interface TestDatabase {
  /** `postgres://...` of this database. */
  readonly url: string;
  /** Runs a statement beside the code under test, over a connection of its own. */
  query<R = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<R[]>;
  /**
   * Ends connections as a crash of their server process would.
   * @param applicationName only those of this name, a pattern of `like`
   * @returns how many there were
   */
  terminate(applicationName?: string): Promise<number>;
  /**
   * Takes the database away from the code under test: its connections are ended and no new one is let in. Those behind `query`
   * stay: one that was just ended looks like any other until somebody uses it.
   */
  goAway(): Promise<void>;
  /** Lets connections in again. */
  comeBack(): Promise<void>;
}

/** The name of the connections behind `query`. */
const OBSERVER = 'test observer';

/**
 * Makes a database that is dropped at the end of the file. A connection to it that is open by then fails the file.
 */
export async function createTestDatabase(
  cleanup: Cleanup,
  contents: DatabaseContents = {},
): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = new Client({ connectionString: testDatabaseUrl(), application_name: 'test administration' });
  await admin.connect();
  cleanup.defer(async () => {
    await admin.end();
  });
  await admin.query(`create database ${name}`);
  cleanup.defer(async () => {
    await admin.query(`drop database if exists ${name} with (force)`);
  });
  cleanup.defer(async () => {
    await expectNoConnection(admin, name);
  });

  const url = Object.assign(new URL(testDatabaseUrl()), { pathname: `/${name}` }).href;
  const pool = new Pool({ connectionString: url, max: 2, application_name: OBSERVER });
  // An idle connection that breaks is replaced when it is needed.
  pool.on('error', () => undefined);
  cleanup.defer(async () => {
    await pool.end();
  });
  await fill(url, pool, contents);

  const terminate = async (applicationName = '%'): Promise<number> => {
    const ended = await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = $1 and application_name like $2 and application_name <> $3
         and backend_type = 'client backend'`,
      [name, applicationName, OBSERVER],
    );
    return ended.rowCount ?? 0;
  };
  return {
    url,
    terminate,
    query: async <R>(sql: string, parameters: unknown[] = []) =>
      (await pool.query(sql, parameters)).rows as R[],
    goAway: async () => {
      await admin.query(`alter database ${name} with allow_connections false`);
      await terminate();
    },
    comeBack: async () => {
      await admin.query(`alter database ${name} with allow_connections true`);
    },
  };
}

async function fill(
  url: string,
  pool: Pool,
  { migrations = [], statements = [] }: DatabaseContents,
): Promise<void> {
  if (migrations.length > 0) {
    const dataSource = new DataSource({
      type: 'postgres',
      url,
      migrations: [...migrations],
      // As they run in production: some build indexes, which no transaction may hold.
      migrationsTransactionMode: 'each',
      logging: false,
    });
    await dataSource.initialize();
    try {
      await dataSource.runMigrations();
    } finally {
      await dataSource.destroy();
    }
  }
  for (const statement of statements) await pool.query(statement);
}

/** The server notices the end of a connection a moment after the client. */
async function expectNoConnection(admin: Client, database: string): Promise<void> {
  await eventually(
    async () => {
      const open = await admin.query<{ application_name: string }>(
        `select application_name from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
        [database],
      );
      if (open.rows.length > 0)
        throw new Error(`left open: ${open.rows.map((row) => row.application_name).join(', ')}`);
      return true;
    },
    { timeoutMs: 3_000 },
  );
}
