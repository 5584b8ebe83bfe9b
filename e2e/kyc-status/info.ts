import type { InfoFields } from '@kyc-relay/simulators';
import { A_UUID_V7 } from '../world/expected';
import { MONEY_PLUS } from '../world/registry';
import { User, parseBody } from '../world/user';
import { SOURCE_TIME, type World } from '../world/world';

const INFO: Required<InfoFields> = {
  name: 'Ada Lovelace',
  phone: '+6591234567',
  gender: 'F',
  date_of_birth: '1815-12-10',
  nationality: 'GB',
  address: '12 St James Square',
  mailing_address: 'P.O. Box 1',
  industry_code: 'IND-01',
  occupation_code: 'OCC-01',
  ic_type: 'PASSPORT',
  ic_number: 'S1234567890D',
};

/** Each field that is called back: its name in `info`, and in the callback. */
const CALLED_BACK: [field: keyof InfoFields, name: string][] = [
  ['nationality', 'nationality'],
  ['mailing_address', 'mailing_address'],
  ['address', 'address'],
  ['gender', 'gender'],
  ['date_of_birth', 'date_of_birth'],
  ['phone', 'phone'],
  ['industry_code', 'nature_of_business'],
  ['occupation_code', 'occupation'],
  ['name', 'name'],
];

