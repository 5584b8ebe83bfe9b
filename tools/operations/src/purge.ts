import type { Database, PurgeRule } from '@kyc-relay/persistence';
import { environment, run, say } from './environment';
import { endOfCommand, openDatabase } from './open-database';
import { parsePurgeCommand, type PurgeCommand } from './purge-arguments';
import { selectRules } from './purge-rules';
import { runPurge } from './run-purge';

const SAY_EVERY_MS = 1_000;

/** `npm run purge -- [--context C] [--table T] [--dry-run] [--batch N]`: removes what is no longer to be kept. */
async function main(): Promise<void> {
  const command = parsePurgeCommand(process.argv.slice(2));
  const selected = selectRules(command, environment());
  const signal = endOfCommand();
  for (const { context, rules } of selected) {
    const database = await openDatabase(context.schema, 'purge');
    try {
      for (const rule of rules) await purge(database, rule, command, signal);
    } finally {
      await database.close();
    }
  }
  if (signal.aborted) throw new Error('broken off; what is left goes the next time');
}

async function purge(
  database: Database,
  rule: PurgeRule,
  { dryRun, rows }: PurgeCommand,
  signal: AbortSignal,
): Promise<void> {
  const name = `${rule.table}: ${rule.what} (${rule.keepDays} days)`;
  let saidAt = Date.now();
  const report = (gone: number): void => {
    if (Date.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = Date.now();
    say(`${name}: ${gone} so far`);
  };
  if (signal.aborted) return;
  const gone = await runPurge(database, rule, { dryRun, rows, signal, report });
  say(`${name}: ${gone} ${dryRun ? 'due' : 'gone'}`);
}

run(main);
