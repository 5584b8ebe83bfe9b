import { User, parseBody, type Reasons } from '../world/user';
import type { World } from '../world/world';

const KEYS = ['kyc_reject_reason_one__MY', 'kyc_reject_reason_three__MY'];
const OTHERS = 'reject for testing';

interface Form {
  what: string;
  given: Reasons;
  reason: string;
  key: string;
}

/** kyc-to-money-plus.md, "Status rules", the paragraph on reasons. */
const FORMS: Form[] = [
  { what: 'by key only', given: { reason_keys: KEYS }, reason: '', key: JSON.stringify(KEYS) },
  { what: 'one key', given: { reason_keys: ['k'] }, reason: '', key: '["k"]' },
  { what: 'others only', given: { other_reason: OTHERS }, reason: OTHERS, key: '' },
  {
    what: 'both',
    given: { reason_keys: KEYS, other_reason: OTHERS },
    reason: OTHERS,
    key: JSON.stringify(KEYS),
  },
  { what: 'absent', given: {}, reason: '', key: '' },
  { what: 'null', given: { reason_keys: null, other_reason: null }, reason: '', key: '' },
  { what: 'empty', given: { reason_keys: [], other_reason: '' }, reason: '', key: '' },
  {
    what: 'with quotes, newlines and other scripts',
    given: { reason_keys: ['say "no"'], other_reason: 'línea\n"二"\\' },
    reason: 'línea\n"二"\\',
    key: '["say \\"no\\""]',
  },
  {
    what: 'as long as allowed',
    given: {
      reason_keys: Array.from({ length: 50 }, (_, n) => String(n).padStart(128, 'k')),
      other_reason: 'o'.repeat(1024),
    },
    reason: 'o'.repeat(1024),
    key: JSON.stringify(Array.from({ length: 50 }, (_, n) => String(n).padStart(128, 'k'))),
  },
];

const NONE = { reject: ['', ''], delete: ['', ''] };

/** Reasons in all their forms, of rejections and deletes. */
export function describeReasons(world: () => World): void {
  describe('reasons', () => {
    it.each(FORMS)('$what: of a rejection, then of a delete', async ({ given, reason, key }) => {
      const user = await User.subscribed(world(), 'reasons');
      await user.tell(...user.becomes(300), user.submit(300), user.reject('OPS', given), user.remove(given));
      const told = (await user.callbacks(5)).map(({ body }) => readReasons(body));
      expect(told).toEqual([
        NONE,
        NONE,
        NONE,
        { ...NONE, reject: [reason, key] },
        { ...NONE, delete: [reason, key] },
      ]);
      expect((await user.changes(5)).map(({ value }) => readReasons(value))).toEqual(told);
    });

    it('an automatic reject without reasons says so; with reasons it says those', async () => {
      const user = await User.subscribed(world(), 'auto');
      await user.tell(
        user.submit(300),
        user.reject('AUTO'),
        user.submit(300),
        user.reject('AUTO', { reason_keys: [], other_reason: null }),
        user.submit(300),
        user.reject('AUTO', { reason_keys: ['k'] }),
        user.submit(300),
        user.reject('AUTO', { other_reason: OTHERS }),
      );
      const told = (await user.callbacks(8)).map(({ body }) => readReasons(body).reject);
      expect(told.filter((_, index) => index % 2 === 1)).toEqual([
        ['reject by spp auto', ''],
        ['reject by spp auto', ''],
        ['', '["k"]'],
        [OTHERS, ''],
      ]);
    });

    it('whether the user may try again is passed on in our event and never in the callback', async () => {
      const user = await User.subscribed(world(), 'retry');
      await user.tell(
        user.submit(300),
        user.reject('OPS', { retry: true }),
        user.submit(300),
        user.reject('OPS', { retry: false }),
        user.submit(300),
        user.reject('OPS'),
      );
      const changes = (await user.changes(6)).map(({ value }) => parseBody(value));
      expect(changes.map((change) => change['retry'])).toEqual([
        undefined,
        true,
        undefined,
        false,
        undefined,
        undefined,
      ]);
      for (const { body } of await user.callbacks(6)) expect(parseBody(body)).not.toHaveProperty('retry');
    });
  });
}

function readReasons(body: string | undefined): { reject: unknown[]; delete: unknown[] } {
  const told = parseBody(body);
  return {
    reject: [told['spay_reject_reason'], told['spay_reject_reason_key']],
    delete: [told['spay_delete_reason'], told['spay_delete_reason_key']],
  };
}
