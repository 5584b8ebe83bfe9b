import { Inject, Injectable } from '@nestjs/common';
import { KeyRing } from '@kyc-relay/crypto';
import { maskMessage } from '../domain/identity-numbers';
import { placeOfBody } from '../outbound/review.repository';
import {
  ReviewViewRepository,
  type Page,
  type ReviewFilter,
  type ReviewViewRow,
  type SoughtReview,
  type StepViewRow,
} from '../outbound/review-view.repository';

/** A review as operators see it. Names as on the topic. */
export interface ReviewItem {
  kind: string;
  bizType: string;
  bizId: string;
  institutionId: string;
  subClientId: string;
  merchantClientId: string;
  accId?: string;
  merchantAccId?: string;
  status: string;
  /** Null once erased. */
  comment: string | null;
  sequence: number;
  first_seen_at: string;
  received_at: string;
}

/** A step of a review as operators see it. */
export interface StepItem {
  sequence: number;
  event_id: string;
  status: string;
  /** Null once erased. */
  comment: string | null;
  accId?: string;
  merchantAccId?: string;
  received_at: string;
  /** How often it came again after a newer step, within a day. */
  late_repeats: number;
  last_late_repeat_at: string | null;
  /** What the partner sent, unknown fields included, without the signature, identity numbers masked; null once erased. */
  message: Record<string, unknown> | null;
}

/** Answers what operators ask of reviews. */
@Injectable()
export class ReviewViewHandler {
  constructor(
    @Inject(ReviewViewRepository) private readonly repository: ReviewViewRepository,
    @Inject(KeyRing) private readonly keyRing: KeyRing,
  ) {}

  /** Reviews of a filter, the newest first; `next` is absent on the last page. */
  async list(filter: ReviewFilter, page: Page): Promise<{ items: ReviewItem[]; next?: string | undefined }> {
    const rows = await this.repository.list(filter, { ...page, limit: page.limit + 1 });
    const shown = rows.slice(0, page.limit);
    return { items: shown.map(toItem), next: rows.length > page.limit ? shown.at(-1)?.id : undefined };
  }

  /** A review with a page of its steps; `next` is absent on the last page. SEVERAL when more than one institution has it. */
  async find(
    sought: SoughtReview,
    page: Page,
  ): Promise<'NONE' | 'SEVERAL' | { review: ReviewItem; history: StepItem[]; next?: string | undefined }> {
    const [review, another] = await this.repository.find(sought);
    if (!review) return 'NONE';
    if (another) return 'SEVERAL';
    const steps = await this.repository.listSteps(review.id, { ...page, limit: page.limit + 1 });
    const shown = steps.slice(0, page.limit);
    return {
      review: toItem(review),
      history: shown.map((step) => this.toStepItem(step)),
      next: steps.length > page.limit ? shown.at(-1)?.sequence.toString() : undefined,
    };
  }

  private toStepItem(step: StepViewRow): StepItem {
    return {
      sequence: step.sequence,
      event_id: step.event_id,
      status: step.status,
      comment: step.comment,
      ...storeIds(step),
      received_at: step.received_at.toISOString(),
      late_repeats: step.late_repeats,
      last_late_repeat_at: step.last_late_repeat_at?.toISOString() ?? null,
      message: step.body === null ? null : this.openMessage(step.body, step.event_id),
    };
  }

  private openMessage(body: Buffer, eventId: string): Record<string, unknown> {
    const text = this.keyRing.open(body, placeOfBody(eventId)).toString('utf8');
    return maskMessage(JSON.parse(text) as Record<string, unknown>);
  }
}

function toItem(row: ReviewViewRow): ReviewItem {
  return {
    kind: row.kind,
    bizType: row.biz_type,
    bizId: row.biz_id,
    institutionId: row.institution_id,
    subClientId: row.sub_client_id,
    merchantClientId: row.merchant_client_id,
    ...storeIds(row),
    status: row.status,
    comment: row.comment,
    sequence: row.sequence,
    first_seen_at: row.first_seen_at.toISOString(),
    received_at: row.received_at.toISOString(),
  };
}

function storeIds(row: { acc_id: string | null; merchant_acc_id: string | null }): {
  accId?: string;
  merchantAccId?: string;
} {
  return {
    ...(row.acc_id === null ? {} : { accId: row.acc_id }),
    ...(row.merchant_acc_id === null ? {} : { merchantAccId: row.merchant_acc_id }),
  };
}
