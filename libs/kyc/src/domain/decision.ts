import type { RefusalCode, TypedCloudEvent } from '@kyc-relay/contracts';
import type { HistoryChange } from './describe-changes';
import { describeChanges } from './describe-changes';
import type { BusinessRule, KycRecord } from './kyc-record';
import type { UserEvent } from './user-event';

/** Why an event changed nothing although it is good; stable, kept in the history. */
export const IGNORED_REASONS = {
  /** No field of an info change differs. */
  nothingChanged: 'kyc.nothing-changed',
  /** The phone follows only at an approved eKYC. */
  notEkyc: 'kyc.not-ekyc',
  /** The KYC phone is that number already. */
  samePhone: 'kyc.same-phone',
  /** The account is in that state already. */
  accountUnchanged: 'account.unchanged',
  /** The subscription is like that already. */
  subscriptionUnchanged: 'kyc.subscription-unchanged',
} as const;

/** Why an event was ignored. */
export type IgnoredReason = (typeof IGNORED_REASONS)[keyof typeof IGNORED_REASONS];

/** One row of a user's history, whatever was decided; personal values are masked. */
export interface HistoryEntry {
  /** When it was decided. */
  readonly at: Date;
  /** Id of the event or request, or null where it has none. */
  readonly ceId: string | null;
  /** Type of the event. */
  readonly type: string;
  readonly decision: Decision['kind'];
  /** Code of the refusal, or why it was ignored. */
  readonly reason?: RefusalCode | IgnoredReason;
  /** Who decided or changed: AUTO, OPS, the `changed_by` of a phone change, the business of a subscription. */
  readonly by?: string;
  readonly changes: readonly HistoryChange[];
}

/** What follows from an event; only APPLIED changes anything. */
export type Decision =
  | { readonly kind: 'REFUSED'; readonly code: RefusalCode; readonly history: HistoryEntry }
  | { readonly kind: 'IGNORED'; readonly reason: IgnoredReason; readonly history: HistoryEntry }
  | {
      readonly kind: 'APPLIED';
      /** The record as it is from now on. */
      readonly record: KycRecord;
      /** What is to be published, in this order. */
      readonly events: readonly UserEvent[];
      readonly history: HistoryEntry;
      /** The case that this event decided: its id can never be submitted again. */
      readonly decidedCaseId?: string;
    };

/** What decisions depend on besides the record and the event. */
export interface DecisionContext {
  /** The time of processing. */
  readonly now: Date;
  /** Whether a case id of this user was decided before, also before a delete. */
  decidedBefore(caseId: string): boolean;
  /** The businesses of the registry. */
  readonly businesses: readonly BusinessRule[];
}

/** What the history says about the cause of a decision. */
export interface Cause {
  readonly at: Date;
  readonly ceId: string | null;
  readonly type: string;
  readonly by?: string;
}

/**
 * The cause of a decision about an event.
 *
 * @param event the event
 * @param now the time of processing
 * @param by who decided or changed, where the event says so
 */
export function causeOf(event: TypedCloudEvent<string, unknown>, now: Date, by?: string): Cause {
  return { at: now, ceId: event.id, type: event.type, ...(by === undefined ? {} : { by }) };
}

/** Refuses an event. */
export function refuse(code: RefusalCode, cause: Cause): Decision {
  return { kind: 'REFUSED', code, history: { ...cause, decision: 'REFUSED', reason: code, changes: [] } };
}

/** Takes an event that changes nothing. */
export function ignore(reason: IgnoredReason, cause: Cause): Decision {
  return { kind: 'IGNORED', reason, history: { ...cause, decision: 'IGNORED', reason, changes: [] } };
}

/**
 * Takes an event.
 *
 * @param before the record until now
 * @param after the record from now on
 * @param events what is to be published, in this order
 * @param cause what the history says about the event
 * @param decidedCaseId the case that the event decided
 */
export function apply(
  before: KycRecord,
  after: KycRecord,
  events: readonly UserEvent[],
  cause: Cause,
  decidedCaseId?: string,
): Decision {
  return {
    kind: 'APPLIED',
    record: after,
    events,
    history: { ...cause, decision: 'APPLIED', changes: describeChanges(before, after) },
    ...(decidedCaseId === undefined ? {} : { decidedCaseId }),
  };
}
