import { Client, type ClientConfig } from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { openWatchedSocket } from './watched-socket';

/** Where a service's tables are and how it connects to them. */
export interface DataSourceSettings {
  /** `postgres://user:password@host:port/database`. */
  url: string;
  /** The Postgres schema of the bounded context, for instance `money_plus`. */
  schema: string;
  /** Shown in `pg_stat_activity`, so that an SRE sees who holds a lock. */
  applicationName: string;
  /** Most connections this process opens for statements; those for locks and notifications come on top. */
  poolSize: number;
  migrations?: (new () => MigrationInterface)[];
  /** For a context whose statements all go by keys: they do so whatever the statistics say (ADR 9). */
  plansByKeys?: boolean;
  /** Milliseconds after which Postgres ends a statement; 0 for never. */
  statementTimeoutMs?: number;
}

/** Postgres ends a statement that runs longer; a stuck lock must not hold a partition for ever. */
const STATEMENT_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection that is silent for longer than any statement may take, by this, has lost its server. */
const SILENCE_SPARE_MS = 5_000;
/** Shorter than that silence, so that idle connections are closed in order. A session that is kept out of the pool asks more often. */
const IDLE_MS = 30_000;

/**
 * A connection whose end never goes unheard. Pool and TypeORM listen for errors one after the other; an error that comes
 * between the two (a server that shuts down just as it has let us in) would end the process.
 */
class HeardClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** A TypeORM data source that is not connected yet (call `initialize`, or let {@link connect} do it). */
export function createDataSource(settings: DataSourceSettings): DataSource {
  const statementTimeoutMs = settings.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  return new DataSource({
    type: 'postgres',
    url: settings.url,
    schema: settings.schema,
    applicationName: settings.applicationName,
    poolSize: settings.poolSize,
    migrations: settings.migrations ?? [],
    // One table of migrations per context, in its own schema, so that contexts can move to databases of their own.
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    logging: false,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    // An idle connection that the server ends is replaced by the pool; without a listener it would end the process.
    poolErrorHandler: () => undefined,
    extra: {
      statement_timeout: statementTimeoutMs,
      // Without a limit a statement may be silent for ever.
      ...(statementTimeoutMs > 0
        ? { stream: () => openWatchedSocket(statementTimeoutMs + SILENCE_SPARE_MS) }
        : {}),
      ...(settings.plansByKeys === true
        ? { options: '-c enable_seqscan=off -c plan_cache_mode=force_generic_plan' }
        : {}),
      // Statements of a transaction need not wait for each other's answers.
      pipeline: true,
      keepAlive: true,
      idleTimeoutMillis: Math.min(IDLE_MS, statementTimeoutMs || IDLE_MS),
      Client: HeardClient,
    },
  });
}

/**
 * Connects, trying again while Postgres is away, so that a service that starts before its store comes up with it.
 * @throws the driver's error when it is not about reachability (wrong password, missing database).
 */
export async function connect(
  dataSource: DataSource,
  options: { isAway: (error: unknown) => boolean; onWait: (error: unknown) => void; retryMs?: number },
): Promise<DataSource> {
  for (;;) {
    try {
      return await dataSource.initialize();
    } catch (error) {
      if (!options.isAway(error)) throw error;
      options.onWait(error);
      await new Promise((resolve) => setTimeout(resolve, options.retryMs ?? 500));
    }
  }
}
