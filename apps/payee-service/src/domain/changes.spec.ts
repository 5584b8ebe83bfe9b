import { PAYEE_CHANGED_EVENTS, readEvent, type PayeeField } from '@kyc-relay/contracts';
import { CUSTOMER_NO_RANDOM_LIMIT, isCustomerNo, makeCustomerNo } from './customer-no';
import { deletePayee } from './decide-delete';
import { judgeRepeat, registerPayee } from './decide-registration';
import { decideUpdate } from './decide-update';
import { publishedValue, type AppliedChange } from './decision';
import { describeChanges } from './history-entry';
import { agreeOnPayee, readKeys, type KeyName, type PayeeKeys } from './payee-keys';
import { NOW, payeeIn, PROFILE } from '../testbed/scenario';

const CONTEXT = { storeNo: '301855', now: NOW };
const REGISTRATION = { merchantNo: '202333', storeNo: '301854', profile: PROFILE };
const EVENT_ID = '0184126e-a6b0-7000-8000-000000000021';

describe('a registration', () => {
  const change = registerPayee(REGISTRATION, '2000305228294092293550', NOW);

  it('makes an unverified payee with version 1', () => {
    expect(change).toMatchObject({
      change: 'REGISTERED',
      payee: { version: 1, status: 'Unverified', storeNo: '301854', createdAt: NOW, updatedAt: NOW },
      entry: { type: 'REGISTERED', source: 'PARTNER', by: '301854' },
    });
  });

  it('is told with the names of what was given', () => {
    expect(publishedValue(change, EVENT_ID).changedFields).toEqual(Object.keys(PROFILE));
  });

  it.each<[string, Partial<typeof REGISTRATION>, boolean]>([
    ['the same', {}, true],
    ['the email in capitals', { profile: { ...PROFILE, email: PROFILE.email.toUpperCase() } }, true],
    ['the default language said', { profile: { ...PROFILE, lang: 'zh_CN' } }, true],
    ['another language', { profile: { ...PROFILE, lang: 'en_US' } }, false],
    ['another store', { storeNo: '301855' }, false],
    ['another number', { profile: { ...PROFILE, governmentId: '110101199003079139' } }, false],
    ['a field more', { profile: { ...PROFILE, street2: 'x' } }, false],
  ])('again with %s is the same payee: %s', (_, change_, isSame) => {
    const verdict = judgeRepeat({ ...REGISTRATION, ...change_ }, [payeeIn('Pending')]);
    expect(verdict.ok).toBe(isSame);
  });

  it('with a field less is not the same payee', () => {
    const { phone: _, ...profile } = PROFILE;
    expect(judgeRepeat({ ...REGISTRATION, profile }, [payeeIn('Pending')])).toMatchObject({
      code: 'payee.parameters-misfit',
    });
  });
});

describe('an update', () => {
  it('raises the version by one and tells names in the order of the fields', () => {
    const decision = decideUpdate(
      payeeIn('Declined'),
      { street: '中南海', phone: '2', dateOfBirth: '1999-01-02' },
      CONTEXT,
    );
    expect(decision).toMatchObject({
      kind: 'APPLIED',
      payee: { version: 4, updatedAt: NOW, statusSince: payeeIn('Declined').statusSince },
      entry: {
        by: '301855',
        changes: [
          { field: 'dateOfBirth', from: '******1-01', to: '******1-02' },
          { field: 'phone', from: '******7890', to: '*' },
          { field: 'street', from: '**', to: '***' },
        ],
      },
    });
  });

  it('that gives what is there is none', () => {
    expect(
      decideUpdate(payeeIn('Pending'), { street: '长城', governmentId: PROFILE.governmentId }, CONTEXT),
    ).toEqual({
      kind: 'UNCHANGED',
    });
  });

  it.each(['Activated', 'Deactivated'] as const)('is refused when %s, whatever it gives', (status) => {
    expect(decideUpdate(payeeIn(status), {}, CONTEXT)).toMatchObject({ code: 'payee.status-forbids' });
  });

  it.each(['Unverified', 'Pending', 'Underreview', 'Declined'] as const)('is taken when %s', (status) => {
    expect(decideUpdate(payeeIn(status), { zip: '1' }, CONTEXT)).toMatchObject({ kind: 'APPLIED' });
  });

  it('of an old record is judged by what it touches', () => {
    const john = payeeIn('Pending', { profile: { ...PROFILE, firstName: 'John', lastName: 'Doe' } });
    expect(decideUpdate(john, { street: 'x' }, CONTEXT)).toMatchObject({ kind: 'APPLIED' });
    expect(decideUpdate(john, { firstName: 'Jack' }, CONTEXT)).toMatchObject({
      problems: [{ field: 'firstName' }],
    });
    expect(decideUpdate(john, { governmentIdType: 'ID_CARD' }, CONTEXT)).toMatchObject({
      problems: [{ field: 'lastName' }, { field: 'firstName' }],
    });
  });

  it('of the country asks for the code of a company there', () => {
    const company = payeeIn('Pending', {
      profile: {
        ...PROFILE,
        countryCode: 'US',
        profileType: 'BUSINESS',
        governmentIdType: 'BUSINESS_REGISTRATION_CERT',
        governmentId: '12-3456789',
        company: 'x',
      },
    });
    expect(decideUpdate(company, { countryCode: 'GB' }, CONTEXT)).toMatchObject({ kind: 'APPLIED' });
    expect(decideUpdate(company, { countryCode: 'CN' }, CONTEXT)).toMatchObject({
      code: 'payee.value-wrong',
      problems: [{ field: 'governmentId' }],
    });
  });
});

