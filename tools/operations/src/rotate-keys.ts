import { KeyRing } from '@kyc-relay/crypto';
import type { Database } from '@kyc-relay/persistence';
import { CONTEXTS } from './contexts';
import { requireVariable, run, say } from './environment';
import { endOfCommand, openDatabase } from './open-database';
import { resealColumn, type ResealResult } from './reseal-column';
import type { SealedColumn } from './sealed-columns';

const SAY_EVERY_MS = 1_000;

/**
 * `npm run rotate-keys`: seals every value of all contexts with the first key of DATA_KEYS. May be broken off and started
 * again at any time. Ends with 1 while values are left that another key sealed: then that key must stay configured.
 */
async function main(): Promise<void> {
  const keyRing = KeyRing.parse(requireVariable('DATA_KEYS'));
  const signal = endOfCommand();
  let left = 0;
  for (const { schema, sealed } of CONTEXTS) {
    const database = await openDatabase(schema, 'rotate-keys');
    try {
      for (const column of sealed) left += await rotate(database, keyRing, column, signal);
    } finally {
      await database.close();
    }
  }
  if (left > 0)
    throw new Error(`${left} values are still sealed with another key than ${keyRing.sealingKeyId}`);
  say(`all values are sealed with the key ${keyRing.sealingKeyId}`);
}

async function rotate(
  database: Database,
  keyRing: KeyRing,
  column: SealedColumn,
  signal: AbortSignal,
): Promise<number> {
  const name = `${column.table}.${column.column}`;
  let saidAt = Date.now();
  const result = await resealColumn(database, keyRing, column, {
    signal,
    report: (resealed, waiting) => {
      if (Date.now() - saidAt < SAY_EVERY_MS) return;
      saidAt = Date.now();
      say(`${name}: ${resealed} of ${waiting}`);
    },
  });
  say(`${name}: ${tell(result)}`);
  return result.left;
}

function tell({ resealed, left, unopened }: ResealResult): string {
  if (left === 0) return resealed === 0 ? 'up to date' : `${resealed} sealed anew`;
  const why = [...unopened].map(([code, count]) => `, ${count} ${code}`).join('');
  return `${resealed} sealed anew, ${left} left${why}`;
}

run(main);
