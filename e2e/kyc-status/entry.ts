import { accountActivated, accountBanned, accountUnbanned, type UpstreamEvent } from '@kyc-relay/simulators';
import { call, type Caller } from '../world/call';
import { eventually } from '../world/eventually';
import { MONEY_PLUS } from '../world/registry';
import { User } from '../world/user';
import type { World } from '../world/world';

interface Row {
  what: string;
  account: (typeof accountActivated)[];
  kyc: (user: User) => UpstreamEvent[];
  shown: Record<string, unknown>;
}

const CONSENT = { decision: 'CONSENT', steps: ['CONSENT_PAGE', 'SET_PAYMENT_PASSWORD', 'EKYC'] };
const BANNED = { decision: 'POPUP', tag: 'BANNED', action: 'CONTACT_SUPPORT' };
const waiting = (tag: string): Record<string, unknown> => ({
  decision: 'POPUP',
  kyc_status: 2,
  tag,
  action: 'WAIT',
});
const FLOW = { decision: 'EKYC_FLOW' };
const REGISTER = { decision: 'REGISTER' };
const nothing = (): UpstreamEvent[] => [];
const active = [accountActivated];

/** kyc-to-money-plus.md, "Query and entry": what the app shows, first match wins. */
const ROWS: Row[] = [
  { what: 'unknown', account: [], kyc: nothing, shown: CONSENT },
  { what: 'not activated, with an eKYC', account: [], kyc: (u) => u.becomes(300), shown: CONSENT },
  { what: 'not activated but banned', account: [accountBanned], kyc: nothing, shown: CONSENT },
  {
    what: 'banned, with nothing',
    account: [accountActivated, accountBanned],
    kyc: nothing,
    shown: { ...BANNED, kyc_status: null },
  },
  {
    what: 'banned, with an eKYC',
    account: [accountActivated, accountBanned],
    kyc: (u) => u.becomes(300),
    shown: { ...BANNED, kyc_status: 3 },
  },
  {
    what: 'unbanned, with an eKYC',
    account: [accountActivated, accountBanned, accountUnbanned],
    kyc: (u) => u.becomes(300),
    shown: REGISTER,
  },
  { what: 'an eKYC', account: active, kyc: (u) => u.becomes(300), shown: REGISTER },
  {
    what: 'an eKYC with a pending photo: the approval comes first',
    account: active,
    kyc: (u) => [...u.becomes(300), u.reupload()],
    shown: REGISTER,
  },
  { what: 'pending full', account: active, kyc: (u) => [u.submit(200)], shown: waiting('PENDING_FULL') },
  { what: 'pending eKYC', account: active, kyc: (u) => [u.submit(300)], shown: waiting('PENDING_EKYC') },
  {
    what: 'full, pending eKYC',
    account: active,
    kyc: (u) => [...u.becomes(200), u.submit(300)],
    shown: waiting('PENDING_EKYC'),
  },
  { what: 'full', account: active, kyc: (u) => u.becomes(200), shown: FLOW },
  { what: 'activated only', account: active, kyc: nothing, shown: FLOW },
  { what: 'pending partial', account: active, kyc: (u) => [u.submit(100)], shown: FLOW },
  { what: 'rejected eKYC', account: active, kyc: (u) => [u.submit(300), u.reject()], shown: FLOW },
  { what: 'deleted eKYC', account: active, kyc: (u) => [...u.becomes(300), u.remove()], shown: FLOW },
];

/** `GET /v1/users/{shopee_uid}/entry`. */
export function describeEntry(world: () => World): void {
  describe('what the app shows', () => {
    const ask = async (uid: string, query: string, as: Caller) =>
      await call({ url: world().url('kyc-status-publisher', `/v1/users/${uid}/entry${query}`), as });

    it.each(ROWS)('$what', async ({ account, kyc, shown }) => {
      const user = new User(world(), world().uid('entry'));
      const facts = kyc(user);
      await user.tell(...account.map((event) => event(world().stamp(), { shopee_uid: user.uid })), ...facts);
      await user.changes(facts.length);
      const expected = { status: 200, body: { shopee_uid: user.uid, biz_id: MONEY_PLUS, ...shown } };
      const asked = async (as: Caller): Promise<unknown> => {
        const { status, body } = await ask(user.uid, `?biz_id=${MONEY_PLUS}`, as);
        return { status, body };
      };
      await eventually(async () => await asked({}), expected);
      expect(await asked(world().as('viewer'))).toEqual(expected);
    });

    it('is for a business that signs the path with query, and for viewers who name a business', async () => {
      const query = `?biz_id=${MONEY_PLUS}`;
      expect((await ask('u', query, world().as('operator'))).status).toBe(200);
      expect((await ask('u', query, world().as('publisher'))).status).toBe(403);
      expect((await ask('u', query, 'nobody')).status).toBe(401);
      expect((await ask('u', query, { token: 'guess' })).status).toBe(401);
      expect((await ask('u', query, { secret: 'wrong' })).status).toBe(401);
      expect((await ask('u', query, { biz_id: 'NOBODY' })).status).toBe(401);
      expect((await ask('u', query, { time: new Date(Date.now() - 400_000) })).status).toBe(401);
      expect((await ask('u', '', world().as('viewer'))).status).toBe(400);
      expect((await ask('u', '?biz_id=', world().as('viewer'))).status).toBe(400);
      expect((await ask('u', '?biz_id=NOBODY', world().as('viewer'))).status).toBe(400);
      expect((await ask('x'.repeat(65), query, world().as('viewer'))).status).toBe(400);
      expect((await ask('a%20b', query, world().as('viewer'))).status).toBe(400);
    });
  });
}
