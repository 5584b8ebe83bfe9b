import { createHash } from 'node:crypto';

/** A notification, signed or not. */
export type ReviewFields = Record<string, unknown>;

const SIGNED = ['bizId', 'bizType', 'institutionId', 'signType', 'subClientId'];

/**
 * The partner's own reading of its signature: upper-case hex MD5 of the salt and, right behind it, the five fields. Written
 * apart from the relay's, so that a mistake of one is not the other's too.
 */
export function signReview(fields: ReviewFields, salt: string): string {
  const pairs: string[] = [];
  for (const name of SIGNED) {
    const value = fields[name];
    if (typeof value === 'string' && value.trim() !== '') pairs.push(`${name}=${value.trim()}`);
  }
  return createHash('md5')
    .update(salt + pairs.join('&'), 'utf8')
    .digest('hex')
    .toUpperCase();
}
