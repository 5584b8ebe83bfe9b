/**
 * The bodies of callbacks. They are made once, when the change arrives, and sent as these bytes on every attempt.
 * Source: kyc-to-money-plus.md, "Callback to Money+"; names and order of the fields are the receiver's contract.
 */

/** A status change as `kyc.user-events.v1` tells it, without what only we need. */
export interface StatusChange {
  event_id: string;
  shopee_uid: string;
  /** 2 pending, 3 approved, 4 rejected, 5 deleted. */
  spay_kyc_client_status: number;
  /** 100 partial, 200 full, 300 eKYC. */
  spay_kyc_level: number;
  spay_reject_reason: string;
  spay_reject_reason_key: string;
  spay_delete_reason: string;
  spay_delete_reason_key: string;
  /** Unix seconds. */
  change_status_time: number;
}

/** The business that the change concerns, and what it means to it. */
export interface StatusSubscription {
  biz_id: string;
  is_meet_business: boolean;
}

/** An info change as `kyc.user-events.v1` tells it. */
export interface InfoChange {
  event_id: string;
  shopee_uid: string;
  /** Unix seconds. */
  change_time: number;
  /** Changed fields by their name in `info`. */
  changes: object;
}

/** The identity document goes on our own topic, masked, and never to a business. */
const NEVER_CALLED_BACK: ReadonlySet<string> = new Set(['ic_type', 'ic_number']);

/** Money+ has the code dictionary and converts itself, so these two carry the code under the receiver's name. */
const CALLBACK_NAMES: ReadonlyMap<string, string> = new Map([
  ['industry_code', 'nature_of_business'],
  ['occupation_code', 'occupation'],
]);

/** What a field of `info` is called in a callback. */
export function callbackName(field: string): string {
  return CALLBACK_NAMES.get(field) ?? field;
}

/** The body of a status callback: the addressing fields, then the eight of the source in its order. */
export function buildStatusBody(change: StatusChange, subscription: StatusSubscription): string {
  return JSON.stringify({
    event_id: change.event_id,
    biz_id: subscription.biz_id,
    shopee_uid: change.shopee_uid,
    spay_kyc_client_status: change.spay_kyc_client_status,
    spay_kyc_level: change.spay_kyc_level,
    is_meet_business: subscription.is_meet_business,
    spay_reject_reason: change.spay_reject_reason,
    spay_reject_reason_key: change.spay_reject_reason_key,
    spay_delete_reason: change.spay_delete_reason,
    spay_delete_reason_key: change.spay_delete_reason_key,
    change_status_time: change.change_status_time,
  });
}

/** The body of an info callback: only the changed fields; null where none of them may be told. */
export function buildInfoBody(change: InfoChange, bizId: string): string | null {
  const told = Object.entries(change.changes as Record<string, unknown>)
    .filter(([name]) => !NEVER_CALLED_BACK.has(name))
    .map(([name, value]) => [callbackName(name), value] as const);
  if (told.length === 0) return null;
  return JSON.stringify({
    event_id: change.event_id,
    biz_id: bizId,
    shopee_uid: change.shopee_uid,
    change_time: change.change_time,
    ...Object.fromEntries(told),
  });
}
