import { isSafeText } from '@kyc-relay/contracts';

/** NUL, and with the u flag only those surrogates that have no other half. */
const UNSAFE = /[\0\ud800-\udfff]/gu;

/**
 * A text as it can be stored and sent: NUL and half surrogates, which neither Postgres nor UTF-8 takes, become their
 * escapes, such as the six characters `\u0000` (risk-cases.md, Pull).
 */
export function escapeText(text: string): string {
  if (isSafeText(text)) return text;
  return text.replace(UNSAFE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
