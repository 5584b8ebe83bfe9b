import { mask, type ReviewDecidedDto } from '@kyc-relay/contracts';
import { maskingOf, numbersOf } from './identity-numbers';
import type { Notification, ReviewDetail } from './notification';

/** What a step has beside its notification. */
export interface StepFacts {
  eventId: string;
  /** From 1 without gaps. */
  sequence: number;
  /** When the review's first step arrived. */
  firstSeenAt: Date;
  /** When this step arrived. */
  receivedAt: Date;
}

/** The value of `review.decided.v1` (review-notify.md, Output); identity numbers masked, unknown fields left out. */
export function publishedReview(notification: Notification, step: StepFacts): ReviewDecidedDto {
  const { kind, bizType, bizId, institutionId, subClientId, merchantClientId, detail } = notification;
  const masked = maskingOf(numbersOf(detail));
  const published: ReviewDecidedDto = {
    event_id: step.eventId,
    kind,
    bizType,
    bizId,
    institutionId,
    subClientId,
    merchantClientId,
    status: notification.status,
    comment: masked(notification.comment),
    sequence: step.sequence,
    first_seen_at: step.firstSeenAt.toISOString(),
    received_at: step.receivedAt.toISOString(),
  };
  if (notification.accId !== undefined) published.accId = notification.accId;
  if (notification.merchantAccId !== undefined) published.merchantAccId = notification.merchantAccId;
  if (detail !== undefined) published.resubmission = publishedDetail(detail, masked);
  return published;
}

function publishedDetail(
  { company, persons, additionalInfo }: ReviewDetail,
  masked: (text: string) => string,
): NonNullable<ReviewDecidedDto['resubmission']> {
  const published: NonNullable<ReviewDecidedDto['resubmission']> = {
    persons: persons.map(({ customerId, customerType, idCardNumber, status, comment }) => ({
      customerId,
      customerType,
      idCardNumber: mask(idCardNumber),
      status,
      comment: masked(comment),
    })),
  };
  if (company) published.company = { status: company.status, comment: masked(company.comment) };
  if (additionalInfo)
    published.additionalInfo = {
      status: additionalInfo.status,
      comment: masked(additionalInfo.comment),
      needAdditionalInfos: additionalInfo.needAdditionalInfos.map(masked),
    };
  return published;
}
