/** How long to wait after failures, in milliseconds. */
export interface BackoffPolicy {
  baseDelayMs: number;
  maxDelayMs: number;
}

/**
 * The wait after the nth failure in a row: doubling, capped, and between half and all of it, so that replicas and lanes
 * that failed together do not come back together.
 *
 * @param failures from 1
 * @param random from 0 to below 1
 */
export function backoffMs(failures: number, policy: BackoffPolicy, random: number): number {
  const full = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full * (0.5 + random / 2));
}
