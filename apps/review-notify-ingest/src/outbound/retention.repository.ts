import type { Database } from '@kyc-relay/persistence';

/** How long what is kept, in days. */
export interface Retention {
  /** A review after its last step. */
  reviewDays: number;
  /** The ids of consumed events; longer than a topic keeps its messages. */
  inboxDays: number;
  /** The audit log. */
  auditDays: number;
}

/** Rows of one batch: short locks, and little for the replicas to copy at once. */
const BATCH = 500;

/** Removes what is no longer to be kept. */
export class RetentionRepository {
  constructor(private readonly database: Database) {}

  /** Removes a batch of each kind; true when there may be more. */
  async purgeBatch({ reviewDays, inboxDays, auditDays }: Retention): Promise<boolean> {
    const counts = [
      await this.database.execute(PURGE_REVIEWS, [reviewDays, BATCH]),
      await this.database.execute(PURGE_TOMBSTONES, [reviewDays, BATCH]),
      await this.database.execute(PURGE_INBOX, [inboxDays, BATCH]),
      await this.database.execute(PURGE_AUDIT, [auditDays, BATCH]),
    ];
    return counts.some((count) => count >= BATCH);
  }
}

// The rows are locked and looked at again, so that a review that just now takes a step is left. A client without further
// reviews goes too: its row is but a lock, made again when it is needed.
const PURGE_REVIEWS = `with old as (
    select id, merchant_client_id from review.reviews
    where first_seen_at < now() - make_interval(days => $1) and received_at < now() - make_interval(days => $1)
    limit $2 for update skip locked
  ), steps as (
    delete from review.steps s using old where s.review_id = old.id
  ), clients as (
    delete from review.clients c using old
    where c.merchant_client_id = old.merchant_client_id and c.erased_at is null and not exists (
      select from review.reviews r
      where r.merchant_client_id = c.merchant_client_id and r.id not in (select id from old))
  )
  delete from review.reviews r using old where r.id = old.id`;

// A deleted payee is remembered as long as reviews are kept.
const PURGE_TOMBSTONES = `delete from review.clients where merchant_client_id in (
    select merchant_client_id from review.clients where erased_at < now() - make_interval(days => $1)
    limit $2 for update skip locked)`;

const PURGE_INBOX = `delete from review.inbox where ctid = any(array(
    select ctid from review.inbox where received_at < now() - make_interval(days => $1) limit $2))`;

const PURGE_AUDIT = `delete from review.audit_log where id in (
    select id from review.audit_log where at < now() - make_interval(days => $1) order by id limit $2)`;
