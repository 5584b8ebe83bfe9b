import { auditPurge } from '@kyc-relay/access';
import { inboxPurge } from '@kyc-relay/messaging';
import type { PurgeRule } from '@kyc-relay/persistence';

/** How long what is kept, in days. */
export interface KycRetention {
  /** Users' histories, and the decided cases that are remembered as long. */
  historyRetentionDays: number;
  /** The ids of consumed events; longer than a topic keeps its messages. */
  inboxRetentionDays: number;
  /** Operators' actions. */
  auditRetentionDays: number;
}

/** For so long a repeated request is answered as the first one was (kyc-to-money-plus.md, "Subscription"). */
const REQUEST_DAYS = 1;

/** What of the `kyc` schema goes when. Users' records stay: upstream deletes what is personal in them. */
export function kycPurges(retention: KycRetention): PurgeRule[] {
  const { historyRetentionDays, inboxRetentionDays, auditRetentionDays } = retention;
  return [
    {
      table: 'kyc.user_history',
      what: "entries of users' histories",
      keepDays: historyRetentionDays,
      due: 'at < {old}',
    },
    {
      table: 'kyc.decided_cases',
      what: 'the memory of decided cases',
      keepDays: historyRetentionDays,
      due: 'decided_at < {old}',
    },
    {
      table: 'kyc.subscription_requests',
      what: 'answered subscription requests',
      keepDays: REQUEST_DAYS,
      due: 'created_at < {old}',
    },
    inboxPurge('kyc', inboxRetentionDays),
    auditPurge('kyc', auditRetentionDays),
  ];
}
