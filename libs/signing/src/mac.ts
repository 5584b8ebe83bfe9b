import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The two parts that every rule with a shared secret is made of. A secret is used as its UTF-8 bytes.
 */

/** base64 (padded, not URL-safe) of HMAC-SHA256 over the parts one after the other; texts count as UTF-8. */
export function macOf(secret: string, ...parts: (string | Uint8Array)[]): string {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest('base64');
}

/**
 * Whether any text given is any of those expected. Compares all of them whatever it finds, so the time tells
 * neither which secret fitted nor how much of a text did. The length of a signature is no secret.
 * Texts, not decoded bytes, are compared: anything but the one canonical encoding is refused unseen.
 */
export function matchesAny(given: readonly string[], expected: readonly string[]): boolean {
  let found = false;
  for (const right of expected.map((text) => Buffer.from(text))) {
    for (const left of given) {
      const bytes = Buffer.from(left);
      if (bytes.length === right.length && timingSafeEqual(bytes, right)) found = true;
    }
  }
  return found;
}
