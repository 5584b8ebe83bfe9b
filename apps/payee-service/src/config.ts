import { PartnerServiceConfig, Setting, wholeNumber } from '@kyc-relay/config';

/** The settings of payee-service (listed in its README). */
export class PayeeServiceConfig extends PartnerServiceConfig {
  /** After how many hours a payee that waits for documents or a review shows in `relay_pending_over_limit`. */
  @Setting('PENDING_LIMIT_HOURS', {
    meaning: 'hours after which a payee in Pending or Underreview is counted in relay_pending_over_limit',
    reads: wholeNumber(1, 8_760),
  })
  pendingLimitHours = 72;
}

/** The environment of the process; no other file reads it. */
export function environment(): NodeJS.ProcessEnv {
  return process.env;
}
