import {
  approve,
  approvedAt,
  changeInfo,
  INFO,
  lastEvents,
  lastStatus,
  NOW,
  photo,
  play,
  reject,
  remove,
  submit,
  subscribe,
  UID,
  UNIX_SECONDS,
  type Step,
} from './scenario';

const MONEY_PLUS = subscribe();

describe('the status rules', () => {
  const rows: [string, Step[], number, number, boolean][] = [
    ['partial submitted', [submit('c', 100)], 2, 100, false],
    ['partial approved', [submit('c', 100), approve('c')], 3, 100, false],
    ['partial rejected', [submit('c', 100), reject('c')], 4, 100, false],
    ['partial to full: pending', [...approvedAt(100), submit('c', 200)], 2, 200, false],
    ['partial to full: approved', [...approvedAt(100), submit('c', 200), approve('c')], 3, 200, false],
    ['partial to full: rejected', [...approvedAt(100), submit('c', 200), reject('c')], 4, 200, false],
    ['none to eKYC: pending', [submit('c', 300)], 2, 300, false],
    ['none to eKYC: auto approve', [submit('c', 300), approve('c', 'AUTO')], 3, 300, true],
    ['none to eKYC: ops review to approve', [submit('c', 300), approve('c', 'OPS')], 3, 300, true],
    ['none to eKYC: ops review to reject', [submit('c', 300), reject('c', 'OPS')], 4, 300, false],
    ['none to eKYC: automatic reject', [submit('c', 300), reject('c', 'AUTO')], 4, 300, false],
    ['full to eKYC: pending', [...approvedAt(200), submit('c', 300)], 2, 300, false],
    [
      'full to eKYC: auto approve',
      [...approvedAt(200), submit('c', 300), approve('c', 'AUTO')],
      3,
      300,
      true,
    ],
    [
      'full to eKYC: ops review to approve',
      [...approvedAt(200), submit('c', 300), approve('c')],
      3,
      300,
      true,
    ],
    [
      'full to eKYC: ops review to reject',
      [...approvedAt(200), submit('c', 300), reject('c')],
      4,
      300,
      false,
    ],
    [
      'full to eKYC: automatic reject',
      [...approvedAt(200), submit('c', 300), reject('c', 'AUTO')],
      4,
      300,
      false,
    ],
    [
      'partial to eKYC, a level skipped: approved',
      [...approvedAt(100), submit('c', 300), approve('c')],
      3,
      300,
      true,
    ],
    ['photo re-uploaded on an approved eKYC: pending', [...approvedAt(300), photo('c')], 2, 300, true],
    [
      'photo re-uploaded on an approved eKYC: approved',
      [...approvedAt(300), photo('c'), approve('c')],
      3,
      300,
      true,
    ],
    [
      'photo re-uploaded on an approved eKYC: rejected',
      [...approvedAt(300), photo('c'), reject('c')],
      4,
      300,
      true,
    ],
    ['re-verification at the approved level: pending', [...approvedAt(300), submit('c', 300)], 2, 300, true],
    [
      're-verification at the approved level: approved',
      [...approvedAt(300), submit('c', 300), approve('c')],
      3,
      300,
      true,
    ],
    [
      're-verification at the approved level: rejected',
      [...approvedAt(300), submit('c', 300), reject('c')],
      4,
      300,
      true,
    ],
    ['eKYC deleted', [...approvedAt(300), remove()], 5, 300, false],
    ['full deleted', [...approvedAt(200), remove()], 5, 200, false],
    [
      'full deleted while an eKYC is pending',
      [...approvedAt(200), submit('c', 300), remove()],
      5,
      200,
      false,
    ],
    ['partial submitted after a delete', [...approvedAt(300), remove(), submit('c', 100)], 2, 100, false],
  ];

  it.each(rows)('%s', (_, steps, status, level, meets) => {
    expect(lastStatus([MONEY_PLUS, ...steps])).toMatchObject({
      shopee_uid: UID,
      spay_kyc_client_status: status,
      spay_kyc_level: level,
      subscriptions: [{ biz_id: 'MONEY_PLUS', is_meet_business: meets }],
      change_status_time: UNIX_SECONDS,
    });
    expect(play(steps).record.told).toEqual({ status, level });
  });
});

