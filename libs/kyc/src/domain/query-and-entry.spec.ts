import { queryFields } from './current-state';
import { decideEntry } from './decide-entry';
import { newRecord } from './kyc-record';
import {
  account,
  approve,
  approvedAt,
  changeInfo,
  changePhone,
  INFO,
  photo,
  play,
  reject,
  remove,
  submit,
  UID,
  type Step,
} from './scenario';

const ACTIVE = account('account.activated');
const BANNED = account('account.banned');
const CONSENT = { decision: 'CONSENT', steps: ['CONSENT_PAGE', 'SET_PAYMENT_PASSWORD', 'EKYC'] };
const REGISTER = { decision: 'REGISTER' };
const EKYC_FLOW = { decision: 'EKYC_FLOW' };
const contactSupport = (kyc_status: number | null): object => ({
  decision: 'POPUP',
  kyc_status,
  tag: 'BANNED',
  action: 'CONTACT_SUPPORT',
});
const wait = (tag: string): object => ({ decision: 'POPUP', kyc_status: 2, tag, action: 'WAIT' });

describe('the entry, the first match wins', () => {
  it.each<[string, Step[], object]>([
    ['nothing known', [], CONSENT],
    ['not activated, approved eKYC', approvedAt(300), CONSENT],
    ['not activated, banned', [BANNED], CONSENT],
    ['activated but banned, no KYC', [ACTIVE, BANNED], contactSupport(null)],
    ['activated but banned, approved eKYC', [ACTIVE, BANNED, ...approvedAt(300)], contactSupport(3)],
    ['activated but banned, pending eKYC', [ACTIVE, BANNED, submit('c', 300)], contactSupport(2)],
    ['activated but banned, deleted', [ACTIVE, BANNED, ...approvedAt(300), remove()], contactSupport(5)],
    ['unbanned, approved eKYC', [ACTIVE, BANNED, account('account.unbanned'), ...approvedAt(300)], REGISTER],
    ['approved eKYC', [ACTIVE, ...approvedAt(300)], REGISTER],
    ['approved eKYC, photo pending', [ACTIVE, ...approvedAt(300), photo('c')], REGISTER],
    ['approved eKYC, re-verification pending', [ACTIVE, ...approvedAt(300), submit('c', 300)], REGISTER],
    ['approved eKYC, photo rejected', [ACTIVE, ...approvedAt(300), photo('c'), reject('c')], REGISTER],
    ['pending full', [ACTIVE, submit('c', 200)], wait('PENDING_FULL')],
    ['pending eKYC', [ACTIVE, submit('c', 300)], wait('PENDING_EKYC')],
    ['full KYC, pending eKYC', [ACTIVE, ...approvedAt(200), submit('c', 300)], wait('PENDING_EKYC')],
    ['full KYC', [ACTIVE, ...approvedAt(200)], EKYC_FLOW],
    ['nothing but activated', [ACTIVE], EKYC_FLOW],
    ['pending partial', [ACTIVE, submit('c', 100)], EKYC_FLOW],
    ['partial', [ACTIVE, ...approvedAt(100)], EKYC_FLOW],
    ['rejected eKYC', [ACTIVE, submit('c', 300), reject('c')], EKYC_FLOW],
    ['deleted eKYC', [ACTIVE, ...approvedAt(300), remove()], EKYC_FLOW],
  ])('%s', (_, steps, expected) => {
    expect(decideEntry(play(steps).record, 'MONEY_PLUS')).toEqual({
      shopee_uid: UID,
      biz_id: 'MONEY_PLUS',
      ...expected,
    });
  });
});

describe('query-field-result', () => {
  const business = {
    bizId: 'MONEY_PLUS',
    requiredLevel: 300,
    queryFields: ['name', 'phone', 'ic_number'],
  } as const;
  const values = { name: INFO.name, phone: INFO.phone, ic_number: INFO.ic_number, ic_type: INFO.ic_type };
  const nothing = { name: null, phone: null, ic_number: null, ic_type: null };
  const state = (level: number | null, status: number | null, meets: boolean, pending: boolean): object => ({
    spay_kyc_level: level,
    spay_kyc_client_status: status,
    is_meet_business: meets,
    has_pending_case: pending,
  });

  it.each<[string, Step[], object, object]>([
    ['nothing known: nulls and false', [], nothing, state(null, null, false, false)],
    ['a first case pending', [submit('c', 300, INFO)], nothing, state(300, 2, false, true)],
    ['approved eKYC', approvedAt(300), values, state(300, 3, true, false)],
    ['approved full', approvedAt(200), values, state(200, 3, false, false)],
    [
      'full, eKYC rejected',
      [...approvedAt(200), submit('c', 300), reject('c')],
      values,
      state(300, 4, false, false),
    ],
    ['photo pending', [...approvedAt(300), photo('c')], values, state(300, 2, true, true)],
    ['photo rejected', [...approvedAt(300), photo('c'), reject('c')], values, state(300, 4, true, false)],
    ['deleted', [...approvedAt(300), remove()], nothing, state(300, 5, false, false)],
    [
      'phone changed',
      [...approvedAt(300), changePhone('+6010')],
      { ...values, phone: '+6010' },
      state(300, 3, true, false),
    ],
    [
      'pending info changed',
      [...approvedAt(300), photo('c'), changeInfo('PENDING', { name: 'x' })],
      values,
      state(300, 2, true, true),
    ],
    ['approved without info', [submit('c', 300), approve('c')], nothing, state(300, 3, true, false)],
  ])('%s', (_, steps, info, expected) => {
    expect(queryFields(play(steps).record, business)).toEqual({ ...info, ...expected });
  });

  it('has ic_type also where no field is configured', () => {
    expect(queryFields(play(approvedAt(300)).record, { ...business, queryFields: [] })).toEqual({
      ic_type: INFO.ic_type,
      ...state(300, 3, true, false),
    });
    expect(Object.keys(queryFields(newRecord(UID), { ...business, queryFields: [] }))).toContain('ic_type');
  });
});

describe('the account', () => {
  it('counts no version and publishes nothing', () => {
    const { record, decisions } = play([ACTIVE, BANNED, account('account.unbanned')]);
    expect(record).toMatchObject({ version: 0, account: { activated: true, banned: false } });
    for (const decision of decisions) expect(decision).toMatchObject({ kind: 'APPLIED', events: [] });
    expect(decisions[1]?.history.changes).toEqual([{ field: 'banned', from: false, to: true }]);
  });

  it.each<[string, Step[]]>([
    ['activated twice', [ACTIVE, ACTIVE]],
    ['banned twice', [BANNED, BANNED]],
    ['unbanned without a ban', [account('account.unbanned')]],
  ])('is told once: %s', (_, steps) => {
    expect(play(steps).decisions.at(-1)).toMatchObject({ kind: 'IGNORED', reason: 'account.unchanged' });
  });

  it('stays as it is over a delete', () => {
    expect(play([ACTIVE, ...approvedAt(300), remove()]).record.account.activated).toBe(true);
  });
});
