import type { OpenTx } from '@kyc-relay/persistence';

/**
 * Proof that a transaction holds the lock of the Kafka keys it is about to publish for.
 * `Outbox.enqueue` asks for it, so that enqueueing before locking (which lets a later commit take an earlier id, and so
 * reorders a key) does not compile.
 */
export class LockedKeys {
  private constructor(
    readonly tx: OpenTx,
    private readonly keys: ReadonlySet<string>,
  ) {}

  /** For a store that has just locked the rows of its own aggregates, whose ids are the Kafka keys. */
  static heldBy(tx: OpenTx, keys: Iterable<string>): LockedKeys {
    return new LockedKeys(tx, new Set(keys));
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }
}

/**
 * Locks the row of each key in the context's `outbox_keys`, in sorted order so that two transactions cannot deadlock.
 * Nothing waits for it here: whatever the transaction says later is done when the locks are held.
 */
export function lockKeys(tx: OpenTx, schema: string, keys: Iterable<string>): LockedKeys {
  const distinct = [...new Set(keys)];
  if (distinct.length > 0) {
    tx.write(
      `insert into ${schema}.outbox_keys (key)
       select key from unnest($1::text[]) as key order by key collate "C" on conflict do nothing`,
      [distinct],
    );
    tx.write(
      `select 1 from ${schema}.outbox_keys where key = any($1::text[]) order by key collate "C" for update`,
      [distinct],
    );
  }
  return LockedKeys.heldBy(tx, distinct);
}
