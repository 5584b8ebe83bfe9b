import { newEventId, REVIEW_DECIDED, TOPICS, type ReviewDecidedDto } from '@kyc-relay/contracts';
import { ensureTopics } from '@kyc-relay/messaging';
import { TOPIC_DECLARATIONS } from '@kyc-relay/contracts';
import { testKafka, type Cleanup } from '@kyc-relay/testing';

/** A result of the institution that may move the source's merchant's payees. */
export function review(
  customerNo: string,
  status: string,
  more: Partial<ReviewDecidedDto> = {},
): ReviewDecidedDto {
  return {
    event_id: newEventId(),
    kind: 'KYB',
    bizType: 'SM_KYC_REVIEW',
    bizId: 'SM2022071120365810274',
    institutionId: 'INST',
    subClientId: 'SM2022071120365810274',
    merchantClientId: customerNo,
    status,
    comment: '请重新提交',
    sequence: 1,
    first_seen_at: '2022-10-25T01:12:00.000Z',
    received_at: '2022-10-26T07:03:20.000Z',
    ...more,
  };
}

/** Publishes results as review-notify-ingest does, in their order. */
export class ReviewPublisher {
  private constructor(private readonly producer: ReturnType<ReturnType<typeof testKafka>['producer']>) {}

  /** Makes the topics where they are missing. */
  static async start(cleanup: Cleanup): Promise<ReviewPublisher> {
    const kafka = testKafka();
    await ensureTopics(
      kafka,
      TOPIC_DECLARATIONS.filter(({ name }) => /^(review\.decided|payee\.changed)/.test(name)),
      { replicationFactor: 1, minInsyncReplicas: 1 },
    );
    const producer = kafka.producer();
    await producer.connect();
    cleanup.defer(async () => {
      await producer.disconnect();
    });
    return new ReviewPublisher(producer);
  }

  async publish(...reviews: (ReviewDecidedDto | { key: string; value: string })[]): Promise<void> {
    await this.producer.send({
      topic: TOPICS.reviewDecided,
      messages: reviews.map((one) => {
        const id = 'event_id' in one ? one.event_id : newEventId();
        const key = 'event_id' in one ? one.merchantClientId : one.key;
        return {
          key,
          value: 'event_id' in one ? JSON.stringify(one) : one.value,
          headers: {
            ce_specversion: '1.0',
            ce_id: id,
            ce_source: '/kyc-relay/review-notify-ingest',
            ce_type: REVIEW_DECIDED,
            ce_time: '2022-10-26T07:03:20.000Z',
            ce_subject: key,
            'content-type': 'application/json',
          },
        };
      }),
    });
  }
}
