import { hash } from 'node:crypto';
import { joinSorted, matchesHex } from './md5';

/**
 * `sign` of a KYB or store review: upper-case hex MD5 of the institution's salt and, right behind it, five of
 * the fields, trimmed, sorted, `k=v` joined with `&`, blank ones left out.
 * Source: review-notify.md, "Signature"; vectors `review-salted-digest.json`.
 */

const SIGNED_FIELDS = ['bizId', 'bizType', 'institutionId', 'signType', 'subClientId'] as const;

/** The signed fields and `sign` of a notification; all others are not covered and may be there. */
export type ReviewFields = Readonly<
  Partial<Record<(typeof SIGNED_FIELDS)[number] | 'sign', string | null | undefined>>
>;

/** The partner's digest over a canonical text: MD5 for notifications, SHA-256 in its checkout product. */
export function saltedDigest(algorithm: 'md5' | 'sha256', salt: string, canonical: string): string {
  return hash(algorithm, salt + canonical).toUpperCase();
}

/** The signature of a notification. */
export function signReview(fields: ReviewFields, salt: string): string {
  const signed = SIGNED_FIELDS.map((name) => [name, (fields[name] ?? '').trim()] as const);
  return saltedDigest('md5', salt, joinSorted(signed));
}

/** Whether the notification's `sign` fits one of the institution's salts, and its `signType` is MD5. */
export function verifyReview(fields: ReviewFields, salts: readonly string[]): boolean {
  const fits = matchesHex(
    fields.sign,
    salts.map((salt) => signReview(fields, salt)),
  );
  return fits && fields.signType?.trim() === 'MD5';
}
