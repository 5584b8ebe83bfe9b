import type { Database } from '@kyc-relay/persistence';

/** A page: after which id or sequence, and how many at most. */
export interface Page {
  limit: number;
  after?: string | undefined;
}

/** Which reviews; what is undefined does not matter. */
export interface ReviewFilter {
  merchantClientId?: string | undefined;
  /** Of the latest step. */
  status?: string | undefined;
  kind?: string | undefined;
}

/** Names a review as operators do. */
export interface SoughtReview {
  bizType: string;
  bizId: string;
  institutionId?: string | undefined;
}

/** A review as its latest step leaves it. */
export interface ReviewViewRow {
  id: string;
  institution_id: string;
  biz_type: string;
  biz_id: string;
  kind: string;
  merchant_client_id: string;
  sub_client_id: string;
  acc_id: string | null;
  merchant_acc_id: string | null;
  status: string;
  comment: string | null;
  sequence: number;
  first_seen_at: Date;
  received_at: Date;
}

/** A step of a review; its body still sealed. */
export interface StepViewRow {
  sequence: number;
  event_id: string;
  status: string;
  comment: string | null;
  acc_id: string | null;
  merchant_acc_id: string | null;
  received_at: Date;
  late_repeats: number;
  last_late_repeat_at: Date | null;
  body: Buffer | null;
}

const REVIEWS = `select r.id, r.institution_id, r.biz_type, r.biz_id, r.kind, r.merchant_client_id, r.sub_client_id,
    s.acc_id, s.merchant_acc_id, r.status, s.comment, r.sequence, r.first_seen_at, r.received_at
  from review.reviews r join review.steps s on s.review_id = r.id and s.sequence = r.sequence`;

/** What operators ask of reviews. */
export class ReviewViewRepository {
  constructor(private readonly database: Database) {}

  /** Reviews of a filter, the newest first. */
  async list(filter: ReviewFilter, page: Page): Promise<ReviewViewRow[]> {
    const values: unknown[] = [];
    const place = (value: unknown): string => `$${values.push(value)}`;
    const conditions = [
      ...(filter.merchantClientId === undefined
        ? []
        : [`r.merchant_client_id = ${place(filter.merchantClientId)}`]),
      ...(filter.status === undefined ? [] : [statusIs(place(filter.status))]),
      ...(filter.kind === undefined ? [] : [`r.kind = ${place(filter.kind)}`]),
      ...(page.after === undefined ? [] : [`r.id < ${place(page.after)}::bigint`]),
    ];
    const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
    return await this.database.query<ReviewViewRow>(
      `${REVIEWS} ${where} order by r.id desc limit ${place(page.limit)}`,
      values,
    );
  }

  /** The reviews of a name, at most two: one per institution. */
  async find({ bizType, bizId, institutionId }: SoughtReview): Promise<ReviewViewRow[]> {
    return await this.database.query<ReviewViewRow>(
      `${REVIEWS} where r.biz_type = $1 and r.biz_id = $2 and ($3::text is null or r.institution_id = $3) limit 2`,
      [bizType, bizId, institutionId ?? null],
    );
  }

  /** Steps of a review, the oldest first. */
  async listSteps(reviewId: string, { after, limit }: Page): Promise<StepViewRow[]> {
    return await this.database.query<StepViewRow>(
      `select sequence, event_id, status, comment, acc_id, merchant_acc_id, received_at, late_repeats,
         last_late_repeat_at, body
       from review.steps where review_id = $1 and sequence > $2::bigint order by sequence limit $3`,
      [reviewId, after ?? '0', limit],
    );
  }

  /** How many reviews have been PENDING since before that. */
  async countPendingSince(before: Date): Promise<number> {
    const rows = await this.database.query<{ pending: number }>(
      `select count(*)::int as pending from review.reviews r where ${statusIs(`'PENDING'`)} and r.received_at < $1`,
      [before],
    );
    return rows[0]?.pending ?? 0;
  }
}

/** In the index's words: it holds no more than the beginning of a status. */
function statusIs(status: string): string {
  return `left(r.status, 64) = left(${status}, 64) and r.status = ${status}`;
}
