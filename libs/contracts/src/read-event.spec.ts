import type { CloudEvent } from './cloud-event';
import { ACCOUNT_EVENTS, KYC_CASE_EVENTS, KYC_USER_EVENTS } from './event-contract';
import { goldenMessage, type GoldenName } from './golden';
import { CaseSubmittedDto } from './kyc-case-events.dto';
import { INFO_FIELDS, KycInfoDto } from './kyc-info.dto';
import { readEvent } from './read-event';

const TEXT_513 = 'x'.repeat(513);

function event(type: string, data: unknown): CloudEvent {
  return { id: 'e-1', source: '/upstream', type, time: new Date(0), data };
}

/** The data of the golden message with some fields replaced; `undefined` takes a field away. */
function golden(name: GoldenName, replaced: Record<string, unknown>): CloudEvent {
  return event(name, JSON.parse(JSON.stringify({ ...goldenMessage(name).value, ...replaced })));
}

function judge(
  contract: typeof KYC_CASE_EVENTS,
  name: GoldenName,
  replaced: Record<string, unknown>,
): string {
  const read = readEvent(contract, golden(name, replaced), undefined);
  return read.ok ? 'ok' : `${read.code} ${read.detail}`;
}

describe('the type', () => {
  it.each([
    'kyc.case.unknown',
    'account.banned',
    'kyc.status-changed',
    'toString',
    '__proto__',
    'KYC.CASE.APPROVED',
  ])('is refused on kyc.case-events.v1: %s, whatever the data', (type) => {
    expect(readEvent(KYC_CASE_EVENTS, event(type, undefined), null)).toMatchObject({
      ok: false,
      code: 'event.unknown-type',
      detail: 'type',
    });
  });
});

describe('the key', () => {
  const message = golden('kyc.case.approved', {});

  it('is the shopee_uid', () => {
    expect(readEvent(KYC_CASE_EVENTS, message, goldenMessage('kyc.case.approved').key).ok).toBe(true);
  });

  it.each([null, '', 'another', '10086_A'])('is refused when it is %j', (key) => {
    expect(readEvent(KYC_CASE_EVENTS, message, key)).toMatchObject({ code: 'event.invalid', detail: 'key' });
  });
});

