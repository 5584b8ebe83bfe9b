import type { Outbox, OutboxMessage } from '@kyc-relay/outbox';
import { packTexts, RowSet, type PreparedStatement } from '@kyc-relay/persistence';

/**
 * Reviews by name ($1 to $3), each with its older steps since $4 whose content is among $5. Planned anew each time: a plan that
 * was made while there was little reads whole tables.
 */
export const FIND = `select r.institution_id, r.biz_type, r.biz_id, r.merchant_client_id, r.sub_client_id,
    r.sequence, encode(r.content_hash, 'hex') as content_hash, r.first_seen_at, r.received_at,
    (select json_agg(json_build_object('sequence', s.sequence, 'content_hash', encode(s.content_hash, 'hex'),
         'received_at', s.received_at) order by s.sequence)
       from review.steps s
       where s.review_id = r.id and s.sequence < r.sequence and s.received_at >= $4
         and encode(s.content_hash, 'hex') = any($5::text[])) as older
  from unnest($1::text[], $2::text[], $3::text[]) as n (institution_id, biz_type, biz_id)
  join review.reviews r
    on r.biz_type = n.biz_type and r.biz_id = n.biz_id and r.institution_id = n.institution_id`;

/** What names a review. */
export interface NameColumns {
  institution_id: string;
  biz_type: string;
  biz_id: string;
}

/** A review as its last step leaves it. */
export interface ReviewColumns extends NameColumns {
  kind: string;
  merchant_client_id: string;
  sub_client_id: string;
  status: string;
  sequence: number;
  content_hash: Buffer;
  first_seen_at: Date;
  received_at: Date;
}

/** A step, with its review's name. */
export interface StepColumns extends NameColumns {
  merchant_client_id: string;
  sequence: number;
  event_id: string;
  status: string;
  comment: string;
  acc_id: string | undefined;
  merchant_acc_id: string | undefined;
  content_hash: Buffer;
  received_at: Date;
  /** Sealed. */
  body: Buffer;
}

const NAME = { institution_id: 'text', biz_type: 'text', biz_id: 'text' } as const;

const REVIEWS = new RowSet<ReviewColumns>({
  ...NAME,
  kind: 'text',
  merchant_client_id: 'text',
  sub_client_id: 'text',
  status: 'text',
  sequence: 'integer',
  content_hash: 'bytea',
  first_seen_at: 'timestamptz',
  received_at: 'timestamptz',
});

const STEPS = new RowSet<StepColumns>({
  ...NAME,
  merchant_client_id: 'text',
  sequence: 'integer',
  event_id: 'uuid',
  status: 'text',
  comment: 'text',
  acc_id: 'text',
  merchant_acc_id: 'text',
  content_hash: 'bytea',
  received_at: 'timestamptz',
  body: 'bytea',
});

const FIRST_OF_REVIEWS = 2;
const FIRST_OF_STEPS = FIRST_OF_REVIEWS + REVIEWS.parameters;
const FIRST_OF_MESSAGES = FIRST_OF_STEPS + STEPS.parameters;

/** What {@link saveStatement} writes. */
export interface Saved {
  /** Each once. */
  merchantClientIds: readonly string[];
  reviews: readonly ReviewColumns[];
  steps: readonly StepColumns[];
  messages: readonly OutboxMessage[];
}

/** The parameters of {@link saveStatement}. */
export function parametersOfSave(outbox: Outbox, saved: Saved): Buffer[] {
  return [
    packTexts(saved.merchantClientIds),
    ...REVIEWS.pack(saved.reviews),
    ...STEPS.pack(saved.steps),
    ...outbox.pack(saved.messages),
  ];
}

/**
 * One statement for all that a group writes, since each round trip waits for its turn in a busy process.
 *
 * The clients ($1) come first, in one order everywhere: a row is made or written again as it is, and either way locked.
 * Everything else hangs on them, so that nothing is written before they are held. Then the reviews, their steps,
 * whose key refuses a sequence that somebody else has taken since the reviews were read, and the messages.
 *
 * Rows are found by the indexes that `on conflict` names, whatever is in the tables: the plan can be kept.
 */
export function saveStatement(outbox: Outbox): PreparedStatement {
  return {
    name: 'review save',
    text: `with clients as (
        insert into review.clients as c (merchant_client_id)
        select id from unnest($1::text[]) as id order by id collate "C"
        on conflict (merchant_client_id) do update set merchant_client_id = excluded.merchant_client_id
        returning c.merchant_client_id as key, c.erased_at
      ), reviews as (
        insert into review.reviews as r (institution_id, biz_type, biz_id, kind, merchant_client_id, sub_client_id,
          status, sequence, content_hash, first_seen_at, received_at)
        select n.institution_id, n.biz_type, n.biz_id, n.kind, n.merchant_client_id, n.sub_client_id,
          n.status, n.sequence, n.content_hash, n.first_seen_at, n.received_at
        from ${REVIEWS.from(FIRST_OF_REVIEWS)} as n
        join clients c on c.key = n.merchant_client_id collate "C"
        on conflict (biz_type, biz_id, institution_id) do update
          set status = excluded.status, sequence = excluded.sequence, content_hash = excluded.content_hash,
            received_at = excluded.received_at
        returning r.id, r.institution_id, r.biz_type, r.biz_id
      ), messages as (
        ${outbox.insertWith('clients', FIRST_OF_MESSAGES)}
      )
      insert into review.steps (review_id, sequence, event_id, status, comment, acc_id, merchant_acc_id, content_hash,
        received_at, body)
      select r.id, s.sequence, s.event_id, s.status, case when c.erased_at is null then s.comment end,
        s.acc_id, s.merchant_acc_id, s.content_hash, s.received_at,
        case when c.erased_at is null then s.body end
      from ${STEPS.from(FIRST_OF_STEPS)} as s
      join clients c on c.key = s.merchant_client_id collate "C"
      join reviews r on r.institution_id = s.institution_id collate "C" and r.biz_type = s.biz_type collate "C"
        and r.biz_id = s.biz_id collate "C"`,
  };
}

/** Late repeats of steps: of reviews by name ($1 to $3) the sequence ($4) and the time ($5). */
export const COUNT_LATE_REPEATS = `update review.steps s
  set late_repeats = s.late_repeats + n.repeats, last_late_repeat_at = n.last_at
  from (select r.id, m.sequence, count(*) as repeats, max(m.at) as last_at
        from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::timestamptz[])
          as m (institution_id, biz_type, biz_id, sequence, at)
        join review.reviews r using (institution_id, biz_type, biz_id)
        group by r.id, m.sequence) n
  where s.review_id = n.id and s.sequence = n.sequence`;

/** Clients ($1) whose payee was deleted at $2. */
export const MARK_ERASED = `insert into review.clients as c (merchant_client_id, erased_at)
  select id, $2 from unnest($1::text[]) as id order by id collate "C"
  on conflict (merchant_client_id) do update set erased_at = excluded.erased_at where c.erased_at is null`;

/** What is personal in the reviews of the clients ($1). */
export const ERASE = `update review.steps s set body = null, comment = null
  from review.reviews r
  where r.merchant_client_id = any($1::text[]) and s.review_id = r.id
    and (s.body is not null or s.comment is not null)`;
