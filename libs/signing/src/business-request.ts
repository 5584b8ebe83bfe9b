import { type Headers, headerValues, singleHeader } from './header';
import { signBody, verifyBody } from './wallet-signature';
import { signWebhook, verifyWebhook } from './webhook-signature';

/**
 * The signatures of a business, both ways: the wallet's (`X-Airpay-ClientId`, `X-Airpay-Req-H`) and the trio of
 * Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), over the exact bytes of the body;
 * a GET signs its path with query in place of the body. Source: platform.md, "Partner registry".
 */

/** The names of the headers, as we send them. */
export const BUSINESS_HEADERS = {
  client: 'X-Airpay-ClientId',
  body: 'X-Airpay-Req-H',
  id: 'webhook-id',
  timestamp: 'webhook-timestamp',
  signature: 'webhook-signature',
} as const;

/** How a business's requests are verified: its part of the registry. */
export interface BusinessKeys {
  /** One or two; the first signs, all verify. */
  secrets: readonly string[];
  /** How far `webhook-timestamp` may be off our clock, either way, in seconds. */
  toleranceSeconds: number;
  /** Whether the business may leave the trio out (`legacy_signature_only`). */
  legacyOnly: boolean;
}

/** What was wrong, for a metric's label. Towards the caller all are alike. */
export type SignatureRefusal =
  | 'signature.unknown-business'
  | 'signature.wrong-body-signature'
  | 'signature.incomplete-webhook-headers'
  | 'signature.wrong-webhook-signature'
  | 'signature.stale-timestamp';

/** The outcome. `webhookId` tells repeats apart; it is absent when a legacy business left the trio out. */
export type BusinessRequestVerdict = { ok: true; webhookId?: string } | { ok: false; code: SignatureRefusal };

/** A received request, as far as the signatures concern it. */
export interface ReceivedRequest {
  headers: Headers;
  /** What is signed: the raw body, or for a GET its path with query. */
  signed: Uint8Array;
  /** The business that `readBusinessId` names; undefined when the registry does not know it. */
  business: BusinessKeys | undefined;
  /** Our clock in Unix seconds; a fraction is dropped, as the sender dropped it too. */
  nowSeconds: number;
}

/** Stands in for a business we do not know, so that refusing it takes as long as refusing a bad signature. */
const NOBODY: BusinessKeys = { secrets: ['nobody'], toleranceSeconds: 0, legacyOnly: false };

/** Visible ASCII of at most 256: what a `webhook-id` needs, and short enough to be kept for telling repeats. */
const WEBHOOK_ID = /^[\x21-\x7e]{1,256}$/;
/** Decimal without sign or leading zero: the text that was signed is the only text of its number. */
const UNIX_SECONDS = /^[1-9]\d{0,11}$/;

/** The business that a request says it comes from, or undefined when it does not say so exactly once. */
export function readBusinessId(headers: Headers): string | undefined {
  return singleHeader(headers, BUSINESS_HEADERS.client);
}

/** Verifies a business's request; never throws, whatever the headers hold. */
export function verifyBusinessRequest(request: ReceivedRequest): BusinessRequestVerdict {
  const { headers, signed } = request;
  const business = request.business ?? NOBODY;
  const bodyFits = verifyBody(business.secrets, signed, singleHeader(headers, BUSINESS_HEADERS.body));
  const webhook = verifyTrio(request, business);

  if (!request.business) return refuse('signature.unknown-business');
  if (!bodyFits) return refuse('signature.wrong-body-signature');
  return webhook;
}

function verifyTrio(
  { headers, signed, nowSeconds }: ReceivedRequest,
  { secrets, toleranceSeconds, legacyOnly }: BusinessKeys,
): BusinessRequestVerdict {
  const id = singleHeader(headers, BUSINESS_HEADERS.id);
  const timestamp = singleHeader(headers, BUSINESS_HEADERS.timestamp);
  const signatures = headerValues(headers, BUSINESS_HEADERS.signature);

  if (legacyOnly && !hasTrio(headers)) return { ok: true };
  if (!id || !WEBHOOK_ID.test(id) || !timestamp || !UNIX_SECONDS.test(timestamp) || !signatures.length) {
    return refuse('signature.incomplete-webhook-headers');
  }
  if (!verifyWebhook({ id, timestamp, body: signed }, secrets, signatures.join(' '))) {
    return refuse('signature.wrong-webhook-signature');
  }
  if (Math.abs(Math.floor(nowSeconds) - Number(timestamp)) > toleranceSeconds)
    return refuse('signature.stale-timestamp');
  return { ok: true, webhookId: id };
}

function hasTrio(headers: Headers): boolean {
  const trio = [BUSINESS_HEADERS.id, BUSINESS_HEADERS.timestamp, BUSINESS_HEADERS.signature];
  return trio.some((name) => headerValues(headers, name).length > 0);
}

function refuse(code: SignatureRefusal): BusinessRequestVerdict {
  return { ok: false, code };
}

/** A request that we send to a business, or a business to us. */
export interface OutgoingRequest {
  bizId: string;
  /** One or two: the first signs the body, all sign the webhook. */
  secrets: readonly [string, ...string[]];
  /** `webhook-id`; for a callback its `event_id`, the same on every attempt. */
  id: string;
  /** When this attempt is sent, in Unix seconds; a fraction is dropped. */
  nowSeconds: number;
  /** The exact bytes that are sent; for a GET its path with query. */
  signed: string | Uint8Array;
}

/** The five headers that sign a request. */
export function signBusinessRequest(request: OutgoingRequest): Record<string, string> {
  const { bizId, secrets, id, nowSeconds, signed } = request;
  const timestamp = String(Math.floor(nowSeconds));
  return {
    [BUSINESS_HEADERS.client]: bizId,
    [BUSINESS_HEADERS.body]: signBody(secrets[0], signed),
    [BUSINESS_HEADERS.id]: id,
    [BUSINESS_HEADERS.timestamp]: timestamp,
    [BUSINESS_HEADERS.signature]: signWebhook({ id, timestamp, body: signed }, secrets),
  };
}
