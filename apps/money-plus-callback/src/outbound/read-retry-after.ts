/** What an endpoint says it does not want to be called before, if at all (RFC 9110, section 10.2.3). */

const SECONDS = /^\d{1,10}$/;
/** Dates by the standard are in GMT; anything else `Date.parse` would understand is a guess about the time zone. */
const HTTP_DATE = /^[A-Za-z]{3,9},? .+ GMT$/;

/**
 * Reads `Retry-After`: seconds, or an HTTP date.
 * @param nowMs Unix milliseconds
 * @returns milliseconds to wait, not negative; null where the header is absent or unreadable
 */
export function readRetryAfter(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (SECONDS.test(text)) return Number(text) * 1000;
  if (!HTTP_DATE.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
