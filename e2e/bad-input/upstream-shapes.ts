import type { UpstreamEvent } from '@kyc-relay/simulators';
import type { Seeded } from '../world/seeded';
import type { User } from '../world/user';
import { spoilObject, type Shape } from './spoil';

/** A good event and the shape of its data. */
export interface ShapedEvent {
  event: UpstreamEvent;
  shape: Shape;
}

/** Each event that upstream publishes on the case topic; kyc-to-money-plus.md, "Input". */
const CASE_EVENTS: ((user: User) => ShapedEvent)[] = [
  (u) => ({
    event: u.submit(300, { name: 'N' }),
    shape: { shopee_uid: 'id', case_id: 'id', level: 'level', info: 'object?' },
  }),
  (u) => ({ event: u.approve(), shape: { shopee_uid: 'id', case_id: 'id', decided_by: 'choice' } }),
  (u) => ({
    event: u.reject('OPS', { reason_keys: ['k'] }),
    shape: { shopee_uid: 'id', case_id: 'id', decided_by: 'choice', reason_keys: 'list?', retry: 'flag?' },
  }),
  (u) => ({ event: u.reupload(), shape: { shopee_uid: 'id', case_id: 'id' } }),
  (u) => ({ event: u.remove(), shape: { shopee_uid: 'id', reason_keys: 'list?' } }),
  (u) => ({
    event: u.changeApproved({ name: 'N' }),
    shape: { shopee_uid: 'id', target: 'choice', changes: 'object' },
  }),
];

/** Each on the account topic. */
const ACCOUNT_EVENTS: ((user: User) => ShapedEvent)[] = [
  ...['account.activated', 'account.banned', 'account.unbanned'].map((type) => (u: User): ShapedEvent => ({
    event: { ...u.changePhone('1'), type, data: { shopee_uid: u.uid } },
    shape: { shopee_uid: 'id' },
  })),
  (u) => ({
    event: u.changePhone('+6591234567'),
    shape: { shopee_uid: 'id', phone: 'text', changed_by: 'text' },
  }),
];

/** A good event of a user, any type of a topic. */
export function someEvent(user: User, topic: 'case' | 'account', seeded: Seeded): ShapedEvent {
  return seeded.pick(topic === 'case' ? CASE_EVENTS : ACCOUNT_EVENTS)(user);
}

/** The same with one thing wrong in its data. */
export function spoilData({ event, shape }: ShapedEvent, seeded: Seeded): UpstreamEvent {
  return { ...event, data: spoilObject(event.data, shape, seeded) };
}
