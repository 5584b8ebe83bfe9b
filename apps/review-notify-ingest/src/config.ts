import { addressRanges, PartnerServiceConfig, Setting, wholeNumber } from '@kyc-relay/config';

/** The settings of review-notify-ingest (listed in its README). */
export class ReviewNotifyIngestConfig extends PartnerServiceConfig {
  /** Addresses and ranges of our proxies, whose `X-Forwarded-For` is believed. */
  @Setting('TRUSTED_PROXIES', {
    meaning: 'addresses and ranges of our proxies, whose X-Forwarded-For is believed',
    reads: addressRanges,
  })
  trustedProxies: string[] = [];

  /** After how many hours a review that is still PENDING shows in `relay_pending_over_limit`. */
  @Setting('PENDING_LIMIT_HOURS', {
    meaning: 'hours after which a review that is still PENDING is counted in relay_pending_over_limit',
    reads: wholeNumber(1, 8_760),
  })
  pendingLimitHours = 72;

  /** How long a review is kept after its last step. */
  @Setting('REVIEW_RETENTION_DAYS', {
    meaning: 'days that a review is kept after its last step',
    reads: wholeNumber(1, 36_500),
  })
  reviewRetentionDays = 730;

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
