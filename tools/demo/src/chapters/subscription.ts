import type { Chapter, Line } from '../table';
import type { World } from '../world';

/** Subscription on and off, and what the app shows a user on the way to Money+. */
export async function tellSubscription(world: World): Promise<Chapter> {
  const lines: Line[] = [];
  await tellOnAndOff(world, lines);
  await tellEntry(world, lines);
  return { title: 'Subscription and entry', lines };
}

async function tellOnAndOff(world: World, lines: Line[]): Promise<void> {
  const uid = world.user('subscription');
  const on = await world.subscribe(uid);
  await world.publish('kyc.case.submitted', { shopee_uid: uid, case_id: 's1', level: 300 });
  await world.received(uid, 1);
  const off = await world.subscribe(uid, 'UNSUBSCRIBE');
  await world.publish('kyc.case.approved', { shopee_uid: uid, case_id: 's1', decided_by: 'OPS' });
  await world.until(
    async () => await world.query(uid),
    ({ body }) => body.data['is_meet_business'] === true,
  );
  await world.subscribe(uid);
  // The callback of this later change shows that none was on its way for the approval.
  await world.publish('kyc.record.deleted', { shopee_uid: uid });
  const callbacks = await world.received(uid, 2);
  lines.push(
    { what: 'SUBSCRIBE', expected: 'subscribed', seen: subscribed(on.body) },
    { what: 'UNSUBSCRIBE', expected: 'not subscribed', seen: subscribed(off.body) },
    {
      what: 'approval while not subscribed',
      expected: 'callbacks of versions 1, 3',
      seen: `callbacks of versions ${callbacks.map(({ relay_version: version }) => String(version)).join(', ')}`,
    },
  );
}

async function tellEntry(world: World, lines: Line[]): Promise<void> {
  const uid = world.user('entry');
  const steps: [what: string, type: string | undefined, data: object, expected: string][] = [
    ['not activated', undefined, {}, 'CONSENT'],
    ['activated', 'account.activated', {}, 'EKYC_FLOW'],
    ['pending full', 'kyc.case.submitted', { case_id: 'n1', level: 200 }, 'POPUP PENDING_FULL'],
    ['full approved', 'kyc.case.approved', { case_id: 'n1', decided_by: 'OPS' }, 'EKYC_FLOW'],
    ['pending eKYC', 'kyc.case.submitted', { case_id: 'n2', level: 300 }, 'POPUP PENDING_EKYC'],
    ['eKYC approved', 'kyc.case.approved', { case_id: 'n2', decided_by: 'AUTO' }, 'REGISTER'],
    ['banned', 'account.banned', {}, 'POPUP BANNED'],
    ['unbanned', 'account.unbanned', {}, 'REGISTER'],
  ];
  for (const [what, type, data, expected] of steps) {
    if (type !== undefined) await world.publish(type, { shopee_uid: uid, ...data });
    const seen = await world.until(
      async () => {
        const { body } = await world.entry(uid);
        return [body['decision'], body['tag']]
          .flatMap((part) => (typeof part === 'string' ? [part] : []))
          .join(' ');
      },
      (answer) => answer === expected,
    );
    lines.push({ what: `entry: ${what}`, expected, seen });
  }
}

function subscribed(body: Record<string, unknown>): string {
  const data = body['data'] as { subscribed?: boolean } | undefined;
  return data?.subscribed === true ? 'subscribed' : 'not subscribed';
}