describe('the data of kyc.case-events.v1', () => {
  const rows: [GoldenName, Record<string, unknown>, string][] = [
    ['kyc.case.submitted', {}, 'ok'],
    ['kyc.case.submitted', { info: undefined, region: undefined }, 'ok'],
    ['kyc.case.submitted', { info: null, region: null }, 'ok'],
    ['kyc.case.submitted', { info: {} }, 'ok'],
    ['kyc.case.submitted', { level: 100 }, 'ok'],
    ['kyc.case.submitted', { level: 200 }, 'ok'],
    ['kyc.case.submitted', { level: 150 }, 'event.invalid data.level'],
    ['kyc.case.submitted', { level: '300' }, 'event.invalid data.level'],
    ['kyc.case.submitted', { level: undefined }, 'event.invalid data.level'],
    ['kyc.case.submitted', { level: null }, 'event.invalid data.level'],
    ['kyc.case.submitted', { shopee_uid: undefined }, 'event.invalid data.shopee_uid'],
    ['kyc.case.submitted', { shopee_uid: 10086 }, 'event.invalid data.shopee_uid'],
    ['kyc.case.submitted', { shopee_uid: '' }, 'event.invalid data.shopee_uid'],
    ['kyc.case.submitted', { shopee_uid: 'a'.repeat(64) }, 'ok'],
    ['kyc.case.submitted', { shopee_uid: 'a'.repeat(65) }, 'event.invalid data.shopee_uid'],
    ['kyc.case.submitted', { shopee_uid: 'a b' }, 'event.invalid data.shopee_uid'],
    ['kyc.case.submitted', { shopee_uid: 'ä' }, 'event.invalid data.shopee_uid'],
    ['kyc.case.submitted', { shopee_uid: 'a\n' }, 'event.invalid data.shopee_uid'],
    ['kyc.case.submitted', { case_id: 'A-z_0' }, 'ok'],
    ['kyc.case.submitted', { case_id: 'a/b' }, 'event.invalid data.case_id'],
    ['kyc.case.submitted', { case_id: undefined }, 'event.invalid data.case_id'],
    ['kyc.case.submitted', { region: 5 }, 'event.invalid data.region'],
    ['kyc.case.submitted', { region: '' }, 'event.invalid data.region'],
    ['kyc.case.submitted', { extra: 1 }, 'event.invalid data.extra'],
    ['kyc.case.submitted', { info: 'x' }, 'event.invalid data.info'],
    ['kyc.case.submitted', { info: [] }, 'event.invalid data.info'],
    ['kyc.case.submitted', { info: { email: 'x' } }, 'event.invalid data.info.email'],
    ['kyc.case.approved', {}, 'ok'],
    ['kyc.case.approved', { decided_by: 'AUTO' }, 'ok'],
    ['kyc.case.approved', { decided_by: undefined }, 'event.invalid data.decided_by'],
    ['kyc.case.approved', { decided_by: 'ops' }, 'event.invalid data.decided_by'],
    ['kyc.case.approved', { reason_keys: [] }, 'event.invalid data.reason_keys'],
    ['kyc.case.rejected', {}, 'ok'],
    ['kyc.case.rejected', { reason_keys: undefined, other_reason: undefined, retry: undefined }, 'ok'],
    ['kyc.case.rejected', { reason_keys: null, other_reason: null, retry: null }, 'ok'],
    ['kyc.case.rejected', { reason_keys: [], other_reason: '' }, 'ok'],
    ['kyc.case.rejected', { reason_keys: Array.from({ length: 50 }, () => 'k'.repeat(128)) }, 'ok'],
    [
      'kyc.case.rejected',
      { reason_keys: Array.from({ length: 51 }, () => 'k') },
      'event.invalid data.reason_keys',
    ],
    ['kyc.case.rejected', { reason_keys: ['k', 'k'.repeat(129)] }, 'event.invalid data.reason_keys[1]'],
    ['kyc.case.rejected', { reason_keys: ['k', 'k', 'k', 4] }, 'event.invalid data.reason_keys[3]'],
    ['kyc.case.rejected', { reason_keys: [''] }, 'event.invalid data.reason_keys[0]'],
    ['kyc.case.rejected', { reason_keys: ['a\0'] }, 'event.invalid data.reason_keys[0]'],
    ['kyc.case.rejected', { reason_keys: 'k' }, 'event.invalid data.reason_keys'],
    ['kyc.case.rejected', { reason_keys: { 0: 'k' } }, 'event.invalid data.reason_keys'],
    ['kyc.case.rejected', { other_reason: 'x'.repeat(1024) }, 'ok'],
    ['kyc.case.rejected', { other_reason: 'x'.repeat(1025) }, 'event.invalid data.other_reason'],
    ['kyc.case.rejected', { other_reason: 5 }, 'event.invalid data.other_reason'],
    ['kyc.case.rejected', { other_reason: '\ud800' }, 'event.invalid data.other_reason'],
    ['kyc.case.rejected', { decided_by: null }, 'event.invalid data.decided_by'],
    ['kyc.case.rejected', { retry: false }, 'ok'],
    ['kyc.case.rejected', { retry: 'true' }, 'event.invalid data.retry'],
    ['kyc.photo.reuploaded', {}, 'ok'],
    ['kyc.photo.reuploaded', { level: 300 }, 'event.invalid data.level'],
    ['kyc.photo.reuploaded', { case_id: undefined }, 'event.invalid data.case_id'],
    ['kyc.record.deleted', {}, 'ok'],
    ['kyc.record.deleted', { reason_keys: undefined, other_reason: undefined }, 'ok'],
    ['kyc.record.deleted', { decided_by: 'OPS' }, 'event.invalid data.decided_by'],
    ['kyc.record.deleted', { other_reason: 'x'.repeat(1025) }, 'event.invalid data.other_reason'],
    ['kyc.info.changed', {}, 'ok'],
    ['kyc.info.changed', { target: 'PENDING', case_id: 'case-9' }, 'ok'],
    ['kyc.info.changed', { target: 'PENDING' }, 'ok'],
    ['kyc.info.changed', { target: undefined }, 'event.invalid data.target'],
    ['kyc.info.changed', { target: 'OTHER' }, 'event.invalid data.target'],
    ['kyc.info.changed', { case_id: 'a b' }, 'event.invalid data.case_id'],
    ['kyc.info.changed', { changes: {} }, 'event.invalid data.changes'],
    ['kyc.info.changed', { changes: undefined }, 'event.invalid data.changes'],
    ['kyc.info.changed', { changes: null }, 'event.invalid data.changes'],
    ['kyc.info.changed', { changes: ['name'] }, 'event.invalid data.changes'],
    ['kyc.info.changed', { changes: { email: 'x' } }, 'event.invalid data.changes.email'],
  ];

  it.each(rows)('%s with %j: %s', (name, replaced, expected) => {
    expect(judge(KYC_CASE_EVENTS, name, replaced)).toBe(expected);
  });

  it.each(INFO_FIELDS)('takes %s as a text of 1 to 512 characters and nothing else', (field) => {
    for (const [value, good] of [
      ['x', true],
      ['x'.repeat(512), true],
      ['😀'.repeat(512), true],
      ['', false],
      [TEXT_513, false],
      [`x${'\ufe0f'.repeat(512)}`, false],
      ['a\0', false],
      ['\udc00', false],
      [null, false],
      [5, false],
      [{}, false],
      [['x'], false],
    ] as const) {
      const submitted = judge(KYC_CASE_EVENTS, 'kyc.case.submitted', { info: { [field]: value } });
      expect(submitted).toBe(good ? 'ok' : `event.invalid data.info.${field}`);
      const changed = judge(KYC_CASE_EVENTS, 'kyc.info.changed', { changes: { [field]: value } });
      expect(changed).toBe(good ? 'ok' : `event.invalid data.changes.${field}`);
    }
  });

  it('comes as an instance of its class', () => {
    const read = readEvent<CaseSubmittedDto>(KYC_CASE_EVENTS, golden('kyc.case.submitted', {}), undefined);
    if (!read.ok) throw new Error(read.detail);
    expect(read.event.data).toBeInstanceOf(CaseSubmittedDto);
    expect(read.event.data.info).toBeInstanceOf(KycInfoDto);
  });

  it.each([undefined, null, 5, 'text', true, [], [[[]]]])('is refused when it is %j', (data) => {
    expect(readEvent(KYC_CASE_EVENTS, event('kyc.case.approved', data), 'k')).toMatchObject({
      code: 'event.invalid',
      detail: 'data',
    });
  });
});

