import { TOPICS } from '@kyc-relay/contracts';
import type { Tx } from '@kyc-relay/persistence';
import type { Payee } from '../domain/payee';

/**
 * Takes away what waits about a payee in the intake and as dead letters: it may tell of persons, and about a payee that is
 * no more it would change nothing. To be called before the payee is locked, the order in which the intake locks.
 */
export async function eraseWaitingMessages(tx: Tx, customerNo: string): Promise<void> {
  for (const table of ['parked_keys', 'parked_messages'])
    await tx.execute(`delete from payee.${table} where topic = $1 and key = $2`, [
      TOPICS.reviewDecided,
      customerNo,
    ]);
  // Only dead letters are sealed; what we publish holds nothing personal and is still to be told.
  await tx.execute(`delete from payee.outbox where key = $1 and sealed`, [customerNo]);
}

/**
 * Takes everything personal of a locked payee out of its record and its history and leaves the tombstone: its number,
 * merchant, status and version, and what happened when.
 *
 * @param deleted the payee with the version and time of the delete
 */
export async function erasePayee(tx: Tx, deleted: Payee): Promise<void> {
  const { customerNo, version, updatedAt } = deleted;
  await tx.execute(
    `update payee.payees set version = $2, updated_at = $3, deleted_at = $3, email = null, email_key = null,
       customer_code = null, government_id = null, profile = null
     where customer_no = $1`,
    [customerNo, version, updatedAt],
  );
  // Which fields were changed may stay; an operator's own words stay in the audit log alone.
  await tx.execute(
    `update payee.payee_history set
       reason = case when source = 'OPERATOR' then null else reason end,
       changes = (select coalesce(jsonb_agg(jsonb_build_object('field', one -> 'field')), '[]')
                  from jsonb_array_elements(changes) as one)
     where customer_no = $1`,
    [customerNo],
  );
  await tx.execute(`delete from payee.review_steps where customer_no = $1`, [customerNo]);
}
