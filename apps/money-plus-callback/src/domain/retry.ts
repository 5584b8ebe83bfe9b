/** When a business wants failed callbacks to be tried again (`delivery` in the partner registry). */
export interface RetryPolicy {
  /** Counted attempts before a task is FAILED. */
  maxAttempts: number;
  /** Upper bound of the wait after the first failure. */
  baseDelayMs: number;
  /** Upper bound of any wait. */
  maxDelayMs: number;
}

/**
 * How long to wait after a failure: exponential with full jitter, so that users who failed together do not come back
 * together; never sooner than the receiver asked (`Retry-After`), as far as `maxDelayMs` allows.
 *
 * @param failures failed attempts so far, this one included; at least 1
 * @param random uniform in [0, 1)
 * @param retryAfterMs what the receiver asked for, or null
 */
export function delayBeforeRetry(
  failures: number,
  policy: RetryPolicy,
  random: number,
  retryAfterMs: number | null,
): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (failures - 1));
  const jittered = Math.floor(random * ceiling);
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, policy.maxDelayMs));
}