describe('what is published of a change', () => {
  const update = decideUpdate(
    payeeIn('Pending'),
    { governmentId: '110101199003079139', lang: 'en_US' },
    CONTEXT,
  ) as AppliedChange;
  it.each([
    registerPayee(REGISTRATION, '2000305228294092293550', NOW),
    update,
    deletePayee(payeeIn('Activated'), CONTEXT),
  ])('fits its contract and holds nothing personal', (change) => {
    const value = publishedValue(change, EVENT_ID);
    const event = { id: EVENT_ID, source: 's', type: 'payee.changed', time: NOW, data: value };
    expect(
      readEvent({ ...PAYEE_CHANGED_EVENTS, unknownFields: 'refused' }, event, value.customerNo),
    ).toMatchObject({ ok: true });
    const text = JSON.stringify(value);
    for (const personal of Object.values(PROFILE))
      if (personal.length > 2) expect(text).not.toContain(`"${personal}"`);
  });

  it('of a delete has the last status and the next version', () => {
    expect(publishedValue(deletePayee(payeeIn('Activated'), CONTEXT), EVENT_ID)).toMatchObject({
      change: 'DELETED',
      payeeStatus: 'Activated',
      version: 4,
      changedFields: [],
    });
  });
});

describe('the history of a field', () => {
  it.each<[PayeeField, string, string]>([
    ['governmentId', '110101199003079139', '**************9139'],
    ['email', 'x@grigora.io', '********a.io'],
    ['countryCode', 'US', 'US'],
    ['governmentIdType', 'PASSPORT', 'PASSPORT'],
  ])('%s shows %s as %s', (field, value, shown) => {
    expect(describeChanges(PROFILE, { ...PROFILE, [field]: value })).toMatchObject([{ field, to: shown }]);
  });

  it('tells two values apart that look the same once they are masked', () => {
    const twin = { ...PROFILE, phone: '1234567891' };
    expect(describeChanges({ ...PROFILE, phone: '9994567891' }, twin)).toEqual([
      { field: 'phone', from: '******7891', to: '******7891' },
    ]);
  });
});

describe('the keys of a payee', () => {
  it.each<[PayeeKeys, [KeyName, string][], object]>([
    [{ customerNo: '1' }, [['customerNo', '1']], { ok: true, customerNo: '1' }],
    [
      { email: 'e', customerCode: 'c' },
      [
        ['email', '1'],
        ['customerCode', '1'],
      ],
      { ok: true, customerNo: '1' },
    ],
    [{ email: 'e' }, [], { code: 'payee.key-unknown', problems: [{ field: 'email' }] }],
    [
      { email: 'e', customerCode: 'c' },
      [['email', '1']],
      { code: 'payee.key-unknown', problems: [{ field: 'customerCode' }] },
    ],
    [
      { customerNo: '2', email: 'e' },
      [
        ['customerNo', '2'],
        ['email', '1'],
      ],
      { code: 'payee.parameters-misfit' },
    ],
  ])('%j that name %j', (keys, found, expected) => {
    expect(agreeOnPayee(keys, new Map(found))).toMatchObject(expected);
  });

  it('are compared without regard to the case of the email', () => {
    expect(readKeys(new Map([['email', 'A.B@Example.COM']]))).toEqual({
      ok: true,
      keys: { email: 'a.b@example.com' },
    });
  });
});

describe('a customer number', () => {
  it.each([
    [1_667_198_420_000, 0],
    [1_667_198_420_000, CUSTOMER_NO_RANDOM_LIMIT - 1],
    [9_999_999_999_999, 1],
    [0, 7],
  ])('made at %d with %d has 22 digits', (nowMs, random) => {
    expect(isCustomerNo(makeCustomerNo(nowMs, random))).toBe(true);
  });

  it('grows with time', () => {
    const numbers = [
      makeCustomerNo(1, 99_999_999),
      makeCustomerNo(2, 0),
      makeCustomerNo(1_667_198_420_000, 0),
    ];
    expect([...numbers].sort()).toEqual(numbers);
  });
});