describe('reasons', () => {
  const ONE = 'kyc_reject_reason_one__MY';
  const THREE = 'kyc_reject_reason_three__MY';
  const rows: [string, { reason_keys?: string[]; other_reason?: string }, string, string][] = [
    ['picked by key only', { reason_keys: [ONE, THREE] }, '', `["${ONE}","${THREE}"]`],
    ['one key', { reason_keys: [ONE], other_reason: '' }, '', `["${ONE}"]`],
    ['others only', { other_reason: 'reject for testing' }, 'reject for testing', ''],
    ['others only, keys empty', { reason_keys: [], other_reason: 'text' }, 'text', ''],
    ['both', { reason_keys: [ONE], other_reason: 'text' }, 'text', `["${ONE}"]`],
    ['none', {}, '', ''],
    ['none, written as empty', { reason_keys: [], other_reason: '' }, '', ''],
    ['a key that JSON escapes', { reason_keys: ['a"b\\c'] }, '', '["a\\"b\\\\c"]'],
  ];

  it.each(rows)('of a rejection: %s', (_, reasons, text, keys) => {
    expect(lastStatus([submit('c', 300), reject('c', 'OPS', reasons)])).toMatchObject({
      spay_reject_reason: text,
      spay_reject_reason_key: keys,
      spay_delete_reason: '',
      spay_delete_reason_key: '',
    });
  });

  it.each(rows)('of a delete: %s', (_, reasons, text, keys) => {
    expect(lastStatus([...approvedAt(300), remove(reasons)])).toMatchObject({
      spay_reject_reason: '',
      spay_reject_reason_key: '',
      spay_delete_reason: text,
      spay_delete_reason_key: keys,
    });
  });

  it.each(rows)('of an automatic rejection: %s', (_, reasons, text, keys) => {
    const none = text === '' && keys === '';
    expect(lastStatus([submit('c', 300), reject('c', 'AUTO', reasons)])).toMatchObject({
      spay_reject_reason: none ? 'reject by spp auto' : text,
      spay_reject_reason_key: keys,
    });
  });

  it.each<[string, Step[]]>([
    ['a submission', [submit('c', 300)]],
    ['an approval', [submit('b', 300), reject('b', 'AUTO'), submit('c', 300), approve('c')]],
    ['a photo', [...approvedAt(300), photo('c')]],
  ])('are empty texts for %s', (_, steps) => {
    expect(lastStatus(steps)).toMatchObject({
      spay_reject_reason: '',
      spay_reject_reason_key: '',
      spay_delete_reason: '',
      spay_delete_reason_key: '',
    });
  });
});

describe('retry', () => {
  it.each([true, false])('is passed on as %s', (retry) => {
    expect(lastStatus([submit('c', 300), reject('c', 'OPS', { retry })]).retry).toBe(retry);
  });

  it('is absent where the rejection does not say it, and in every other status', () => {
    expect('retry' in lastStatus([submit('c', 300), reject('c')])).toBe(false);
    expect('retry' in lastStatus([submit('c', 300), approve('c')])).toBe(false);
  });
});

