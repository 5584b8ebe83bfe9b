import type { ReceivedRequest } from '@kyc-relay/simulators';

/** A status callback in one line: status, level, meets, and whichever reason is there. */
export function describeStatus(request: ReceivedRequest | undefined): string {
  if (!request) return 'no callback';
  const body = JSON.parse(request.body ?? '{}') as Record<string, unknown>;
  const reasons = [
    'spay_reject_reason',
    'spay_reject_reason_key',
    'spay_delete_reason',
    'spay_delete_reason_key',
  ].flatMap((field) => (body[field] === '' ? [] : [`${field.slice(5)}=${String(body[field])}`]));
  const main = [body['spay_kyc_client_status'], body['spay_kyc_level'], body['is_meet_business']].map(String);
  return [...main, ...reasons, ...(request.signature === 'valid' ? [] : ['BAD SIGNATURE'])].join(' ');
}

/** An info callback in one line: its changed fields. */
export function describeInfo(request: ReceivedRequest | undefined): string {
  if (!request) return 'no callback';
  const {
    event_id: _event,
    biz_id: _biz,
    shopee_uid: _uid,
    change_time: _time,
    ...changes
  } = JSON.parse(request.body ?? '{}') as Record<string, unknown>;
  const fields = Object.entries(changes).map(([field, value]) => `${field}=${String(value)}`);
  return [...fields, ...(request.signature === 'valid' ? [] : ['BAD SIGNATURE'])].join(' ');
}
