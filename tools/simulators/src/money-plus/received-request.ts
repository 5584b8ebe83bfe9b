import type { SignatureVerdict } from './signature-check';

/** What a request came for: a callback, the target of a redirect (which must never be followed), or another path. */
export type RequestKind = 'status' | 'info' | 'redirect-target' | 'other';

/** One request as it arrived. Texts longer than 256 characters are cut. */
export interface Arrival {
  /** When the whole body was there, ms since the epoch with a fraction. */
  arrived_at: number;
  method: string;
  /** Path without query. */
  path: string;
  kind: RequestKind;
  /** From the body; null where it has none. */
  biz_id: string | null;
  /** From the body. */
  shopee_uid: string | null;
  /** From the body. */
  event_id: string | null;
  /** Header `webhook-id`. */
  webhook_id: string | null;
  /** Header `x-relay-version`; null when missing or not a whole number. */
  relay_version: number | null;
  /** Which attempt of its `webhook_id`, from 1; null in quick mode. */
  attempt: number | null;
  body_bytes: number;
  /** Hex. */
  body_sha256: string;
  /** False when the connection was cut, or reset on purpose, before the body was read to its end. */
  body_complete: boolean;
  /** Whole body; left out in quick mode. */
  body?: string;
  /** All headers, lower case; left out in quick mode. */
  headers?: Record<string, string>;
  signature: SignatureVerdict;
  /** What was done: a behaviour's type, or `unauthorised`, `aborted`, `too-large`, `not-found`. */
  behaviour: string;
  /** Id of the rule that said so. */
  rule: string | null;
}

/** How a request ended. */
export interface Ending {
  /** HTTP status sent; null when none was. */
  status: number | null;
  /** The callback was processed and the answer means (or, when lost, would have meant) success. */
  success: boolean;
  /** The whole answer was handed to the network before the connection closed. */
  answered_wholly: boolean;
  /** Body bytes of the answer that could be written. */
  bytes_written: number;
}

/** One request in the receiver's own log. Fields of the ending are null while the request is open. */
export interface ReceivedRequest extends Arrival {
  /** Place in the order of arrival, from 0; never given twice, also after a reset. */
  index: number;
  status: number | null;
  success: boolean | null;
  answered_wholly: boolean | null;
  bytes_written: number | null;
  /** ms since the epoch with a fraction. */
  ended_at: number | null;
}

/** Which requests are meant; each field left out matches all. */
export interface ReceivedFilter {
  biz_id?: string;
  shopee_uid?: string;
  kind?: RequestKind;
  event_id?: string;
  behaviour?: string;
  signature?: SignatureVerdict;
  /** Known only when the request has ended. */
  success?: boolean;
  /** Known only when the request has ended. */
  answered_wholly?: boolean;
  /** From this index on. */
  since?: number;
}

const EQUAL_FIELDS = [
  'biz_id',
  'shopee_uid',
  'kind',
  'event_id',
  'behaviour',
  'signature',
  'success',
  'answered_wholly',
] as const;

/** Whether a request is among those meant. */
export function matchesFilter(request: ReceivedRequest, filter: ReceivedFilter): boolean {
  if (filter.since !== undefined && request.index < filter.since) return false;
  return EQUAL_FIELDS.every((field) => filter[field] === undefined || filter[field] === request[field]);
}