describe('the approved info', () => {
  const other = { name: 'Tan M. L.', phone: '+60111111111' };
  const approvedInfo = (steps: Step[]): unknown => play(steps).record.approved?.info;

  it.each<[string, Step[], unknown]>([
    ['is the case’s after a first approval', [submit('c', 300, other), approve('c')], other],
    ['is empty when the first case brings none', [submit('c', 300), approve('c')], {}],
    [
      'is replaced as a whole by that of an approved case',
      [...approvedAt(200), submit('c', 300, other), approve('c')],
      other,
    ],
    ['stays when the approved case brings none', [...approvedAt(200), submit('c', 300), approve('c')], INFO],
    [
      'stays when the approved case brings an empty one',
      [...approvedAt(200), submit('c', 300, {}), approve('c')],
      INFO,
    ],
    ['stays after a rejection', [...approvedAt(200), submit('c', 300, other), reject('c')], INFO],
    ['stays while a case is pending', [...approvedAt(200), submit('c', 300, other)], INFO],
    ['stays after an approved photo', [...approvedAt(300), photo('c'), approve('c')], INFO],
    [
      'stays after an approved photo whose pending info was changed',
      [...approvedAt(300), photo('c'), changeInfo('PENDING', other), approve('c')],
      INFO,
    ],
    ['is gone after a delete', [...approvedAt(300), remove()], undefined],
    [
      'starts anew after a delete',
      [...approvedAt(300), remove(), submit('c', 300, other), approve('c')],
      other,
    ],
  ])('%s', (_, steps, expected) => {
    expect(approvedInfo(steps)).toEqual(expected);
  });

  it('stands at its level after the rejection of a higher case, of a re-verification and of a photo', () => {
    expect(play([...approvedAt(200), submit('c', 300), reject('c')]).record.approved?.level).toBe(200);
    expect(play([...approvedAt(300), submit('c', 300), reject('c')]).record.approved?.level).toBe(300);
    expect(play([...approvedAt(300), photo('c'), reject('c')]).record.approved?.level).toBe(300);
  });

  it('changes with one event, the status change, also where an approval brings new info', () => {
    const events = lastEvents([...approvedAt(300), submit('c', 300, other), approve('c')]);
    expect(events.map((event) => event.type)).toEqual(['kyc.status-changed']);
  });
});

describe('seamless individual', () => {
  const requests = (steps: Step[]): number =>
    play(steps)
      .decisions.flatMap((decision) => (decision.kind === 'APPLIED' ? decision.events : []))
      .filter((event) => event.type === 'kyc.seamless-individual-requested').length;

  it('is requested after the status change when an eKYC is first approved, with the case and our time', () => {
    expect(lastEvents([submit('c', 300), approve('c')])).toEqual([
      expect.objectContaining({ type: 'kyc.status-changed' }),
      {
        type: 'kyc.seamless-individual-requested',
        value: { shopee_uid: UID, case_id: 'c', requested_at: NOW.toISOString() },
      },
    ]);
  });

  it.each<[string, Step[], number]>([
    ['partial and full', [...approvedAt(100), ...approvedAt(200)], 0],
    ['partial, full and eKYC', [...approvedAt(100), ...approvedAt(200), ...approvedAt(300)], 1],
    ['a rejected eKYC', [submit('c', 300), reject('c')], 0],
    ['an eKYC approved after a rejected one', [submit('b', 300), reject('b'), ...approvedAt(300)], 1],
    ['a re-verification', [...approvedAt(300), submit('c', 300), approve('c')], 1],
    ['a photo', [...approvedAt(300), photo('c'), approve('c')], 1],
    ['a new eKYC after a delete', [...approvedAt(300), remove(), submit('c', 300), approve('c')], 2],
    ['a full KYC after a delete', [...approvedAt(300), remove(), submit('c', 200), approve('c')], 1],
  ])('is requested as often as an eKYC is first: %s', (_, steps, times) => {
    expect(requests(steps)).toBe(times);
  });
});

describe('a delete', () => {
  it('drops the pending case too and keeps account and subscriptions', () => {
    const { record } = play([subscribe(), ...approvedAt(200), submit('c', 300, INFO), remove()]);
    expect(record).toMatchObject({ approved: null, pending: null, seamlessRequested: false, version: 4 });
    expect([...record.subscriptions.keys()]).toEqual(['MONEY_PLUS']);
  });
});
