import type { PayeeStatus } from '@kyc-relay/contracts';
import { applied, entryOf, type AppliedChange, type Cause } from './decision';
import type { HistoryEntry, ReviewStep } from './history-entry';
import type { Payee } from './payee';

/** Where a KYB result moves a payee (payees.md, Status). */
const REVIEW_MOVES: ReadonlyMap<PayeeStatus, ReadonlyMap<string, PayeeStatus>> = new Map([
  ['Unverified', new Map<string, PayeeStatus>([['MODIFY', 'Pending']])],
  [
    'Pending',
    new Map<string, PayeeStatus>([
      ['PENDING', 'Underreview'],
      ['PASS', 'Activated'],
      ['FAILED', 'Declined'],
    ]),
  ],
  [
    'Underreview',
    new Map<string, PayeeStatus>([
      ['MODIFY', 'Pending'],
      ['PASS', 'Activated'],
      ['FAILED', 'Declined'],
    ]),
  ],
  ['Activated', new Map<string, PayeeStatus>([['FAILED', 'Deactivated']])],
]);

/** Where an operator may move a payee (payees.md, Status). */
const OPERATOR_MOVES: Readonly<Record<PayeeStatus, readonly PayeeStatus[]>> = {
  Unverified: ['Pending'],
  Pending: ['Underreview'],
  Underreview: ['Pending', 'Activated', 'Declined'],
  Activated: ['Deactivated'],
  Declined: [],
  Deactivated: [],
};

/** Why a KYB result was kept without effect. */
export type KeptReason = 'payee.institution-not-entitled' | 'payee.no-such-move';

/** A KYB result that changes nothing, kept in the history and alarmed. */
export interface KeptReview {
  readonly kind: 'KEPT';
  readonly reason: KeptReason;
  readonly entry: HistoryEntry;
}

/** An operator's move that is impossible. */
export interface ImpossibleMove {
  readonly kind: 'IMPOSSIBLE';
}

/**
 * Decides what a KYB result does to the payee it names.
 *
 * @param context `merchants`: those whose payees the institution's results may move
 */
export function decideReview(
  payee: Payee,
  review: ReviewStep,
  context: { readonly merchants: readonly string[]; readonly now: Date },
): AppliedChange | KeptReview {
  const cause: Cause = { source: 'REVIEW', by: review.institutionId, at: context.now, review };
  if (!context.merchants.includes(payee.merchantNo))
    return keep(payee, cause, 'payee.institution-not-entitled');
  const status = REVIEW_MOVES.get(payee.status)?.get(review.status);
  return status === undefined ? keep(payee, cause, 'payee.no-such-move') : move(payee, status, cause);
}

/** Decides an operator's move. */
export function decideOperatorMove(
  payee: Payee,
  status: PayeeStatus,
  context: { readonly actor: string; readonly reason: string; readonly now: Date },
): AppliedChange | ImpossibleMove {
  if (!OPERATOR_MOVES[payee.status].includes(status)) return { kind: 'IMPOSSIBLE' };
  const { actor, reason, now } = context;
  return move(payee, status, { source: 'OPERATOR', by: actor, at: now, reason });
}

function move(payee: Payee, status: PayeeStatus, cause: Cause): AppliedChange {
  const moved: Payee = {
    ...payee,
    version: payee.version + 1,
    status,
    statusSince: cause.at,
    updatedAt: cause.at,
  };
  return applied('STATUS_CHANGED', moved, cause);
}

function keep(payee: Payee, cause: Cause, reason: KeptReason): KeptReview {
  return { kind: 'KEPT', reason, entry: entryOf('REVIEW_KEPT', payee, { ...cause, reason }) };
}
