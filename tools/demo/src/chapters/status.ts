import { describeStatus } from '../callback';
import type { Chapter, Line } from '../table';
import type { World } from '../world';

interface Step {
  what: string;
  type: string;
  data: Record<string, unknown>;
  /** Status, level, is_meet_business and the reason, as the source prints them. */
  expected: string;
}

const KEYS = ['kyc_reject_reason_one__MY', 'kyc_reject_reason_three__MY'];
const submit = (level: number, case_id: string): Pick<Step, 'type' | 'data'> => ({
  type: 'kyc.case.submitted',
  data: {
    case_id,
    level,
    info: { name: 'Ann Lim', phone: '+60123456789', ic_type: 'NRIC', ic_number: '900101145678' },
  },
});
const approve = (case_id: string, decided_by = 'OPS'): Pick<Step, 'type' | 'data'> => ({
  type: 'kyc.case.approved',
  data: { case_id, decided_by },
});
const reject = (case_id: string, more: object, decided_by = 'OPS'): Pick<Step, 'type' | 'data'> => ({
  type: 'kyc.case.rejected',
  data: { case_id, decided_by, ...more },
});

/** One user a way, one step a line: every row of the status table with its reasons in all forms. */
const WAYS: { user: string; steps: Step[] }[] = [
  {
    user: 'partial',
    steps: [
      { what: 'partial submitted', ...submit(100, 'p1'), expected: '2 100 false' },
      {
        what: 'partial rejected, reason by key',
        ...reject('p1', { reason_keys: KEYS }),
        expected: `4 100 false reject_reason_key=${JSON.stringify(KEYS)}`,
      },
      { what: 'partial submitted again', ...submit(100, 'p2'), expected: '2 100 false' },
      { what: 'partial approved', ...approve('p2'), expected: '3 100 false' },
      { what: 'partial to full: pending', ...submit(200, 'p3'), expected: '2 200 false' },
      {
        what: 'partial to full: rejected, others',
        ...reject('p3', { other_reason: 'blurred' }),
        expected: '4 200 false reject_reason=blurred',
      },
      { what: 'partial to full: pending again', ...submit(200, 'p4'), expected: '2 200 false' },
      { what: 'partial to full: approved', ...approve('p4'), expected: '3 200 false' },
      { what: 'full to eKYC: pending', ...submit(300, 'p5'), expected: '2 300 false' },
      { what: 'full to eKYC: approved', ...approve('p5', 'AUTO'), expected: '3 300 true' },
    ],
  },
  {
    user: 'ekyc',
    steps: [
      { what: 'none to eKYC: pending', ...submit(300, 'e1'), expected: '2 300 false' },
      {
        what: 'none to eKYC: automatic reject',
        ...reject('e1', {}, 'AUTO'),
        expected: '4 300 false reject_reason=reject by spp auto',
      },
      { what: 'none to eKYC: pending again', ...submit(300, 'e2'), expected: '2 300 false' },
      {
        what: 'none to eKYC: ops reject, key and others',
        ...reject('e2', { reason_keys: KEYS, other_reason: 'not you' }),
        expected: `4 300 false reject_reason=not you reject_reason_key=${JSON.stringify(KEYS)}`,
      },
      { what: 'none to eKYC: pending once more', ...submit(300, 'e3'), expected: '2 300 false' },
      { what: 'none to eKYC: ops approve', ...approve('e3'), expected: '3 300 true' },
      {
        what: 'photo re-uploaded: pending',
        type: 'kyc.photo.reuploaded',
        data: { case_id: 'e4' },
        expected: '2 300 true',
      },
      {
        what: 'photo re-uploaded: rejected',
        ...reject('e4', { other_reason: 'reject for testing', reason_keys: KEYS }),
        expected: `4 300 true reject_reason=reject for testing reject_reason_key=${JSON.stringify(KEYS)}`,
      },
      {
        what: 'photo re-uploaded again: pending',
        type: 'kyc.photo.reuploaded',
        data: { case_id: 'e5' },
        expected: '2 300 true',
      },
      { what: 'photo re-uploaded: approved', ...approve('e5'), expected: '3 300 true' },
      {
        what: 'eKYC deleted, key and others',
        type: 'kyc.record.deleted',
        data: { reason_keys: ['kyc_delete_reason_two__MY'], other_reason: 'asked for' },
        expected: '5 300 false delete_reason=asked for delete_reason_key=["kyc_delete_reason_two__MY"]',
      },
    ],
  },
  {
    user: 'auto',
    steps: [
      { what: 'none to eKYC: pending', ...submit(300, 'a1'), expected: '2 300 false' },
      { what: 'none to eKYC: auto approve', ...approve('a1', 'AUTO'), expected: '3 300 true' },
      {
        what: 'eKYC deleted without a reason',
        type: 'kyc.record.deleted',
        data: {},
        expected: '5 300 false',
      },
    ],
  },
];

/** Every row of the status table, as Money+ is called back. */
export async function tellStatus(world: World): Promise<Chapter> {
  const lines: Line[] = [];
  for (const { user, steps } of WAYS) {
    const uid = world.user(user);
    await world.subscribe(uid);
    for (const [index, { type, data }] of steps.entries())
      await world.publish(type, { shopee_uid: uid, ...data }, index % 2 === 0 ? 'kafka' : 'http');
    const callbacks = await world.received(uid, steps.length);
    for (const [index, { what, expected }] of steps.entries())
      lines.push({ what, expected, seen: describeStatus(callbacks[index]) });
  }
  return {
    title: 'KYC status changes, as Money+ is called back (status level is_meet_business reasons)',
    lines,
  };
}
