import { A_TIME, A_UUID_V7 } from '../world/expected';
import type { Caller, JsonAnswer } from '../world/call';
import { MONEY_PLUS, SECRET } from '../world/registry';
import { User, parseBody } from '../world/user';
import { TOPICS, type World } from '../world/world';
import { readHistory } from './history';

const BOTH = ['KYC_STATUS_CHANGED', 'KYC_INFO_CHANGED'];

/** `POST /v1/subscriptions`; kyc-to-money-plus.md, "Subscription". */
export function describeSubscriptions(world: () => World): void {
  describe('subscriptions', () => {
    const ask = async (
      uid: string,
      action: string,
      more: object = {},
      as: Caller = {},
    ): Promise<JsonAnswer> =>
      await world().callSigned(
        '/v1/subscriptions',
        { action, biz_id: MONEY_PLUS, shopee_uid: uid, ...more },
        as,
      );
    const published = (user: User): Record<string, unknown>[] =>
      world()
        .topics.of(TOPICS.userEvents, user.uid)
        .filter(({ headers }) => headers['ce_type'] === 'kyc.subscription-changed')
        .map(({ value }) => parseBody(value));

    it('of a user nobody knows is answered with the current state', async () => {
      const user = new User(world(), world().uid('sub'));
      const answer = await ask(user.uid, 'SUBSCRIBE');
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        retcode: 0,
        message: 'success',
        data: {
          biz_id: MONEY_PLUS,
          shopee_uid: user.uid,
          subscribed: true,
          events: BOTH,
          current: {
            version: 0,
            spay_kyc_client_status: null,
            spay_kyc_level: null,
            is_meet_business: false,
            has_pending_case: false,
          },
        },
      });
      await world().topics.first(1, TOPICS.userEvents, user.uid);
      expect(published(user)).toEqual([
        {
          event_id: A_UUID_V7,
          biz_id: MONEY_PLUS,
          shopee_uid: user.uid,
          action: 'SUBSCRIBE',
          subscribed: true,
          events: BOTH,
          changed_at: A_TIME,
        },
      ]);
    });

    it('nothing old is sent: changes above the version of the answer are called back, none up to it', async () => {
      const user = new User(world(), world().uid('old'));
      await user.tellUntil(3, ...user.becomes(300), user.reupload());
      const answer = await ask(user.uid, 'SUBSCRIBE');
      expect((answer.body['data'] as Record<string, unknown>)['current']).toEqual({
        version: 3,
        spay_kyc_client_status: 2,
        spay_kyc_level: 300,
        is_meet_business: true,
        has_pending_case: true,
      });
      await user.tell(user.approve());
      expect(await user.callbacks(1)).toMatchObject([{ relay_version: 4 }]);
    });

    it('each kind of event on its own; SUBSCRIBE sets the list, UNSUBSCRIBE takes away', async () => {
      const user = new User(world(), world().uid('kinds'));
      const dataOf = async (action: string, events?: string[]): Promise<unknown> => {
        const { subscribed, events: left } = (await ask(user.uid, action, events && { events })).body[
          'data'
        ] as Record<string, unknown>;
        return [subscribed, left];
      };
      expect(await dataOf('SUBSCRIBE', ['KYC_STATUS_CHANGED'])).toEqual([true, ['KYC_STATUS_CHANGED']]);
      await user.tellUntil(3, ...user.becomes(300), user.changeApproved({ name: 'A' }));
      expect(await dataOf('SUBSCRIBE', ['KYC_INFO_CHANGED'])).toEqual([true, ['KYC_INFO_CHANGED']]);
      await user.tellUntil(5, user.reupload(), user.changeApproved({ name: 'B' }));
      expect(await dataOf('SUBSCRIBE')).toEqual([true, BOTH]);
      await user.tellUntil(7, user.reject(), user.changeApproved({ name: 'C' }));
      expect(await dataOf('UNSUBSCRIBE', ['KYC_INFO_CHANGED'])).toEqual([true, ['KYC_STATUS_CHANGED']]);
      await user.tellUntil(8, user.changeApproved({ name: 'D' }));
      expect(await dataOf('UNSUBSCRIBE', ['KYC_STATUS_CHANGED'])).toEqual([false, []]);
      await user.tellUntil(9, user.reupload());
      expect(await dataOf('SUBSCRIBE', BOTH)).toEqual([true, BOTH]);
      expect(await dataOf('UNSUBSCRIBE')).toEqual([false, []]);
      await user.tellUntil(11, user.reject(), user.changeApproved({ name: 'E' }));
      expect(await dataOf('SUBSCRIBE')).toEqual([true, BOTH]);
      await user.tell(user.changeApproved({ name: 'Last' }));
      const callbacks = await user.callbacks(6);
      expect(callbacks.map(({ relay_version }) => relay_version)).toEqual([1, 2, 5, 6, 7, 12]);
    });

    it('is idempotent: the same again is answered alike, and published once', async () => {
      const user = new User(world(), world().uid('same'));
      const first = await ask(user.uid, 'SUBSCRIBE');
      expect(await ask(user.uid, 'SUBSCRIBE')).toMatchObject({ status: 200, body: first.body });
      await ask(user.uid, 'UNSUBSCRIBE');
      expect((await ask(user.uid, 'UNSUBSCRIBE')).body).toMatchObject({
        retcode: 0,
        data: { subscribed: false },
      });
      await ask(user.uid, 'SUBSCRIBE', { events: ['KYC_INFO_CHANGED'] });
      await world().topics.first(3, TOPICS.userEvents, user.uid);
      expect(published(user).map(({ action, subscribed, events }) => [action, subscribed, events])).toEqual([
        ['SUBSCRIBE', true, BOTH],
        ['UNSUBSCRIBE', false, []],
        ['SUBSCRIBE', true, ['KYC_INFO_CHANGED']],
      ]);
      const { items } = await readHistory(world(), user.uid);
      expect(items.filter(({ type }) => type === 'kyc.subscription-changed')).toHaveLength(3);
    });

    it('a repeated webhook-id gets its first answer and changes nothing; with another body it is 400', async () => {
      const user = new User(world(), world().uid('repeat'));
      const as = { webhook_id: `hook-${user.uid}` };
      const first = await ask(user.uid, 'SUBSCRIBE', {}, as);
      await ask(user.uid, 'UNSUBSCRIBE');
      await user.tellUntil(1, user.submit(100));
      const again = await ask(user.uid, 'SUBSCRIBE', {}, as);
      expect([again.status, again.text]).toEqual([200, first.text]);
      const other = await ask(user.uid, 'SUBSCRIBE', { events: ['KYC_INFO_CHANGED'] }, as);
      expect([other.status, other.body['retcode']]).toEqual([400, 1]);
      await user.tellUntil(2, user.reject());
      expect(user.changesSoFar().map(({ value }) => parseBody(value)['subscriptions'])).toEqual([[], []]);
    });

    it.each<[string, object, string]>([
      ['events', { events: [] }, 'events'],
      ['events', { events: ['KYC_ODD'] }, 'events'],
      ['events', { events: 'KYC_INFO_CHANGED' }, 'events'],
      ['action', { action: 'subscribe' }, 'action'],
      ['action', { action: null }, 'action'],
      ['shopee_uid', { shopee_uid: '' }, 'shopee_uid'],
      ['shopee_uid', { shopee_uid: 'a/b' }, 'shopee_uid'],
      ['shopee_uid', { shopee_uid: 17 }, 'shopee_uid'],
      ['unknown field', { surprise: 1 }, 'surprise'],
    ])('a bad %s is 400 with retcode 1 and the field: %j', async (_what, over, field) => {
      const user = new User(world(), world().uid('bad'));
      const answer = await ask(user.uid, 'SUBSCRIBE', over);
      expect([answer.status, answer.body['retcode']]).toEqual([400, 1]);
      expect(answer.body['message']).toContain(field);
      expect(Object.keys(answer.body).sort()).toEqual(['message', 'retcode']);
    });

    it('whoever does not sign for the business is answered 401 with retcode 2, all alike, and nothing changes', async () => {
      const user = new User(world(), world().uid('stranger'));
      const minutes = (n: number): Date => new Date(Date.now() + n * 60_000);
      const strangers: Caller[] = [
        { biz_id: 'NOBODY' },
        { secret: 'wrong' },
        { time: minutes(-6) },
        { time: minutes(6) },
        { biz_id: 'FULL_WILL_DO' },
        { without: ['x-airpay-req-h'] },
        { without: ['x-airpay-clientid'] },
        { without: ['webhook-id', 'webhook-timestamp', 'webhook-signature'] },
        { without: ['webhook-signature'] },
        'nobody',
        world().as('operator'),
      ];
      const answers = [];
      for (const as of strangers) answers.push(await ask(user.uid, 'SUBSCRIBE', {}, as));
      expect(answers.map(({ status, body }) => [status, body['retcode']])).toEqual(
        strangers.map(() => [401, 2]),
      );
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      await user.tellUntil(1, user.submit(100));
      expect(parseBody((await user.changes(1))[0]?.value)['subscriptions']).toEqual([]);
    });

    it('within the tolerance, with either of two secrets, or of a business that leaves the trio out, is taken', async () => {
      const user = new User(world(), world().uid('tolerant'));
      expect((await ask(user.uid, 'SUBSCRIBE', {}, { time: new Date(Date.now() - 240_000) })).status).toBe(
        200,
      );
      const legacy = await ask(
        user.uid,
        'SUBSCRIBE',
        { biz_id: 'LEGACY' },
        { biz_id: 'LEGACY', without: ['webhook-id', 'webhook-timestamp', 'webhook-signature'] },
      );
      expect([legacy.status, legacy.body['retcode']]).toEqual([200, 0]);
      for (const secret of [SECRET, 'the-next-secret'])
        expect(
          (await ask(user.uid, 'SUBSCRIBE', { biz_id: 'LEGACY' }, { biz_id: 'LEGACY', secret })).status,
        ).toBe(200);
    });

    it('what was decided before an UNSUBSCRIBE is still sent', async () => {
      const user = await User.subscribed(world(), 'still');
      const rule = world().moneyPlus.rule({
        match: { shopee_uid: user.uid, attempt: 1 },
        behaviour: { type: 'http', status: 500 },
        times: 1,
      });
      await user.tell(user.submit(100));
      await world().moneyPlus.waitFor({ filter: { shopee_uid: user.uid } }, 10_000);
      await ask(user.uid, 'UNSUBSCRIBE');
      await user.callbacks(1);
      world().moneyPlus.clearRules(rule);
    });
  });
}
