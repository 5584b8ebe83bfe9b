import { MONEY_PLUS } from '../world/registry';
import { User } from '../world/user';
import type { World } from '../world/world';

const PATH = '/v1/kyc/query-field-result';
const INFO = {
  name: 'Ada',
  phone: '+6591234567',
  ic_number: 'S1234567D',
  ic_type: 'NRIC',
  address: 'not asked for',
};
const NOTHING = {
  name: null,
  phone: null,
  ic_number: null,
  ic_type: null,
  has_pending_case: false,
  spay_kyc_level: null,
  spay_kyc_client_status: null,
  is_meet_business: false,
};

/** `POST /v1/kyc/query-field-result`; kyc-to-money-plus.md, "Query and entry". */
export function describeQuery(world: () => World): void {
  describe('the query of a business', () => {
    const ask = async (user: User, biz_id = MONEY_PLUS): Promise<unknown> => {
      const answer = await world().callSigned(PATH, { biz_id, shopee_uid: user.uid }, { biz_id });
      expect([answer.status, answer.body['retcode'], answer.body['message']]).toEqual([200, 0, 'success']);
      return answer.body['data'];
    };

    it('tells the configured fields, the last status told, and the approved values, new after every change', async () => {
      const user = new User(world(), world().uid('query'));
      expect(await ask(user)).toEqual(NOTHING);
      await user.tellUntil(1, user.submit(300, INFO));
      const pending = { ...NOTHING, has_pending_case: true, spay_kyc_level: 300, spay_kyc_client_status: 2 };
      expect(await ask(user)).toEqual(pending);
      await user.tellUntil(2, user.approve());
      const { address: _, ...values } = INFO;
      const approved = {
        ...values,
        has_pending_case: false,
        spay_kyc_level: 300,
        spay_kyc_client_status: 3,
        is_meet_business: true,
      };
      expect(await ask(user)).toEqual(approved);
      await user.tellUntil(3, user.reupload());
      expect(await ask(user)).toEqual({ ...approved, has_pending_case: true, spay_kyc_client_status: 2 });
      await user.tellUntil(4, user.reject());
      expect(await ask(user)).toEqual({ ...approved, spay_kyc_client_status: 4 });
      await user.tellUntil(5, user.changeApproved({ name: 'Bea' }));
      expect(await ask(user)).toEqual({ ...approved, spay_kyc_client_status: 4, name: 'Bea' });
      await user.tellUntil(6, user.remove());
      expect(await ask(user)).toEqual({ ...NOTHING, spay_kyc_level: 300, spay_kyc_client_status: 5 });
    });

    it('judges by the level that the business requires, and needs no subscription', async () => {
      const user = new User(world(), world().uid('full'));
      await user.tellUntil(2, ...user.becomes(200, INFO));
      expect(await ask(user)).toMatchObject({ is_meet_business: false, spay_kyc_level: 200 });
      expect(await ask(user, 'FULL_WILL_DO')).toMatchObject({ is_meet_business: true, spay_kyc_level: 200 });
    });

    it('is answered 400 with retcode 1 and the field for a bad body', async () => {
      const bad: [unknown, string][] = [
        [{ biz_id: MONEY_PLUS }, 'shopee_uid'],
        [{ biz_id: MONEY_PLUS, shopee_uid: 5 }, 'shopee_uid'],
        [{ biz_id: MONEY_PLUS, shopee_uid: 'a b' }, 'shopee_uid'],
        [{ biz_id: MONEY_PLUS, shopee_uid: 'x'.repeat(65) }, 'shopee_uid'],
        [{ biz_id: MONEY_PLUS, shopee_uid: 'u', surprise: 1 }, 'surprise'],
      ];
      for (const [body, field] of bad) {
        const answer = await world().callSigned(PATH, body);
        expect([answer.status, answer.body['retcode']]).toEqual([400, 1]);
        expect(answer.body['message']).toContain(field);
      }
    });

    it('is answered 401 with retcode 2 to whoever does not sign for the business', async () => {
      const body = { biz_id: MONEY_PLUS, shopee_uid: 'u' };
      for (const as of [{ secret: 'wrong' }, { biz_id: 'NOBODY' }, 'nobody', world().as('viewer')] as const) {
        const answer = await world().callSigned(PATH, body, as);
        expect([answer.status, answer.body['retcode']]).toEqual([401, 2]);
      }
    });

    it('may be asked again with the same webhook-id', async () => {
      const user = new User(world(), world().uid('twice'));
      const as = { webhook_id: 'the-same' };
      const query = async (): Promise<Record<string, unknown>> =>
        (await world().callSigned(PATH, { biz_id: MONEY_PLUS, shopee_uid: user.uid }, as)).body;
      expect(await query()).toMatchObject({ retcode: 0, data: { spay_kyc_level: null } });
      await user.tellUntil(1, user.submit(100));
      expect(await query()).toMatchObject({ retcode: 0, data: { spay_kyc_level: 100 } });
    });
  });
}
