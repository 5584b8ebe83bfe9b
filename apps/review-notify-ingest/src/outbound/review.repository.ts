import type { KeyRing, SealedPlace } from '@kyc-relay/crypto';
import type { Tx } from '@kyc-relay/persistence';
import type { KnownStep, ReviewState } from '../domain/decide-step';
import { maskingOf, numbersOf } from '../domain/identity-numbers';
import { reviewKey, type ReviewName } from '../domain/notification';
import type { ReviewStep } from '../domain/review-step';

/** A review that a transaction has locked. */
export interface LockedReview {
  id: string;
  state: ReviewState;
}

/** What to look for among a review's older steps. */
export interface RepeatQuery {
  /** Contents that have come now, as hashes. */
  contentHashes: readonly string[];
  /** Steps that came before are not looked at. */
  since: Date;
}

/** A step that came again late. */
export interface LateRepeat {
  review: ReviewName;
  sequence: number;
  at: Date;
}

interface ReviewRow extends Record<'institution_id' | 'biz_type' | 'biz_id', string> {
  id: string;
  merchant_client_id: string;
  sub_client_id: string;
  sequence: number;
  content_hash: string;
  first_seen_at: Date;
  received_at: Date;
  older: { sequence: number; content_hash: string; received_at: string }[] | null;
}

/** Reviews and their steps. All of it is called under the locks of the reviews' clients. */
export class ReviewRepository {
  constructor(private readonly keyRing: KeyRing) {}

  /** Locks the reviews that are there, by {@link reviewKey}, with their older steps of the given contents. */
  async lock(tx: Tx, names: readonly ReviewName[], repeats: RepeatQuery): Promise<Map<string, LockedReview>> {
    const distinct = [...new Map(names.map((name) => [reviewKey(name), name])).values()];
    const rows = await tx.query<ReviewRow>(LOCK, [
      distinct.map((name) => name.institutionId),
      distinct.map((name) => name.bizType),
      distinct.map((name) => name.bizId),
      repeats.since,
      repeats.contentHashes.map((hash) => Buffer.from(hash, 'hex')),
    ]);
    return new Map(rows.map((row) => [reviewKey(nameOf(row)), { id: row.id, state: toState(row) }]));
  }

  /** Writes steps, in their order, and their reviews as the last step of each leaves them. */
  async save(tx: Tx, steps: readonly ReviewStep[], known: ReadonlyMap<string, LockedReview>): Promise<void> {
    if (steps.length === 0) return;
    const last = new Map(steps.map((step) => [reviewKey(step.notification), step]));
    const reviews = [...last].map(([key, step]) => toReviewJson(step, known.get(key)?.id));
    await tx.execute(SAVE, [
      JSON.stringify(reviews),
      JSON.stringify(steps.map((step) => this.toStepJson(step, known.get(reviewKey(step.notification))?.id))),
    ]);
  }

  /** Counts late repeats on the steps they repeat. */
  async countLateRepeats(tx: Tx, repeats: readonly LateRepeat[]): Promise<void> {
    if (repeats.length === 0) return;
    await tx.execute(COUNT_LATE_REPEATS, [
      repeats.map(({ review }) => review.institutionId),
      repeats.map(({ review }) => review.bizType),
      repeats.map(({ review }) => review.bizId),
      repeats.map(({ sequence }) => sequence),
      repeats.map(({ at }) => at),
    ]);
  }

  /** Erases what is personal in the steps of the clients' reviews. */
  async erase(tx: Tx, merchantClientIds: readonly string[]): Promise<void> {
    await tx.execute(ERASE, [merchantClientIds]);
  }

  private toStepJson(step: ReviewStep, reviewId: string | undefined): object {
    const { eventId, notification, state, body, isErased } = step;
    const sealed = isErased ? null : this.keyRing.seal(body, placeOfBody(eventId)).toString('base64');
    return {
      review_id: reviewId ?? null,
      institution_id: notification.institutionId,
      biz_type: notification.bizType,
      biz_id: notification.bizId,
      sequence: state.latest.sequence,
      event_id: eventId,
      status: notification.status,
      comment: isErased ? null : maskingOf(numbersOf(notification.detail))(notification.comment),
      acc_id: notification.accId ?? null,
      merchant_acc_id: notification.merchantAccId ?? null,
      content_hash: state.latest.contentHash,
      received_at: state.latest.receivedAt,
      body: sealed,
    };
  }
}

/** Where the sealed body of a step belongs. */
export function placeOfBody(eventId: string): SealedPlace {
  return { table: 'review.steps', column: 'body', row: eventId };
}

