import { LockedKeys } from '@kyc-relay/outbox';
import type { Tx } from '@kyc-relay/persistence';

/** Clients whose rows a transaction has locked; the lock is also that of their Kafka keys. */
export interface LockedClients {
  locked: LockedKeys;
  /** Those whose payee was deleted. */
  erased: ReadonlySet<string>;
}

/** The clients that reviews are about, by `merchantClientId`. */
export class ClientRepository {
  /**
   * Locks the clients' rows, in sorted order, and makes those that are missing. Rows that are there are locked before any
   * is inserted, so that known clients cost one statement.
   */
  async lock(tx: Tx, merchantClientIds: Iterable<string>): Promise<LockedClients> {
    const ids = [...new Set(merchantClientIds)];
    const erased = new Map<string, boolean>();
    await lockExisting(tx, ids, erased);
    const missing = ids.filter((id) => !erased.has(id));
    if (missing.length > 0) {
      const inserted = await tx.query<{ id: string }>(INSERT, [missing]);
      for (const { id } of inserted) erased.set(id, false);
      // Another transaction was quicker with these.
      const late = missing.filter((id) => !erased.has(id));
      if (late.length > 0) await lockExisting(tx, late, erased);
    }
    return {
      locked: LockedKeys.heldBy(tx, ids),
      erased: new Set(ids.filter((id) => erased.get(id) === true)),
    };
  }

  /** Remembers that the clients' payees were deleted. Takes the same locks as {@link lock}. */
  async markErased(tx: Tx, merchantClientIds: Iterable<string>, at: Date): Promise<void> {
    await tx.execute(MARK_ERASED, [[...new Set(merchantClientIds)], at]);
  }
}

async function lockExisting(tx: Tx, ids: readonly string[], into: Map<string, boolean>): Promise<void> {
  const rows = await tx.query<{ id: string; erased: boolean }>(LOCK, [ids]);
  for (const { id, erased } of rows) into.set(id, erased);
}

const LOCK = `select merchant_client_id as id, erased_at is not null as erased from review.clients
  where merchant_client_id = any($1::text[]) order by merchant_client_id for update`;

const INSERT = `insert into review.clients (merchant_client_id)
  select id from unnest($1::text[]) as id order by id collate "C"
  on conflict do nothing returning merchant_client_id as id`;

const MARK_ERASED = `insert into review.clients as c (merchant_client_id, erased_at)
  select id, $2 from unnest($1::text[]) as id order by id collate "C"
  on conflict (merchant_client_id) do update set erased_at = excluded.erased_at where c.erased_at is null`;
