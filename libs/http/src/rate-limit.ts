import { ProblemException } from './problem.exception';

/** How many requests may pass at once, as of a moment. */
export interface Bucket {
  tokens: number;
  /** Milliseconds of any clock that does not run back. */
  at: number;
}

/**
 * Takes a token out of a bucket that holds the requests of one second, at least one.
 *
 * @param bucket as it was left; absent: full
 * @param perSecond tokens that come in a second, above 0
 * @param nowMs now
 * @returns the bucket as it is left, and how long to wait until one passes: 0 when this one does
 */
export function takeToken(
  bucket: Bucket | undefined,
  perSecond: number,
  nowMs: number,
): { bucket: Bucket; waitMs: number } {
  const size = Math.max(1, perSecond);
  const elapsed = bucket ? Math.max(0, nowMs - bucket.at) : 0;
  const tokens = bucket ? Math.min(size, bucket.tokens + (elapsed * perSecond) / 1000) : size;
  if (tokens >= 1) return { bucket: { tokens: tokens - 1, at: nowMs }, waitMs: 0 };
  return { bucket: { tokens, at: nowMs }, waitMs: ((1 - tokens) * 1000) / perSecond };
}

/**
 * The rates of partners (`requests_per_second` of the registry), in this replica. Ask only for partners that have
 * authenticated: whoever merely claims a name must not use up its rate, and there are as many buckets as partners.
 */
export class RateLimits {
  private readonly buckets = new Map<string, Bucket>();

  /**
   * Lets one request of the partner pass.
   * @param perSecond the partner's rate; 0: no limit
   * @throws TooManyRequests over the rate
   */
  pass(partner: string, perSecond: number, nowMs: number): void {
    if (perSecond === 0) return;
    const taken = takeToken(this.buckets.get(partner), perSecond, nowMs);
    this.buckets.set(partner, taken.bucket);
    if (taken.waitMs > 0) throw new TooManyRequests(Math.ceil(taken.waitMs / 1000));
  }
}

/** 429 with `Retry-After`. */
export class TooManyRequests extends ProblemException {
  /** @param retryAfterSeconds when another request will pass, at least 1 */
  constructor(readonly retryAfterSeconds: number) {
    super(429, 'rate-limited', 'Too Many Requests', {
      detail: `try again in ${retryAfterSeconds} s`,
    });
  }
}
