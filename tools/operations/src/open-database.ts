import { createDataSource, Database } from '@kyc-relay/persistence';
import { requireVariable } from './environment';

/** Opens a context's database for a command that may take its time; to be closed. */
export async function openDatabase(schema: string, command: string): Promise<Database> {
  const dataSource = createDataSource({
    url: requireVariable('DATABASE_URL'),
    schema,
    applicationName: command,
    poolSize: 1,
    // Counting takes as long as the table is large.
    statementTimeoutMs: 0,
  });
  await dataSource.initialize();
  return new Database(dataSource);
}

/** Aborts when the command is told to end, so that it ends between two batches. */
export function endOfCommand(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  return stop.signal;
}
