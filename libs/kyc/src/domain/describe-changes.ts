import { INFO_FIELDS, mask } from '@kyc-relay/contracts';
import type { KycInfo, KycRecord } from './kyc-record';

/** One field of a record before and after; null where there was nothing. */
export interface HistoryChange {
  /**
   * `status`, `level`, `approved_level`, `pending_case`, `activated`, `banned`, `subscription.<biz_id>`, an info field of
   * the approved record such as `phone`, or one of the pending case such as `pending.phone`.
   */
  readonly field: string;
  readonly from: string | number | boolean | null;
  readonly to: string | number | boolean | null;
}

const NO_INFO: KycInfo = {};

/**
 * Says what differs between two states of a record, for the history. Info values are masked. The data that a new case
 * brings are not listed: they are no change of anything until they are approved.
 *
 * @param before the record until now
 * @param after the record from now on
 */
export function describeChanges(before: KycRecord, after: KycRecord): HistoryChange[] {
  const changes: HistoryChange[] = [];
  const add = (field: string, from: HistoryChange['from'], to: HistoryChange['to']): void => {
    if (from !== to) changes.push({ field, from, to });
  };
  add('status', before.told?.status ?? null, after.told?.status ?? null);
  add('level', before.told?.level ?? null, after.told?.level ?? null);
  add('approved_level', before.approved?.level ?? null, after.approved?.level ?? null);
  add('pending_case', before.pending?.caseId ?? null, after.pending?.caseId ?? null);
  add('activated', before.account.activated, after.account.activated);
  add('banned', before.account.banned, after.account.banned);
  addSubscriptions(before, after, add);
  addInfo('', before.approved?.info ?? NO_INFO, after.approved?.info ?? NO_INFO, changes);
  if (before.pending !== null && before.pending.caseId === after.pending?.caseId) {
    addInfo('pending.', before.pending.info, after.pending.info, changes);
  }
  return changes;
}

function addSubscriptions(
  before: KycRecord,
  after: KycRecord,
  add: (field: string, from: string | null, to: string | null) => void,
): void {
  if (before.subscriptions === after.subscriptions) return;
  for (const bizId of new Set([...before.subscriptions.keys(), ...after.subscriptions.keys()])) {
    const [from, to] = [before.subscriptions.get(bizId), after.subscriptions.get(bizId)];
    add(`subscription.${bizId}`, from?.join(',') ?? null, to?.join(',') ?? null);
  }
}

/** Compared in clear, since different values can look the same once they are masked. */
function addInfo(prefix: string, before: KycInfo, after: KycInfo, changes: HistoryChange[]): void {
  if (before === after) return;
  for (const field of INFO_FIELDS) {
    const [from, to] = [before[field], after[field]];
    if (from !== to) changes.push({ field: prefix + field, from: maskKnown(from), to: maskKnown(to) });
  }
}

function maskKnown(value: string | undefined): string | null {
  return value === undefined ? null : mask(value);
}
