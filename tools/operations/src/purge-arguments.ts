import { parseArgs } from 'node:util';
import { PURGE_BATCH } from '@kyc-relay/persistence';

/** What the operator asked for. */
export interface PurgeCommand {
  /** Only this schema. */
  context?: string | undefined;
  /** Only this table, without its schema. */
  table?: string | undefined;
  /** Count what is due and change nothing. */
  dryRun: boolean;
  /** Rows of one batch. */
  rows: number;
}

export const USAGE = `npm run purge -- [--context C] [--table T] [--dry-run] [--batch N]

Removes what is no longer to be kept, in batches of N rows (${PURGE_BATCH}), as the services do by themselves every ten minutes.
May be broken off and started again at any time, and runs beside the services.
DATABASE_URL says where; the services' *_RETENTION_DAYS say for how long.`;

const MOST_ROWS = 10_000;

/** Reads the command line; an Error says what is wrong with it. */
export function parsePurgeCommand(args: string[]): PurgeCommand {
  const { values } = parseArgs({
    args,
    options: {
      context: { type: 'string' },
      table: { type: 'string' },
      batch: { type: 'string', default: String(PURGE_BATCH) },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const rows = /^\d{1,6}$/.test(values.batch) ? Number(values.batch) : 0;
  if (rows < 1 || rows > MOST_ROWS) throw new Error(`--batch must be 1 to ${MOST_ROWS}\n\n${USAGE}`);
  return { context: values.context, table: values.table, dryRun: values['dry-run'], rows };
}
