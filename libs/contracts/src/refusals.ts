/**
 * Why an event is refused. The same code stands in the DLQ header, the history, the metric label and the log
 * (kyc-to-money-plus.md, Input).
 */
export const REFUSALS = {
  /** The form is wrong: a missing, wrong or unknown field, or a key that is not the user's. */
  eventInvalid: 'event.invalid',
  /** The type does not belong on the topic. */
  eventUnknownType: 'event.unknown-type',
  /** The case id was decided before, or is not the one that is pending. */
  caseMismatch: 'kyc.case-mismatch',
  /** A case is pending already; a user has at most one. */
  caseAlreadyPending: 'kyc.case-already-pending',
  /** The submitted level is below the approved one. */
  levelDown: 'kyc.level-down',
  /** There is no approval that the event could concern. */
  notApproved: 'kyc.not-approved',
  /** There is no pending case that the event could concern. */
  noPendingCase: 'kyc.no-pending-case',
  /** There is no approval to delete. */
  nothingToDelete: 'kyc.nothing-to-delete',
} as const;

/** One of the refusal codes. */
export type RefusalCode = (typeof REFUSALS)[keyof typeof REFUSALS];
