import type { Tx } from '@kyc-relay/persistence';
import type { ReviewStep } from '../domain/history-entry';

/** A step of a review of a payee. */
export interface PayeeReviewStep {
  readonly customerNo: string;
  readonly step: ReviewStep;
}

/**
 * Remembers the last step of each review.
 *
 * @returns the step that was known before, 0 for a review never seen
 */
export async function rememberStep(tx: Tx, { customerNo, step }: PayeeReviewStep): Promise<number> {
  const rows = await tx.query<{ before: string }>(
    `with known as (
       select sequence from payee.review_steps
       where customer_no = $1 and institution_id = $2 and biz_type = $3 and biz_id = $4
     ), kept as (
       insert into payee.review_steps as s (customer_no, institution_id, biz_type, biz_id, sequence)
       values ($1, $2, $3, $4, $5)
       on conflict (customer_no, institution_id, biz_type, biz_id)
         do update set sequence = greatest(s.sequence, excluded.sequence)
     )
     select coalesce((select sequence from known), 0) as before`,
    [customerNo, step.institutionId, step.bizType, step.bizId, step.sequence],
  );
  return Number(rows[0]?.before ?? 0);
}
