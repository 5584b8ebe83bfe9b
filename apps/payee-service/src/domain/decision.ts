import type { PayeeChange, PayeeChangedDto, PayeeField } from '@kyc-relay/contracts';
import type { HistoryEntry, HistorySource, ReviewStep } from './history-entry';
import type { Payee } from './payee';

/** A change of a payee: what it is now, and what is told of it. */
export interface AppliedChange {
  readonly kind: 'APPLIED';
  readonly change: PayeeChange;
  /** The payee from now on; of a deleted one its last state, with the version of the delete. */
  readonly payee: Payee;
  readonly entry: HistoryEntry;
}

/** Who causes a change, when and why. */
export interface Cause {
  readonly source: HistorySource;
  /** The store, the operator's name or the institution. */
  readonly by: string;
  readonly at: Date;
  readonly reason?: string;
  readonly review?: ReviewStep;
}

/** Builds a change with its history entry. */
export function applied(
  change: PayeeChange,
  payee: Payee,
  cause: Cause,
  changes: HistoryEntry['changes'] = [],
): AppliedChange {
  return { kind: 'APPLIED', change, payee, entry: entryOf(change, payee, cause, changes) };
}

/** Builds a history entry about a payee as it is after it. */
export function entryOf(
  type: HistoryEntry['type'],
  payee: Payee,
  cause: Cause,
  changes: HistoryEntry['changes'] = [],
): HistoryEntry {
  return {
    at: cause.at,
    type,
    version: payee.version,
    status: payee.status,
    source: cause.source,
    by: cause.by,
    reason: cause.reason ?? null,
    review: cause.review ?? null,
    changes,
  };
}

/** The value of `payee.changed.v1`: names of fields, never what stands in them. */
export function publishedValue({ change, payee, entry }: AppliedChange, eventId: string): PayeeChangedDto {
  return {
    event_id: eventId,
    customerNo: payee.customerNo,
    merchantNo: payee.merchantNo,
    storeNo: payee.storeNo,
    version: payee.version,
    change,
    payeeStatus: payee.status,
    changedFields: entry.changes.map(({ field }): PayeeField => field),
    changedTime: entry.at.toISOString(),
  };
}
