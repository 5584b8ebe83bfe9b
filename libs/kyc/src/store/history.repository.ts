import { RowSet, type OpenTx, type PreparedStatement, type Tx } from '@kyc-relay/persistence';
import type { HistoryEntry } from '../domain';

/** A history entry with the user it is about and the callbacks it caused. */
export interface HistoryRow {
  shopeeUid: string;
  entry: HistoryEntry;
  /** Event ids of the changes that businesses are called back for. */
  callbacks: string[];
}

/** One item of the operators' view (`GET /v1/users/{shopee_uid}/history`). */
export interface HistoryItem {
  at: string;
  ce_id: string | null;
  type: string;
  decision: string;
  reason?: string;
  by?: string;
  changes: unknown[];
  callbacks: string[];
}

/** Appends rows in the given order. Their values are masked already. */
export function appendHistory(tx: OpenTx, rows: readonly HistoryRow[]): void {
  if (rows.length === 0) return;
  const packed = ROWS.pack(
    rows.map(({ shopeeUid, entry, callbacks }) => ({
      shopee_uid: shopeeUid,
      at: entry.at,
      ce_id: entry.ceId,
      type: entry.type,
      decision: entry.decision,
      reason: entry.reason,
      by: entry.by,
      changes: entry.changes,
      callbacks: `{${callbacks.join(',')}}`,
    })),
  );
  tx.write(APPEND, packed);
}

const ROWS = new RowSet<{
  shopee_uid: string;
  at: Date;
  ce_id: string | null;
  type: string;
  decision: string;
  reason: string | undefined;
  by: string | undefined;
  changes: unknown;
  /** An array of Postgres in its text form; a UUID needs no quotes in it. */
  callbacks: string;
}>({
  shopee_uid: 'text',
  at: 'timestamptz',
  ce_id: 'text',
  type: 'text',
  decision: 'text',
  reason: 'text',
  by: 'text',
  changes: 'json',
  callbacks: 'uuid[]',
});

const APPEND: PreparedStatement = {
  name: 'kyc append history',
  text: `insert into kyc.user_history (${ROWS.names}) select ${ROWS.names}
    from ${ROWS.from()} as h order by ordinality`,
};

interface StoredRow {
  id: string;
  at: Date;
  ce_id: string | null;
  type: string;
  decision: string;
  reason: string | null;
  by: string | null;
  changes: unknown[];
  callbacks: string[];
}

/** A page of a user's history, oldest first, after the row with the id `after`; `next` is absent on the last page. */
export async function readHistory(
  tx: Tx,
  shopeeUid: string,
  page: { after: string; limit: number },
): Promise<{ items: HistoryItem[]; next?: string }> {
  const rows = await tx.query<StoredRow>(
    `select id, at, ce_id, type, decision, reason, by, changes, callbacks::text[] as callbacks from kyc.user_history
     where shopee_uid = $1 and id > $2::bigint order by id limit $3`,
    [shopeeUid, page.after, page.limit + 1],
  );
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    ...(rows.length > page.limit && last ? { next: last.id } : {}),
  };
}

function toItem(row: StoredRow): HistoryItem {
  return {
    at: row.at.toISOString(),
    ce_id: row.ce_id,
    type: row.type,
    decision: row.decision,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.by === null ? {} : { by: row.by }),
    changes: row.changes,
    callbacks: row.callbacks,
  };
}
