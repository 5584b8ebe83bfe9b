import { macOf, matchesAny } from './mac';

/**
 * The wallet's body signature, header `X-Airpay-Req-H`: base64(HMAC-SHA256(secret, body)), the key being the
 * secret's UTF-8 bytes. Source: platform.md, "Partner registry"; vectors `wallet-hmac.json`.
 */

/** The signature of a body, of its exact bytes. A business's GET signs its path with query instead. */
export function signBody(secret: string, body: string | Uint8Array): string {
  return macOf(secret, body);
}

/** Whether the header's value is the body's signature with one of the secrets; an absent one never is. */
export function verifyBody(
  secrets: readonly string[],
  body: string | Uint8Array,
  signature: string | undefined,
): boolean {
  const expected = secrets.map((secret) => signBody(secret, body));
  return matchesAny(signature === undefined ? [] : [signature], expected);
}
