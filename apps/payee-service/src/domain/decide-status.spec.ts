import { PAYEE_STATUSES, type PayeeStatus } from '@kyc-relay/contracts';
import { decideOperatorMove, decideReview } from './decide-status';
import { NOW, payeeIn, reviewStep } from '../testbed/scenario';

const MERCHANTS = ['202333'];
const RESULTS = ['MODIFY', 'PENDING', 'PASS', 'FAILED', 'PASSED', 'pass', 'constructor', '', '待审核'];

/** The table of payees.md: from, result, to. Whatever is not in it moves nothing. */
const REVIEW_TABLE: Record<string, PayeeStatus> = {
  'Unverified MODIFY': 'Pending',
  'Pending PENDING': 'Underreview',
  'Underreview MODIFY': 'Pending',
  'Pending PASS': 'Activated',
  'Pending FAILED': 'Declined',
  'Underreview PASS': 'Activated',
  'Underreview FAILED': 'Declined',
  'Activated FAILED': 'Deactivated',
};

const OPERATOR_TABLE = [
  'Unverified Pending',
  'Pending Underreview',
  'Underreview Pending',
  'Underreview Activated',
  'Underreview Declined',
  'Activated Deactivated',
];

describe('a KYB result', () => {
  it.each(PAYEE_STATUSES.flatMap((status) => RESULTS.map((result) => [status, result] as const)))(
    'of a payee that is %s: %s',
    (status, result) => {
      const payee = payeeIn(status);
      const decision = decideReview(payee, reviewStep(result), { merchants: MERCHANTS, now: NOW });
      const to = REVIEW_TABLE[`${status} ${result}`];
      if (to === undefined) {
        expect(decision).toMatchObject({
          kind: 'KEPT',
          reason: 'payee.no-such-move',
          entry: {
            type: 'REVIEW_KEPT',
            version: 3,
            status,
            reason: 'payee.no-such-move',
            review: { status: result },
          },
        });
        return;
      }
      expect(decision).toEqual({
        kind: 'APPLIED',
        change: 'STATUS_CHANGED',
        payee: { ...payee, version: 4, status: to, statusSince: NOW, updatedAt: NOW },
        entry: {
          at: NOW,
          type: 'STATUS_CHANGED',
          version: 4,
          status: to,
          source: 'REVIEW',
          by: '2022070222130610237',
          reason: null,
          review: reviewStep(result),
          changes: [],
        },
      });
    },
  );

  it.each([[], ['202334']])('of an institution of the merchants %j is kept', (...merchants: string[]) => {
    expect(decideReview(payeeIn('Underreview'), reviewStep('PASS'), { merchants, now: NOW })).toMatchObject({
      kind: 'KEPT',
      reason: 'payee.institution-not-entitled',
      entry: { status: 'Underreview', version: 3 },
    });
  });
});

describe('an operator', () => {
  it.each(PAYEE_STATUSES.flatMap((from) => PAYEE_STATUSES.map((to) => [from, to] as const)))(
    'moves a payee from %s to %s, if the table says so',
    (from, to) => {
      const decision = decideOperatorMove(payeeIn(from), to, { actor: 'ops', reason: 'because', now: NOW });
      if (!OPERATOR_TABLE.includes(`${from} ${to}`)) {
        expect(decision).toEqual({ kind: 'IMPOSSIBLE' });
        return;
      }
      expect(decision).toMatchObject({
        kind: 'APPLIED',
        payee: { version: 4, status: to, statusSince: NOW },
        entry: { source: 'OPERATOR', by: 'ops', reason: 'because', status: to, review: null },
      });
    },
  );
});
