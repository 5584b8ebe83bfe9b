import type { UpstreamEvent } from '@kyc-relay/simulators';
import { A_TIME, A_UUID_V7, containing } from '../world/expected';
import { User, parseBody } from '../world/user';
import { SOURCE_TIME, type World } from '../world/world';

/** Status, level and is_meet_business, as a row of the table in kyc-to-money-plus.md, "Status rules". */
type Told = [status: number, level: number, meets: boolean];

interface Path {
  what: string;
  events: (user: User) => UpstreamEvent[];
  /** What is told after each event. */
  told: Told[];
}

const PATHS: Path[] = [
  {
    what: 'partial: submitted, rejected, submitted, approved',
    events: (u) => [u.submit(100), u.reject(), u.submit(100), u.approve()],
    told: [
      [2, 100, false],
      [4, 100, false],
      [2, 100, false],
      [3, 100, false],
    ],
  },
  {
    what: 'partial to full: pending, rejected, pending, approved',
    events: (u) => [...u.becomes(100), u.submit(200), u.reject(), u.submit(200), u.approve()],
    told: [
      [2, 100, false],
      [3, 100, false],
      [2, 200, false],
      [4, 200, false],
      [2, 200, false],
      [3, 200, false],
    ],
  },
  {
    what: 'none to eKYC: pending, auto approve',
    events: (u) => [u.submit(300), u.approve('AUTO')],
    told: [
      [2, 300, false],
      [3, 300, true],
    ],
  },
  {
    what: 'none to eKYC: pending, ops review to approve',
    events: (u) => [u.submit(300), u.approve('OPS')],
    told: [
      [2, 300, false],
      [3, 300, true],
    ],
  },
  {
    what: 'none to eKYC: ops review to reject, automatic reject',
    events: (u) => [u.submit(300), u.reject('OPS'), u.submit(300), u.reject('AUTO')],
    told: [
      [2, 300, false],
      [4, 300, false],
      [2, 300, false],
      [4, 300, false],
    ],
  },
  {
    what: 'full to eKYC: pending, rejected, pending, approved',
    events: (u) => [...u.becomes(200), u.submit(300), u.reject(), u.submit(300), u.approve()],
    told: [
      [2, 200, false],
      [3, 200, false],
      [2, 300, false],
      [4, 300, false],
      [2, 300, false],
      [3, 300, true],
    ],
  },
  {
    what: 'photo re-uploaded on an approved eKYC: pending, approved, pending, rejected',
    events: (u) => [...u.becomes(300), u.reupload(), u.approve(), u.reupload(), u.reject()],
    told: [
      [2, 300, false],
      [3, 300, true],
      [2, 300, true],
      [3, 300, true],
      [2, 300, true],
      [4, 300, true],
    ],
  },
  {
    what: 'eKYC deleted',
    events: (u) => [...u.becomes(300), u.remove()],
    told: [
      [2, 300, false],
      [3, 300, true],
      [5, 300, false],
    ],
  },
  {
    what: 'a re-verification at the approved level: the approval stands, also after its rejection',
    events: (u) => [...u.becomes(300), u.submit(300), u.reject(), u.submit(300), u.approve()],
    told: [
      [2, 300, false],
      [3, 300, true],
      [2, 300, true],
      [4, 300, true],
      [2, 300, true],
      [3, 300, true],
    ],
  },
  {
    what: 'a delete tells the level of what was deleted, drops the pending case, and the user starts from nothing',
    events: (u) => [...u.becomes(200), u.submit(300), u.remove(), u.submit(100), u.approve()],
    told: [
      [2, 200, false],
      [3, 200, false],
      [2, 300, false],
      [5, 200, false],
      [2, 100, false],
      [3, 100, false],
    ],
  },
];

const STATUS_FIELDS = [
  'event_id',
  'biz_id',
  'shopee_uid',
  'spay_kyc_client_status',
  'spay_kyc_level',
  'is_meet_business',
  'spay_reject_reason',
  'spay_reject_reason_key',
  'spay_delete_reason',
  'spay_delete_reason_key',
  'change_status_time',
];

/** Every row of the status table, as published and as called back. */
export function describeStatusTable(world: () => World): void {
  describe('the status table', () => {
    it.each(PATHS)('$what', async ({ events, told }) => {
      const user = await User.subscribed(world(), 'status');
      await user.tell(...events(user));
      const callbacks = await user.callbacks(told.length);
      const changes = await user.changes(told.length);

      expect(callbacks.map(({ body }) => summarise(parseBody(body)))).toEqual(told);
      expect(changes.map(({ value }) => summarise(parseBody(value)))).toEqual(told);
      // From 1, without gaps; and the callback carries the change's own version and id.
      expect(changes.map(({ value }) => parseBody(value)['version'])).toEqual(
        told.map((_, index) => index + 1),
      );
      expect(callbacks.map(({ relay_version }) => relay_version)).toEqual(told.map((_, index) => index + 1));
      expect(callbacks.map(({ event_id }) => event_id)).toEqual(
        changes.map(({ value }) => parseBody(value)['event_id']),
      );
      for (const callback of callbacks) {
        expect(callback).toMatchObject({ kind: 'status', signature: 'valid', attempt: 1 });
        expect(Object.keys(parseBody(callback.body))).toEqual(STATUS_FIELDS);
        expect(parseBody(callback.body)['change_status_time']).toBe(SOURCE_TIME);
      }
    });

    it('judges by the level that each business requires', async () => {
      const user = new User(world(), world().uid('two-businesses'));
      await world().subscribe(user.uid, 'FULL_WILL_DO');
      await user.tell(...user.becomes(200), user.submit(300), user.reject());
      const callbacks = await user.callbacks(4);
      expect(callbacks.map(({ body }) => parseBody(body)['is_meet_business'])).toEqual([
        false,
        true,
        true,
        true,
      ]);
    });

    it('publishes each change as a CloudEvent that names its subscriptions', async () => {
      const user = await User.subscribed(world(), 'message');
      await world().subscribe(user.uid, 'FULL_WILL_DO');
      await user.tell(...user.becomes(300));
      const [, approved] = await user.changes(2);
      const value = parseBody(approved?.value);
      expect(value).toEqual({
        event_id: A_UUID_V7,
        shopee_uid: user.uid,
        version: 2,
        spay_kyc_client_status: 3,
        spay_kyc_level: 300,
        spay_reject_reason: '',
        spay_reject_reason_key: '',
        spay_delete_reason: '',
        spay_delete_reason_key: '',
        change_status_time: SOURCE_TIME,
        subscriptions: containing(
          { biz_id: 'MONEY_PLUS', is_meet_business: true },
          { biz_id: 'FULL_WILL_DO', is_meet_business: true },
        ),
      });
      expect(approved?.key).toBe(user.uid);
      expect(approved?.headers).toMatchObject({
        ce_specversion: '1.0',
        ce_id: value['event_id'],
        ce_type: 'kyc.status-changed',
        ce_source: '/kyc-relay/kyc-status-publisher',
        ce_subject: user.uid,
        ce_time: A_TIME,
        'content-type': 'application/json',
      });
    });
  });
}

function summarise(body: Record<string, unknown>): unknown[] {
  const meets =
    body['is_meet_business'] ?? (body['subscriptions'] as Record<string, unknown>[])[0]?.['is_meet_business'];
  return [body['spay_kyc_client_status'], body['spay_kyc_level'], meets];
}
