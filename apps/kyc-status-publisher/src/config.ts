import { PartnerServiceConfig, Setting, wholeNumber } from '@kyc-relay/config';

/** The settings of kyc-status-publisher (listed in its README). */
export class KycStatusPublisherConfig extends PartnerServiceConfig {
  /** After how many hours a pending case shows in `relay_pending_over_limit`. */
  @Setting('PENDING_LIMIT_HOURS', {
    meaning: 'hours after which a pending case is counted in relay_pending_over_limit',
    reads: wholeNumber(1, 8_760),
  })
  pendingLimitHours = 72;

  /** How long entries of users' histories are kept, and with them which cases were decided. */
  @Setting('HISTORY_RETENTION_DAYS', {
    meaning: "days that entries of users' histories and the memory of decided cases are kept",
    reads: wholeNumber(1, 36_500),
  })
  historyRetentionDays = 730;

  /** How long the ids of consumed events are kept; longer than the topic keeps its messages. */
  @Setting('INBOX_RETENTION_DAYS', {
    meaning: 'days that the ids of consumed events are kept; longer than the 7 that a topic keeps them',
    reads: wholeNumber(8, 3_650),
  })
  inboxRetentionDays = 14;

  /** How long operators' actions are kept. */
  @Setting('AUDIT_RETENTION_DAYS', {
    meaning: "days that operators' actions are kept",
    reads: wholeNumber(1, 36_500),
  })
  auditRetentionDays = 2_557;
}

/** The environment of the process; no other file reads it. */
export function environment(): NodeJS.ProcessEnv {
  return process.env;
}
