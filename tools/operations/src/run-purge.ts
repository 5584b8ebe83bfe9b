import { countDue, purgeBatch, type PurgeRule, type Tx } from '@kyc-relay/persistence';

/** How a rule is run, and who is told. */
export interface PurgeRun {
  /** Count what is due and change nothing. */
  dryRun: boolean;
  /** Rows of one batch. */
  rows: number;
  /** Ends it between two batches. */
  signal?: AbortSignal;
  /** Told after every batch how many rows have gone so far. */
  report?: (gone: number) => void;
}

/**
 * Purges all that is due by a rule, batch by batch, each in a transaction of its own; what it has done when it ends early
 * stays done. Rows that somebody else purges meanwhile are theirs.
 *
 * @returns how many rows have gone, or in a dry run would go
 */
export async function runPurge(
  tx: Tx,
  rule: PurgeRule,
  { dryRun, rows, signal, report }: PurgeRun,
): Promise<number> {
  if (dryRun) return await countDue(tx, rule);
  let gone = 0;
  while (signal?.aborted !== true) {
    const batch = await purgeBatch(tx, rule, rows);
    gone += batch;
    if (batch < rows) break;
    report?.(gone);
  }
  return gone;
}
