import { describeInfo } from '../callback';
import type { Chapter, Line } from '../table';
import type { World } from '../world';

/** The account's phone changes: an eKYC follows and tells, anything else stays and says why. */
export async function tellPhone(world: World): Promise<Chapter> {
  const lines: Line[] = [];
  await tellEkyc(world, lines);
  await tellFull(world, lines);
  return { title: 'Phone changes of the account', lines };
}

async function approved(world: World, uid: string, level: number): Promise<void> {
  const info = { phone: '+60120000000' };
  await world.publish('kyc.case.submitted', { shopee_uid: uid, case_id: 'ph1', level, info });
  await world.publish('kyc.case.approved', { shopee_uid: uid, case_id: 'ph1', decided_by: 'OPS' });
  await world.until(
    async () => await world.query(uid),
    ({ body }) => body.data['spay_kyc_client_status'] === 3,
  );
  await world.subscribe(uid);
}

async function changePhone(world: World, uid: string): Promise<void> {
  await world.publish('account.phone-changed', {
    shopee_uid: uid,
    phone: '+60129999999',
    changed_by: 'user',
  });
  await world.until(
    async () => await world.history(uid),
    (items) => items.some(({ type }) => type === 'account.phone-changed'),
  );
}

async function tellEkyc(world: World, lines: Line[]): Promise<void> {
  const uid = world.user('phone-ekyc');
  await approved(world, uid, 300);
  await changePhone(world, uid);
  const [callback] = await world.received(uid, 1);
  const { body } = await world.query(uid);
  const history = await world.history(uid);
  lines.push(
    { what: 'eKYC, subscribed: callback', expected: 'phone=+60129999999', seen: describeInfo(callback) },
    { what: 'eKYC: the query is new at once', expected: '+60129999999', seen: String(body.data['phone']) },
    { what: 'eKYC: history', expected: 'APPLIED', seen: decisionOf(history) },
  );
}

async function tellFull(world: World, lines: Line[]): Promise<void> {
  const uid = world.user('phone-full');
  await approved(world, uid, 200);
  await changePhone(world, uid);
  const { body } = await world.query(uid);
  const history = await world.history(uid);
  const callbacks = await world.simulators.received({ shopee_uid: uid });
  lines.push(
    { what: 'not eKYC: the KYC phone stays', expected: '+60120000000', seen: String(body.data['phone']) },
    { what: 'not eKYC: history says why', expected: 'IGNORED kyc.not-ekyc', seen: decisionOf(history) },
    { what: 'not eKYC: callbacks', expected: '0', seen: String(callbacks.length) },
  );
}

function decisionOf(history: { type: string; decision: string; reason?: string }[]): string {
  const item = history.find(({ type }) => type === 'account.phone-changed');
  return [item?.decision, item?.reason].filter((text) => text !== undefined).join(' ');
}
