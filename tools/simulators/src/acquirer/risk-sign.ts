import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * The acquirer's own reading of its signature: upper-case hex MD5 of the canonical text and the access key. Written
 * apart from the relay's, so that a mistake of one is not the other's too. Numbers are plain ones in all it signs.
 */
export function signAcquirer(body: Record<string, unknown>, accessKey: string): string {
  return createHash('md5')
    .update(canonical(body) + accessKey, 'utf8')
    .digest('hex')
    .toUpperCase();
}

/** Whether a body is signed with one of the keys. */
export function isSignedBy(body: Record<string, unknown>, accessKeys: readonly string[]): boolean {
  const given = Buffer.from(String(body['sign']).toUpperCase());
  return accessKeys.some((key) => {
    const expected = Buffer.from(signAcquirer(body, key));
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function canonical(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(canonical).filter(Boolean).join('&');
  if (typeof value !== 'object') return `${value as string | number | boolean}`;
  const pairs: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const text = key === 'sign' ? '' : canonical((value as Record<string, unknown>)[key]);
    if (text !== '') pairs.push(`${key}=${text}`);
  }
  return pairs.join('&');
}
