import type { RiskCaseChangeDto, RiskCaseSource } from '@kyc-relay/contracts';
import type { Tx } from '@kyc-relay/persistence';
import { formatInstant, type Instant } from '../domain/zone-time';

/** One observed change of a case. */
export interface HistoryEntry {
  flowNo: string;
  eventId: string;
  version: number;
  source: RiskCaseSource;
  observedAt: Instant;
  /** Masked. */
  changes: readonly RiskCaseChangeDto[];
}

/** One item of the operators' view (`GET /v1/risk-cases/{flowNo}/history`). */
export interface HistoryItem {
  event_id: string;
  version: number;
  source: RiskCaseSource;
  observed_at: string;
  changes: RiskCaseChangeDto[];
}

/** Appends entries. */
export async function appendHistory(tx: Tx, entries: readonly HistoryEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((entry) => ({
    flow_no: entry.flowNo,
    event_id: entry.eventId,
    version: entry.version,
    source: entry.source,
    observed_at: formatInstant(entry.observedAt),
    changes: entry.changes,
  }));
  await tx.execute(
    `insert into risk.case_history (flow_no, event_id, version, source, observed_at, changes)
     select * from json_to_recordset($1::json)
       as n (flow_no text, event_id uuid, version int, source text, observed_at timestamptz, changes jsonb)`,
    [JSON.stringify(rows)],
  );
}

/** A page of a case's history, oldest first, behind the version `after`; `next` is absent on the last page. */
export async function readHistory(
  tx: Tx,
  flowNo: string,
  page: { after: number; limit: number },
): Promise<{ items: HistoryItem[]; next?: number }> {
  const rows = await tx.query<Omit<HistoryItem, 'observed_at'> & { observed_at: Date }>(
    `select event_id, version, source, observed_at, changes from risk.case_history
     where flow_no = $1 and version > $2 order by version limit $3`,
    [flowNo, page.after, page.limit + 1],
  );
  const items = rows
    .slice(0, page.limit)
    .map((row) => ({ ...row, observed_at: row.observed_at.toISOString() }));
  const last = items.at(-1);
  return { items, ...(rows.length > page.limit && last ? { next: last.version } : {}) };
}
