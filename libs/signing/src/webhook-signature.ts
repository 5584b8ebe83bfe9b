import { macOf, matchesAny } from './mac';

/**
 * The signature of Standard Webhooks, header `webhook-signature`: for each valid secret `v1,` and
 * base64(HMAC-SHA256(secret, id.timestamp.body)), separated by spaces. The key is the secret's UTF-8 bytes, so
 * a Standard Webhooks library is given `whsec_` + base64(secret). Source: platform.md, "Partner registry".
 */

/** What a Standard Webhooks signature covers. */
export interface WebhookContent {
  /** `webhook-id`: names the message, the same on every attempt. */
  id: string;
  /** `webhook-timestamp`: Unix seconds of this attempt, as the decimal text that is sent. */
  timestamp: string;
  /** The exact bytes of the body; a text counts as UTF-8. */
  body: string | Uint8Array;
}

const VERSION = 'v1,';

/** The header's value: one signature per secret, in their order, so a receiver may hold any of them. */
export function signWebhook(content: WebhookContent, secrets: readonly string[]): string {
  return secrets.map((secret) => signatureOf(content, secret)).join(' ');
}

/**
 * Whether one of the header's signatures fits one of the secrets; an absent header never does. Other versions
 * (`v1a`, …) are passed over, as the standard asks. A header sent twice arrives joined by commas and counts as
 * one list. The timestamp's age is the caller's matter.
 */
export function verifyWebhook(
  content: WebhookContent,
  secrets: readonly string[],
  signatures: string | undefined,
): boolean {
  const given = (signatures ?? '').split(/,? +/);
  const expected = secrets.map((secret) => signatureOf(content, secret));
  return matchesAny(given, expected);
}

function signatureOf({ id, timestamp, body }: WebhookContent, secret: string): string {
  return VERSION + macOf(secret, `${id}.${timestamp}.`, body);
}
