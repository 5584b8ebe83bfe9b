import { INFO_FIELDS, type InfoField } from '@kyc-relay/contracts';
import {
  approve,
  approvedAt,
  changeInfo,
  INFO,
  lastEvents,
  lastInfoChange,
  lastOutcome,
  photo,
  play,
  submit,
  subscribe,
  UID,
  UNIX_SECONDS,
  unsubscribe,
  type Step,
} from './scenario';

const TO_MONEY_PLUS = [{ biz_id: 'MONEY_PLUS' }];
const IN_CALLBACKS: InfoField[] = [
  'nationality',
  'mailing_address',
  'address',
  'gender',
  'date_of_birth',
  'phone',
  'industry_code',
  'occupation_code',
  'name',
];

describe('a change of approved info', () => {
  it.each(IN_CALLBACKS)('tells %s to those subscribed to info changes', (field) => {
    const steps = [subscribe(), ...approvedAt(300), changeInfo('APPROVED', { [field]: 'new value' })];
    expect(lastInfoChange(steps)).toEqual({
      shopee_uid: UID,
      version: 3,
      target: 'APPROVED',
      change_time: UNIX_SECONDS,
      changes: { [field]: 'new value' },
      subscriptions: TO_MONEY_PLUS,
    });
    expect(play(steps).record.approved).toEqual({ level: 300, info: { ...INFO, [field]: 'new value' } });
  });

  it.each([100, 200, 300] as const)('goes out at level %d, the phone too', (level) => {
    const steps = [subscribe(), ...approvedAt(level), changeInfo('APPROVED', { phone: '+60100000000' })];
    expect(lastInfoChange(steps).subscriptions).toEqual(TO_MONEY_PLUS);
  });

  it.each<[InfoField, string, string]>([
    ['ic_type', 'PASSPORT', 'PASSPORT'],
    ['ic_number', 'A12345678', '*****5678'],
  ])('publishes %s for no business, and the number masked', (field, value, published) => {
    const steps = [subscribe(), ...approvedAt(300), changeInfo('APPROVED', { [field]: value })];
    expect(lastInfoChange(steps)).toMatchObject({ changes: { [field]: published }, subscriptions: [] });
    expect(play(steps).record.approved?.info[field]).toBe(value);
  });

  it('is one event for fields of both kinds, which concerns the businesses for the others', () => {
    const steps = [
      subscribe(),
      ...approvedAt(300),
      changeInfo('APPROVED', { name: 'New', ic_number: 'A12345678' }),
    ];
    expect(lastInfoChange(steps)).toMatchObject({
      changes: { name: 'New', ic_number: '*****5678' },
      subscriptions: TO_MONEY_PLUS,
    });
  });

  it('tells only fields that differ', () => {
    const steps = [...approvedAt(300), changeInfo('APPROVED', { ...INFO, name: 'New' })];
    expect(lastInfoChange(steps).changes).toEqual({ name: 'New' });
  });

  it('is none when no field differs', () => {
    expect(lastOutcome([...approvedAt(300), changeInfo('APPROVED', INFO)])).toBe('kyc.nothing-changed');
  });

  it('compares an identity number in clear, not masked', () => {
    const steps = [...approvedAt(300), changeInfo('APPROVED', { ic_number: '111111-14-5678' })];
    expect(lastInfoChange(steps).changes).toEqual({ ic_number: '**********5678' });
  });

  it('takes a field that was not known before', () => {
    const steps = [
      submit('c', 300, { name: INFO.name }),
      approve('c'),
      changeInfo('APPROVED', { gender: 'F' }),
    ];
    expect(lastInfoChange(steps).changes).toEqual({ gender: 'F' });
  });

  it.each<[string, Step[], unknown]>([
    ['none subscribed', [], []],
    ['status only', [subscribe('MONEY_PLUS', ['KYC_STATUS_CHANGED'])], []],
    ['info only', [subscribe('MONEY_PLUS', ['KYC_INFO_CHANGED'])], TO_MONEY_PLUS],
    ['unsubscribed', [subscribe(), unsubscribe()], []],
    [
      'two, in the order of their names',
      [subscribe(), subscribe('LENDING')],
      [{ biz_id: 'LENDING' }, ...TO_MONEY_PLUS],
    ],
  ])('concerns those subscribed at that moment: %s', (_, subscriptions, expected) => {
    const steps = [...subscriptions, ...approvedAt(300), changeInfo('APPROVED', { name: 'New' })];
    expect(lastInfoChange(steps).subscriptions).toEqual(expected);
  });

  it('leaves the pending case alone', () => {
    const { record } = play([
      ...approvedAt(200),
      submit('c', 300, INFO),
      changeInfo('APPROVED', { name: 'New' }),
    ]);
    expect(record.pending?.info).toEqual(INFO);
  });
});

describe('a change of pending info', () => {
  it.each(INFO_FIELDS)('publishes %s for no business and counts as a version', (field) => {
    const steps = [subscribe(), submit('c', 300, INFO), changeInfo('PENDING', { [field]: 'new value' }, 'c')];
    expect(lastInfoChange(steps)).toMatchObject({
      version: 2,
      target: 'PENDING',
      change_time: UNIX_SECONDS,
      subscriptions: [],
    });
    expect(play(steps).record.pending?.info).toEqual({ ...INFO, [field]: 'new value' });
  });

  it('masks the number', () => {
    const steps = [submit('c', 300, INFO), changeInfo('PENDING', { ic_number: 'A12345678' })];
    expect(lastInfoChange(steps).changes).toEqual({ ic_number: '*****5678' });
  });

  it('is none when no field differs', () => {
    expect(lastOutcome([submit('c', 300, INFO), changeInfo('PENDING', INFO)])).toBe('kyc.nothing-changed');
  });

  it('leaves the approved info alone, and what it says about a photo is not approved with it', () => {
    const { record } = play([...approvedAt(300), photo('c'), changeInfo('PENDING', { name: 'New' })]);
    expect(record.approved?.info).toEqual(INFO);
    expect(record.pending?.info).toEqual({ name: 'New' });
  });

  it('tells nothing but the change', () => {
    const steps = [submit('c', 300, INFO), changeInfo('PENDING', { name: 'New' })];
    expect(lastEvents(steps).map((event) => event.type)).toEqual(['kyc.info-changed']);
  });
});
