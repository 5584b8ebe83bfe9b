import { TOPICS } from '@kyc-relay/contracts';
import type { Logger, Metrics } from '@kyc-relay/telemetry';
import type { KeptReason } from '../domain/decide-status';
import type { ReviewStep } from '../domain/history-entry';
import type { Payee } from '../domain/payee';

/** Counts what became of review results, and warns of those that somebody has to look at. Ids only. */
export class ReviewAlarms {
  private readonly results;
  private readonly gaps;

  constructor(
    metrics: Metrics,
    private readonly logger: Logger,
  ) {
    this.results = metrics.counter(
      'relay_payee_reviews_total',
      'Review results by what became of them: moved, deactivated, unfitting, unknown_payee, store',
      ['outcome'],
    );
    this.gaps = metrics.counter(
      'relay_version_gaps_total',
      'Jumps in the versions of a record: a message was lost on the way',
      ['topic'],
    );
  }

  /** A result that is none of ours. */
  countLeft(outcome: 'store' | 'unknown_payee'): void {
    this.results.inc({ outcome });
  }

  /** A result that fits no move. */
  tellKept(customerNo: string, step: ReviewStep, code: KeptReason): void {
    this.results.inc({ outcome: 'unfitting' });
    this.logger.warn({ customerNo, code, ...idsOf(step) }, 'review result kept without effect');
  }

  /** A result that moved its payee; a later word against an activated payee is worth a look. */
  tellMoved(before: Payee, after: Payee, step: ReviewStep): void {
    const isDeactivated = after.status === 'Deactivated';
    this.results.inc({ outcome: isDeactivated ? 'deactivated' : 'moved' });
    if (!isDeactivated) return;
    this.logger.warn(
      { customerNo: after.customerNo, from: before.status, ...idsOf(step) },
      'review result deactivated a payee',
    );
  }

  /** Steps of a review have numbers without gaps, so a jump is a lost message. */
  watchSequence(customerNo: string, step: ReviewStep, before: number): void {
    if (before === 0 || step.sequence <= before + 1) return;
    this.gaps.inc({ topic: TOPICS.reviewDecided });
    this.logger.warn({ customerNo, ...idsOf(step), before }, 'steps of a review are missing');
  }
}

/** The partner's own words stay out: of the status it may invent new ones at any length. */
function idsOf({ institutionId, bizType, bizId, sequence }: ReviewStep): object {
  return { institutionId, bizType, bizId, sequence };
}