/** Info changes, as published and as called back; kyc-to-money-plus.md, "Callback to Money+". */
export function describeInfo(world: () => World): void {
  describe('info changes', () => {
    it.each(CALLED_BACK)('%s of the approved info is called back as %s, alone', async (field, name) => {
      const user = await User.subscribed(world(), 'info');
      await user.tell(...user.becomes(300, INFO), user.changeApproved({ [field]: 'changed "値"' }));
      const [, , callback] = await user.callbacks(3);
      const [, , change] = await user.changes(3);
      expect(callback).toMatchObject({ kind: 'info', path: '/money-plus/info', relay_version: 3 });
      expect(callback?.body).toBe(
        JSON.stringify({
          event_id: parseBody(change?.value)['event_id'],
          biz_id: MONEY_PLUS,
          shopee_uid: user.uid,
          change_time: SOURCE_TIME,
          [name]: 'changed "値"',
        }),
      );
      expect(parseBody(change?.value)).toEqual({
        event_id: A_UUID_V7,
        shopee_uid: user.uid,
        version: 3,
        target: 'APPROVED',
        change_time: SOURCE_TIME,
        changes: { [field]: 'changed "値"' },
        subscriptions: [{ biz_id: MONEY_PLUS }],
      });
      expect(change?.headers['ce_type']).toBe('kyc.info-changed');
    });

    it('only the fields that differ are told; if none differs, nothing happened', async () => {
      const user = await User.subscribed(world(), 'differs');
      await user.tell(
        ...user.becomes(300, INFO),
        user.changeApproved(INFO),
        user.changeApproved({ ...INFO, address: 'elsewhere', gender: 'X' }),
        user.changeApproved({ address: 'elsewhere' }),
        user.changeApproved({ address: 'back' }),
      );
      const callbacks = (await user.callbacks(4)).slice(2).map(({ body }) => strip(parseBody(body)));
      expect(callbacks).toEqual([{ address: 'elsewhere', gender: 'X' }, { address: 'back' }]);
      expect((await user.changes(4)).map(({ value }) => parseBody(value)['version'])).toEqual([1, 2, 3, 4]);
    });

    it('a field that was not there before differs', async () => {
      const user = await User.subscribed(world(), 'new-field');
      await user.tell(...user.becomes(300), user.changeApproved({ name: 'N' }));
      expect(strip(parseBody((await user.callbacks(3))[2]?.body))).toEqual({ name: 'N' });
    });

    it('goes out at any approved level', async () => {
      const user = await User.subscribed(world(), 'levels');
      await user.tell(
        ...user.becomes(100, INFO),
        user.changeApproved({ name: 'at 100' }),
        ...user.becomes(200),
        user.changeApproved({ name: 'at 200' }),
      );
      const infos = (await user.callbacks(6)).filter(({ kind }) => kind === 'info');
      expect(infos.map(({ body }) => parseBody(body)['name'])).toEqual(['at 100', 'at 200']);
    });

    it('the same on a pending case is published without subscriptions and never called back', async () => {
      const user = await User.subscribed(world(), 'pending');
      await user.tell(
        user.submit(300, INFO),
        user.changePending({ name: 'Pending', phone: '+6500000000' }),
        user.approve(),
      );
      const callbacks = await user.callbacks(2);
      expect(callbacks.map(({ kind }) => kind)).toEqual(['status', 'status']);
      const [, change] = await user.changes(3);
      expect(parseBody(change?.value)).toEqual({
        event_id: A_UUID_V7,
        shopee_uid: user.uid,
        version: 2,
        target: 'PENDING',
        change_time: SOURCE_TIME,
        changes: { name: 'Pending', phone: '+6500000000' },
        subscriptions: [],
      });
      // What was changed is what is approved then.
      const query = await world().callSigned('/v1/kyc/query-field-result', {
        biz_id: MONEY_PLUS,
        shopee_uid: user.uid,
      });
      expect(query.body['data']).toMatchObject({ name: 'Pending', phone: '+6500000000' });
    });

    it('the identity document is published masked, with no subscriptions, and never called back', async () => {
      const user = await User.subscribed(world(), 'ic');
      await user.tell(
        ...user.becomes(300, INFO),
        user.changeApproved({ ic_number: 'T9876543210Z' }),
        user.changeApproved({ ic_number: '12345678' }),
        user.changeApproved({ ic_type: 'NRIC' }),
        user.changeApproved({ ic_number: 'G111222333', ic_type: 'FIN', name: 'Both' }),
      );
      const callbacks = await user.callbacks(3);
      expect(strip(parseBody(callbacks[2]?.body))).toEqual({ name: 'Both' });
      const changes = (await user.changes(6)).map(({ value }) => parseBody(value));
      expect(
        changes.slice(2, 5).map(({ changes: told, subscriptions }) => ({ told, subscriptions })),
      ).toEqual([
        { told: { ic_number: '********210Z' }, subscriptions: [] },
        { told: { ic_number: '********' }, subscriptions: [] },
        { told: { ic_type: 'NRIC' }, subscriptions: [] },
      ]);
      expect(changes[5]?.['changes']).toMatchObject({
        name: 'Both',
        ic_number: '******2333',
        ic_type: 'FIN',
      });
      expect(callbacks).toHaveLength(3);
      // The business that may ask for it is told the whole number.
      const query = await world().callSigned('/v1/kyc/query-field-result', {
        biz_id: MONEY_PLUS,
        shopee_uid: user.uid,
      });
      expect(query.body['data']).toMatchObject({ ic_number: 'G111222333', ic_type: 'FIN' });
    });

    it('an approval that brings new info is one status change; a photo keeps the info', async () => {
      const user = await User.subscribed(world(), 'brings');
      const asked = async (): Promise<unknown> =>
        (await world().callSigned('/v1/kyc/query-field-result', { biz_id: MONEY_PLUS, shopee_uid: user.uid }))
          .body['data'];
      await user.tellUntil(4, ...user.becomes(200, INFO), ...user.becomes(300, { ...INFO, name: 'New' }));
      expect(await asked()).toMatchObject({ name: 'New' });
      await user.tellUntil(6, user.reupload(), user.approve());
      expect(await asked()).toMatchObject({ name: 'New', phone: INFO.phone });
      await user.tellUntil(8, ...user.becomes(300));
      expect(await asked()).toMatchObject({ name: 'New', phone: INFO.phone });
      await user.tellUntil(10, user.submit(300, { ...INFO, name: 'Refused' }), user.reject());
      expect(await asked()).toMatchObject({ name: 'New', phone: INFO.phone });
      expect((await user.callbacks(10)).every(({ kind }) => kind === 'status')).toBe(true);
    });
  });
}

/** The changed fields of an info callback. */
function strip(body: Record<string, unknown>): Record<string, unknown> {
  const { event_id: _id, biz_id: _biz, shopee_uid: _uid, change_time: _time, ...changes } = body;
  return changes;
}