describe('the data of account.events.v1', () => {
  it.each<[GoldenName, Record<string, unknown>, string]>([
    ['account.activated', {}, 'ok'],
    ['account.banned', {}, 'ok'],
    ['account.unbanned', {}, 'ok'],
    ['account.activated', { shopee_uid: undefined }, 'event.invalid data.shopee_uid'],
    ['account.activated', { extra: 1 }, 'event.invalid data.extra'],
    ['account.phone-changed', {}, 'ok'],
    ['account.phone-changed', { previous_phone: undefined }, 'ok'],
    ['account.phone-changed', { previous_phone: null }, 'ok'],
    ['account.phone-changed', { previous_phone: '' }, 'event.invalid data.previous_phone'],
    ['account.phone-changed', { phone: undefined }, 'event.invalid data.phone'],
    ['account.phone-changed', { phone: '' }, 'event.invalid data.phone'],
    ['account.phone-changed', { phone: 60123456789 }, 'event.invalid data.phone'],
    ['account.phone-changed', { phone: TEXT_513 }, 'event.invalid data.phone'],
    ['account.phone-changed', { changed_by: undefined }, 'event.invalid data.changed_by'],
    ['account.phone-changed', { changed_by: '' }, 'event.invalid data.changed_by'],
    ['account.phone-changed', { changed_by: TEXT_513 }, 'event.invalid data.changed_by'],
  ])('%s with %j: %s', (name, replaced, expected) => {
    expect(judge(ACCOUNT_EVENTS, name, replaced)).toBe(expected);
  });
});

describe('the data of kyc.user-events.v1', () => {
  it('may hold what a newer producer adds, which is left out', () => {
    const read = readEvent(KYC_USER_EVENTS, golden('kyc.status-changed', { newer: 1 }), undefined);
    expect(read.ok && 'newer' in read.event.data).toBe(false);
    expect(read.ok).toBe(true);
  });

  it.each<[GoldenName, Record<string, unknown>, string]>([
    ['kyc.status-changed', { subscriptions: [] }, 'ok'],
    [
      'kyc.status-changed',
      { subscriptions: [{ biz_id: 'A' }] },
      'event.invalid data.subscriptions[0].is_meet_business',
    ],
    ['kyc.status-changed', { spay_kyc_client_status: 1 }, 'event.invalid data.spay_kyc_client_status'],
    ['kyc.status-changed', { version: 0 }, 'event.invalid data.version'],
    ['kyc.status-changed', { spay_reject_reason: null }, 'event.invalid data.spay_reject_reason'],
    ['kyc.info-changed', { changes: {} }, 'event.invalid data.changes'],
    ['kyc.subscription-changed', { events: [], subscribed: false, action: 'UNSUBSCRIBE' }, 'ok'],
    ['kyc.subscription-changed', { events: ['OTHER'] }, 'event.invalid data.events[0]'],
    ['kyc.seamless-individual-requested', { requested_at: 'yesterday' }, 'event.invalid data.requested_at'],
  ])('%s with %j: %s', (name, replaced, expected) => {
    expect(judge(KYC_USER_EVENTS, name, replaced)).toBe(expected);
  });
});
