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
  return {
    event_id: step.eventId,
    kind,
    bizType,
    bizId,
    institutionId,
    subClientId,
    merchantClientId,
    ...(notification.accId === undefined ? {} : { accId: notification.accId }),
    ...(notification.merchantAccId === undefined ? {} : { merchantAccId: notification.merchantAccId }),
    status: notification.status,
    comment: masked(notification.comment),
    sequence: step.sequence,
    first_seen_at: step.firstSeenAt.toISOString(),
    received_at: step.receivedAt.toISOString(),
    ...(detail === undefined ? {} : { resubmission: publishedDetail(detail, masked) }),
  };
}

function publishedDetail(
  { company, persons, additionalInfo }: ReviewDetail,
  masked: (text: string) => string,
): NonNullable<ReviewDecidedDto['resubmission']> {
  return {
    ...(company && { company: { status: company.status, comment: masked(company.comment) } }),
    persons: persons.map(({ customerId, customerType, idCardNumber, status, comment }) => ({
      customerId,
      customerType,
      idCardNumber: mask(idCardNumber),
      status,
      comment: masked(comment),
    })),
    ...(additionalInfo && {
      additionalInfo: {
        status: additionalInfo.status,
        comment: masked(additionalInfo.comment),
        needAdditionalInfos: additionalInfo.needAdditionalInfos.map(masked),
      },
    }),
  };
}
