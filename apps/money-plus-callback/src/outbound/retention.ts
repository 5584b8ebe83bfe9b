import { auditPurge } from '@kyc-relay/access';
import type { RetentionSettings } from '@kyc-relay/config';
import { inboxPurge } from '@kyc-relay/messaging';
import type { PurgeRule } from '@kyc-relay/persistence';
import type { MoneyPlusCallbackConfig } from '../config';

/** What of the `money_plus` schema goes when. What is pending stays whole, however old. */
export function moneyPlusPurges(config: RetentionSettings<MoneyPlusCallbackConfig>): PurgeRule[] {
  return [
    {
      table: 'money_plus.tasks',
      what: 'bodies of ended callbacks',
      keepDays: config.bodyRetentionDays,
      due: 'body is not null and finished_at is not null and finished_at < {old}',
      orderBy: 'finished_at',
      set: 'body = null',
    },
    {
      table: 'money_plus.attempts',
      what: 'first parts of responses',
      keepDays: config.responseRetentionDays,
      due: 'response_prefix is not null and started_at < {old}',
      orderBy: 'started_at',
      set: 'response_prefix = null',
    },
    {
      table: 'money_plus.tasks',
      what: 'ended callbacks with their attempts',
      keepDays: config.attemptRetentionDays,
      due: 'created_at < {old} and finished_at < {old}',
      orderBy: 'created_at',
      columns: 'task_id',
      also: ['delete from money_plus.attempts a using gone where a.task_id = gone.task_id'],
    },
    inboxPurge('money_plus', config.inboxRetentionDays),
    auditPurge('money_plus', config.auditRetentionDays),
  ];
}