function nameOf(row: ReviewRow): ReviewName {
  return { institutionId: row.institution_id, bizType: row.biz_type, bizId: row.biz_id };
}

function toState(row: ReviewRow): ReviewState {
  return {
    merchantClientId: row.merchant_client_id,
    subClientId: row.sub_client_id,
    firstSeenAt: row.first_seen_at,
    latest: { sequence: row.sequence, contentHash: row.content_hash, receivedAt: row.received_at },
    older: (row.older ?? []).map((step): KnownStep => ({
      sequence: step.sequence,
      contentHash: step.content_hash,
      receivedAt: new Date(step.received_at),
    })),
  };
}

function toReviewJson({ notification, state }: ReviewStep, id: string | undefined): object {
  return {
    id: id ?? null,
    institution_id: notification.institutionId,
    biz_type: notification.bizType,
    biz_id: notification.bizId,
    kind: notification.kind,
    merchant_client_id: state.merchantClientId,
    sub_client_id: state.subClientId,
    status: notification.status,
    sequence: state.latest.sequence,
    content_hash: state.latest.contentHash,
    first_seen_at: state.firstSeenAt,
    received_at: state.latest.receivedAt,
  };
}

const LOCK = `select r.id, r.institution_id, r.biz_type, r.biz_id, r.merchant_client_id, r.sub_client_id, r.sequence,
    encode(r.content_hash, 'hex') as content_hash, r.first_seen_at, r.received_at,
    (select json_agg(json_build_object('sequence', s.sequence, 'content_hash', encode(s.content_hash, 'hex'),
         'received_at', s.received_at) order by s.sequence)
       from review.steps s
       where s.review_id = r.id and s.sequence < r.sequence and s.received_at >= $4
         and s.content_hash = any($5::bytea[])) as older
  from review.reviews r
  join unnest($1::text[], $2::text[], $3::text[]) as n (institution_id, biz_type, biz_id)
    on r.biz_type = n.biz_type and r.biz_id = n.biz_id and r.institution_id = n.institution_id
  order by r.id for no key update of r`;

const SAVE = `with changed as materialized (
    select * from json_to_recordset($1::json) as c (id bigint, institution_id text, biz_type text, biz_id text, kind text,
      merchant_client_id text, sub_client_id text, status text, sequence int, content_hash text,
      first_seen_at timestamptz, received_at timestamptz)
  ), inserted as (
    insert into review.reviews (institution_id, biz_type, biz_id, kind, merchant_client_id, sub_client_id, status,
      sequence, content_hash, first_seen_at, received_at)
    select institution_id, biz_type, biz_id, kind, merchant_client_id, sub_client_id, status, sequence,
      decode(content_hash, 'hex'), first_seen_at, received_at
    from changed where id is null
    returning id, institution_id, biz_type, biz_id
  ), updated as (
    update review.reviews r set status = c.status, sequence = c.sequence,
      content_hash = decode(c.content_hash, 'hex'), received_at = c.received_at
    from changed c where r.id = c.id
  )
  insert into review.steps (review_id, sequence, event_id, status, comment, acc_id, merchant_acc_id, content_hash,
    received_at, body)
  select coalesce(s.review_id, i.id), s.sequence, s.event_id, s.status, s.comment, s.acc_id, s.merchant_acc_id,
    decode(s.content_hash, 'hex'), s.received_at, decode(s.body, 'base64')
  from json_to_recordset($2::json) as s (review_id bigint, institution_id text, biz_type text, biz_id text,
    sequence int, event_id uuid, status text, comment text, acc_id text, merchant_acc_id text, content_hash text,
    received_at timestamptz, body text)
  left join inserted i
    on s.review_id is null and i.institution_id = s.institution_id and i.biz_type = s.biz_type and i.biz_id = s.biz_id`;

const COUNT_LATE_REPEATS = `update review.steps s
  set late_repeats = s.late_repeats + n.repeats, last_late_repeat_at = n.last_at
  from (select r.id, m.sequence, count(*) as repeats, max(m.at) as last_at
        from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::timestamptz[])
          as m (institution_id, biz_type, biz_id, sequence, at)
        join review.reviews r using (institution_id, biz_type, biz_id)
        group by r.id, m.sequence) n
  where s.review_id = n.id and s.sequence = n.sequence`;

const ERASE = `update review.steps s set body = null, comment = null
  from review.reviews r
  where r.merchant_client_id = any($1::text[]) and s.review_id = r.id and (s.body is not null or s.comment is not null)`;
