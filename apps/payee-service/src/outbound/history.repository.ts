import { RowSet, type Tx } from '@kyc-relay/persistence';
import type { FieldChange, HistoryEntry, ReviewStep } from '../domain/history-entry';

/** A history entry with the payee it is about. */
export interface HistoryRow {
  readonly customerNo: string;
  readonly entry: HistoryEntry;
}

/** One item of `GET /v1/payees/{customerNo}/history`. */
export interface HistoryItem {
  /** RFC 3339 UTC. */
  at: string;
  type: string;
  version: number;
  payeeStatus: string;
  /** `PARTNER`, `OPERATOR` or `REVIEW`. */
  source: string;
  /** The store, the operator's name or the institution. */
  by: string;
  /** An operator's reason, or the code of why a review result was kept without effect. */
  reason?: string;
  review?: ReviewStep;
  /** Personal values masked; of a deleted payee the names of the fields alone. */
  changes: (Pick<FieldChange, 'field'> & Partial<FieldChange>)[];
}

const ROWS = new RowSet<{ customer_no: string } & HistoryEntry>({
  customer_no: 'text',
  at: 'timestamptz',
  type: 'text',
  version: 'integer',
  status: 'text',
  source: 'text',
  by: 'text',
  reason: 'text',
  review: 'jsonb',
  changes: 'jsonb',
});

const APPEND = `insert into payee.payee_history (${ROWS.names})
  select ${ROWS.names} from ${ROWS.from()} as h order by ordinality`;

/** Appends entries in the given order. Their values are masked already. */
export async function appendHistory(tx: Tx, rows: readonly HistoryRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(
    APPEND,
    ROWS.pack(rows.map(({ customerNo, entry }) => ({ customer_no: customerNo, ...entry }))),
  );
}

interface StoredRow {
  id: string;
  at: Date;
  type: string;
  version: number;
  status: string;
  source: string;
  by: string;
  reason: string | null;
  review: ReviewStep | null;
  changes: HistoryItem['changes'];
}

/** A page of a payee's history, oldest first, after the row with the id `after`; `next` is absent on the last page. */
export async function readHistory(
  tx: Tx,
  customerNo: string,
  page: { after: string; limit: number },
): Promise<{ items: HistoryItem[]; next?: string }> {
  const rows = await tx.query<StoredRow>(
    `select id, at, type, version, status, source, by, reason, review, changes from payee.payee_history
     where customer_no = $1 and id > $2::bigint order by id limit $3`,
    [customerNo, page.after, page.limit + 1],
  );
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    ...(rows.length > page.limit && last ? { next: last.id } : {}),
  };
}

function toItem({ at, type, version, status, source, by, reason, review, changes }: StoredRow): HistoryItem {
  return {
    at: at.toISOString(),
    type,
    version,
    payeeStatus: status,
    source,
    by,
    ...(reason === null ? {} : { reason }),
    ...(review === null ? {} : { review }),
    changes,
  };
}
