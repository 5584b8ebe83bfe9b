import { auditPurge } from '@kyc-relay/access';
import type { RetentionSettings } from '@kyc-relay/config';
import { inboxPurge } from '@kyc-relay/messaging';
import type { PurgeRule } from '@kyc-relay/persistence';
import type { ReviewNotifyIngestConfig } from '../config';

/** What of the `review` schema goes when. */
export function reviewPurges(config: RetentionSettings<ReviewNotifyIngestConfig>): PurgeRule[] {
  return [
    {
      table: 'review.reviews',
      what: 'reviews with their steps, after the last one',
      keepDays: config.reviewRetentionDays,
      due: 'first_seen_at < {old} and received_at < {old}',
      columns: 'id, merchant_client_id',
      also: [
        'delete from review.steps s using gone where s.review_id = gone.id',
        // A client without further reviews goes too: its row is but a lock, made again when it is needed.
        `delete from review.clients c using gone
         where c.merchant_client_id = gone.merchant_client_id and c.erased_at is null and not exists (
           select from review.reviews r
           where r.merchant_client_id = c.merchant_client_id and r.id not in (select id from gone))`,
      ],
    },
    {
      table: 'review.clients',
      // A deleted payee is remembered as long as reviews are kept.
      what: 'the memory of deleted payees',
      keepDays: config.reviewRetentionDays,
      due: 'erased_at < {old}',
    },
    inboxPurge('review', config.inboxRetentionDays),
    auditPurge('review', config.auditRetentionDays),
  ];
}
