import { awaitState } from '../world/await-state';
import { MONEY_PLUS } from '../world/registry';
import { User, parseBody } from '../world/user';
import { SOURCE_TIME, TOPICS, type World } from '../world/world';
import { readHistory } from './history';

const OLD = '+6591234567';
const NEW = '+6587654321';

/** Phone changes of the account; kyc-to-money-plus.md, "Phone change". */
export function describePhone(world: () => World): void {
  describe('a phone change of the account', () => {
    const phoneOf = async (user: User): Promise<unknown> => {
      const answer = await world().callSigned('/v1/kyc/query-field-result', {
        biz_id: MONEY_PLUS,
        shopee_uid: user.uid,
      });
      return (answer.body['data'] as Record<string, unknown>)['phone'];
    };

    it('of an eKYC user is followed: the query, the history, the callback; no seamless request again', async () => {
      const user = await User.subscribed(world(), 'phone');
      await user.tellUntil(2, ...user.becomes(300, { name: 'A', phone: OLD }));
      await user.tell(user.changePhone(NEW, OLD));
      const [, , change] = await user.changes(3);
      expect(await phoneOf(user)).toBe(NEW);
      expect(parseBody(change?.value)).toMatchObject({
        version: 3,
        target: 'APPROVED',
        change_time: SOURCE_TIME,
        changes: { phone: NEW },
        subscriptions: [{ biz_id: MONEY_PLUS }],
      });
      const [, , callback] = await user.callbacks(3);
      expect(callback?.body).toBe(
        JSON.stringify({
          event_id: parseBody(change?.value)['event_id'],
          biz_id: MONEY_PLUS,
          shopee_uid: user.uid,
          change_time: SOURCE_TIME,
          phone: NEW,
        }),
      );
      const item = (await readHistory(world(), user.uid)).items.find(
        ({ type }) => type === 'account.phone-changed',
      );
      expect(item).toMatchObject({
        decision: 'APPLIED',
        by: 'USER',
        changes: [{ field: 'phone', from: '*******4567', to: '*******4321' }],
        callbacks: [callback?.event_id],
      });
      // A marker: what the phone change caused stands before it.
      await user.tellUntil(4, user.changeApproved({ name: 'Marker' }));
      expect(seamless(user)).toHaveLength(1);
    });

    it.each([
      ['none', 0],
      ['partial', 100],
      ['full', 200],
    ])('of a user with %s changes nothing but the history, which says why', async (_what, level) => {
      const user = await User.subscribed(world(), 'not-ekyc');
      if (level > 0) await user.tellUntil(2, ...user.becomes(level, { phone: OLD }));
      // The pending case, too, keeps its phone.
      const versions = level > 0 ? 3 : 1;
      await user.tellUntil(versions, user.submit(300, level > 0 ? undefined : { phone: OLD }));
      const event = user.changePhone(NEW, OLD);
      await user.tell(event);
      const item = await historyItem(world(), user, event.id);
      expect(item).toMatchObject({ decision: 'IGNORED', type: 'account.phone-changed', callbacks: [] });
      expect(item['reason']).toMatch(/./);
      await user.tellUntil(versions + 1, user.approve());
      expect(await phoneOf(user)).toBe(OLD);
      expect((await user.callbacks(versions + 1)).every(({ kind }) => kind === 'status')).toBe(true);
    });

    it('to the phone that is there changes nothing', async () => {
      const user = await User.subscribed(world(), 'same-phone');
      await user.tellUntil(2, ...user.becomes(300, { phone: OLD }));
      const event = user.changePhone(OLD);
      await user.tell(event);
      await historyItem(world(), user, event.id);
      await user.tellUntil(3, user.changeApproved({ name: 'N' }));
      expect((await user.callbacks(3)).map(({ kind }) => kind)).toEqual(['status', 'status', 'info']);
    });

    it('of a user who is not subscribed is followed without a callback', async () => {
      const user = new User(world(), world().uid('unsubscribed'));
      await user.tellUntil(2, ...user.becomes(300, { phone: OLD }));
      await user.tellUntil(3, user.changePhone(NEW));
      expect(parseBody((await user.changes(3))[2]?.value)['subscriptions']).toEqual([]);
      expect(await phoneOf(user)).toBe(NEW);
      await world().subscribe(user.uid);
      await user.tell(user.changeApproved({ name: 'N' }));
      expect(await user.callbacks(1)).toMatchObject([{ relay_version: 4 }]);
    });

    it('after a delete is ignored again', async () => {
      const user = await User.subscribed(world(), 'deleted');
      await user.tellUntil(3, ...user.becomes(300, { phone: OLD }), user.remove());
      const event = user.changePhone(NEW);
      await user.tell(event);
      expect(await historyItem(world(), user, event.id)).toMatchObject({ decision: 'IGNORED' });
      expect(user.changesSoFar()).toHaveLength(3);
    });
  });

  describe('the seamless individual request', () => {
    it('follows the first eKYC approval and nothing else; after a delete an eKYC is a first one again', async () => {
      const user = new User(world(), world().uid('seamless'));
      await user.tell(...user.becomes(200), user.submit(300), user.reject());
      const first = user.becomes(300);
      const caseOfFirst = user.caseId;
      await user.tell(...first, user.reupload(), user.approve(), ...user.becomes(300));
      await user.tell(user.changeApproved({ name: 'N' }), user.remove());
      const second = user.becomes(300);
      await user.tellUntil(14, ...second);
      await user.tellUntil(15, user.changeApproved({ name: 'Marker' }));
      expect(seamless(user).map(({ value }) => parseBody(value))).toEqual([
        expect.objectContaining({ shopee_uid: user.uid, case_id: caseOfFirst }),
        expect.objectContaining({ shopee_uid: user.uid, case_id: user.caseId }),
      ]);
      const [one] = seamless(user);
      expect(Object.keys(parseBody(one?.value)).sort()).toEqual([
        'case_id',
        'event_id',
        'requested_at',
        'shopee_uid',
      ]);
      // It does not count as a change of the record.
      expect((await user.changes(15)).map(({ value }) => parseBody(value)['version'])).toEqual(
        Array.from({ length: 15 }, (_, n) => n + 1),
      );
    });
  });
}

function seamless(user: User): { value: string }[] {
  return user.world.topics
    .of(TOPICS.userEvents, user.uid)
    .filter(({ headers }) => headers['ce_type'] === 'kyc.seamless-individual-requested');
}

/** What the history says of an event, once it does. */
async function historyItem(world: World, user: User, ceId: string): Promise<Record<string, unknown>> {
  return await awaitState(`the history of ${ceId}`, async () =>
    (await readHistory(world, user.uid)).items.find(({ ce_id }) => ce_id === ceId),
  );
}
