import { PartnerServiceConfig, Setting, wholeNumber } from '@kyc-relay/config';

/** The settings of money-plus-callback (listed in its README). */
export class MoneyPlusCallbackConfig extends PartnerServiceConfig {
  /** How long the body of an ended task is kept; without it there is no redrive. */
  @Setting('BODY_RETENTION_DAYS', {
    meaning: 'days that the body of a callback is kept after its end; then it cannot be redriven',
    reads: wholeNumber(1, 3_650),
  })
  bodyRetentionDays = 30;

  /** How long the beginnings of responses are kept. */
  @Setting('RESPONSE_RETENTION_DAYS', {
    meaning: 'days that the first part of a response is kept',
    reads: wholeNumber(1, 3_650),
  })
  responseRetentionDays = 90;

  /** How long ended tasks and their attempts are kept. */
  @Setting('ATTEMPT_RETENTION_DAYS', {
    meaning: 'days that an ended task and its attempts are kept',
    reads: wholeNumber(1, 36_500),
  })
  attemptRetentionDays = 730;

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
