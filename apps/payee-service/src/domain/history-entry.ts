import { mask, PAYEE_FIELD_CLASSES, type PayeeField, type PayeeStatus } from '@kyc-relay/contracts';
import type { PayeeProfile } from './profile';

/** What a history entry tells: a change, or a review result that changed nothing. */
export type HistoryType = 'REGISTERED' | 'UPDATED' | 'STATUS_CHANGED' | 'DELETED' | 'REVIEW_KEPT';

/** Who caused an entry: the partner's API, an operator, or a review. */
export type HistorySource = 'PARTNER' | 'OPERATOR' | 'REVIEW';

/** A field before and after; personal values masked, null where there was none. */
export interface FieldChange {
  readonly field: PayeeField;
  readonly from: string | null;
  readonly to: string | null;
}

/** The review step that an entry is about. Its comment stays with the reviews: it may say anything of anybody. */
export interface ReviewStep {
  readonly institutionId: string;
  readonly bizType: string;
  readonly bizId: string;
  readonly sequence: number;
  readonly status: string;
}

/** One entry of a payee's history. */
export interface HistoryEntry {
  readonly at: Date;
  readonly type: HistoryType;
  /** The payee's version from then on. */
  readonly version: number;
  /** The payee's status from then on. */
  readonly status: PayeeStatus;
  readonly source: HistorySource;
  /** The store, the operator's name or the institution. */
  readonly by: string;
  /** An operator's reason, or the code of why a review result was kept. */
  readonly reason: string | null;
  readonly review: ReviewStep | null;
  readonly changes: readonly FieldChange[];
}

/**
 * What differs between two profiles, in the order of the fields. Compared in clear, since different values can look the
 * same once they are masked.
 *
 * @param before null for a registration
 */
export function describeChanges(before: PayeeProfile | null, after: PayeeProfile): FieldChange[] {
  const fields = Object.keys(PAYEE_FIELD_CLASSES) as PayeeField[];
  return fields
    .filter((field) => before?.[field] !== after[field])
    .map((field) => ({ field, from: show(field, before?.[field]), to: show(field, after[field]) }));
}

/** A value as operators see it. */
export function show(field: PayeeField, value: string | undefined): string | null {
  if (value === undefined) return null;
  return PAYEE_FIELD_CLASSES[field] === null ? value : mask(value);
}
