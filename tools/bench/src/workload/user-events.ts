import { newEventId, binaryHeaders, TOPICS } from '@kyc-relay/contracts';
import type { Message } from 'kafkajs';
import { BUSINESS } from '../rig/rig';
import { scatter, uidOf, USERS } from './users';

/** The topic of all of them. */
export const USER_TOPIC = TOPICS.kycUserEvents;

/** The nth status change as kyc-status-publisher publishes it: a user each, in a scattered order, one callback each. */
export function statusChanged(n: number, now: Date): Message {
  const uid = uidOf(scatter(n, USERS));
  const id = newEventId();
  return {
    key: uid,
    value: JSON.stringify({
      event_id: id,
      shopee_uid: uid,
      version: Math.floor(n / USERS) + 1,
      spay_kyc_client_status: 3,
      spay_kyc_level: 300,
      spay_reject_reason: '',
      spay_reject_reason_key: '',
      spay_delete_reason: '',
      spay_delete_reason_key: '',
      change_status_time: Math.floor(now.getTime() / 1000),
      subscriptions: [{ biz_id: BUSINESS.bizId, is_meet_business: true }],
    }),
    headers: binaryHeaders({
      id,
      source: '/kyc-relay/kyc-status-publisher',
      type: 'kyc.status-changed',
      time: now,
      subject: uid,
    }),
  };
}
