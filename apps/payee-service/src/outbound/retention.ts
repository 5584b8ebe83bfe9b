import { auditPurge } from '@kyc-relay/access';
import type { RetentionSettings } from '@kyc-relay/config';
import { inboxPurge } from '@kyc-relay/messaging';
import type { PurgeRule } from '@kyc-relay/persistence';
import type { PayeeServiceConfig } from '../config';

/** What of the `payee` schema goes when. Payees stay until they are deleted, and then their tombstones. */
export function payeePurges(config: RetentionSettings<PayeeServiceConfig>): PurgeRule[] {
  return [
    {
      table: 'payee.payee_history',
      what: "entries of payees' histories",
      keepDays: config.historyRetentionDays,
      due: 'at < {old}',
    },
    inboxPurge('payee', config.inboxRetentionDays),
    auditPurge('payee', config.auditRetentionDays),
  ];
}
