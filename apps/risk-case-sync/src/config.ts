import { addressRanges, PartnerServiceConfig, Setting, wholeNumber } from '@kyc-relay/config';

/** The settings of risk-case-sync (listed in its README). */
export class RiskCaseSyncConfig extends PartnerServiceConfig {
  /** Requests to one acquirer that are under way at once for an agent. */
  @Setting('SYNC_PARALLELISM', {
    meaning:
      "requests that are under way at once for one agent; the acquirer's requests_per_second bounds all",
    reads: wholeNumber(1, 64),
  })
  syncParallelism = 4;

  /** Requests of a pass that ask for final cases again. */
  @Setting('FINAL_REFRESH_REQUESTS', {
    meaning:
      'requests of each pass, of 20 cases, that ask in turn for final cases within final_lookback_days',
    reads: wholeNumber(0, 100_000),
  })
  finalRefreshRequests = 10;

  /** Time between two comparisons of a month's count with the partner's. */
  @Setting('MONTH_CHECK_SECONDS', {
    meaning: "seconds between two comparisons of the partner's count of a month with ours",
    reads: wholeNumber(1, 31_536_000),
  })
  monthCheckSeconds = 86_400;

  /** Addresses and ranges of our proxies, whose `X-Forwarded-For` is believed. */
  @Setting('TRUSTED_PROXIES', {
    meaning: 'addresses and ranges of our proxies, whose X-Forwarded-For is believed',
    reads: addressRanges,
  })
  trustedProxies: string[] = [];

  /** After how many hours an open case shows in `relay_pending_over_limit`. */
  @Setting('PENDING_LIMIT_HOURS', {
    meaning: 'hours after its creation after which an open case is counted in relay_pending_over_limit',
    reads: wholeNumber(1, 87_600),
  })
  pendingLimitHours = 72;

  /** How long final cases, histories, pushes and set-aside rows are kept. */
  @Setting('HISTORY_RETENTION_DAYS', {
    meaning:
      'days that final cases are kept after their last change, and histories, pushes and rows that are no case',
    reads: wholeNumber(1, 36_500),
  })
  historyRetentionDays = 730;

  /** How long finished runs are kept. */
  @Setting('RUN_RETENTION_DAYS', {
    meaning: 'days that finished runs are kept',
    reads: wholeNumber(1, 36_500),
  })
  runRetentionDays = 90;

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
