import { createHash } from 'node:crypto';

/** Values of a body; a number stands for a JSON number. */
export type Body = Record<string, string | number | null>;

/**
 * A partner's signature, written down a second time from the source: a test that signed with the code under test would
 * prove nothing.
 */
export function verifySignOf(body: Body, token: string): string {
  const pairs = Object.entries(body)
    .filter(([name, value]) => name !== 'verifySign' && value !== '' && value !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${String(value)}`);
  return md5(`${pairs.join('&')}&${md5(token)}`);
}

/** The body with its signature, as JSON. */
export function signed(body: Body, token: string): string {
  return JSON.stringify({ ...body, verifySign: verifySignOf(body, token) });
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
