import { hash } from 'node:crypto';
import { matchesAny } from './mac';

/** Lower-case hex MD5 of a text's UTF-8 bytes. MD5 because three partners' rules say so; for nothing else. */
export function md5Hex(text: string): string {
  return hash('md5', text);
}

/** Whether a received hex digest is one of those expected; its letters may be of either case. */
export function matchesHex(given: string | null | undefined, expected: readonly string[]): boolean {
  return matchesAny(
    typeof given === 'string' ? [given.toLowerCase()] : [],
    expected.map((hex) => hex.toLowerCase()),
  );
}

/** `k=v` joined with `&`, sorted by key in UTF-16 order, as the partners' Java sorts; empty values left out. */
export function joinSorted(fields: readonly (readonly [key: string, value: string])[]): string {
  return fields
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join('&');
}
