import { toEnvelope, toKafkaMessage } from './cloud-event-encoding';
import { seededStamps } from './event-stamps';
import * as build from './upstream-event';
import type { UpstreamEvent } from './upstream-event';

const STAMP = { id: 'id-1', time: '2022-10-26T03:34:23.000Z' };
const USER = { shopee_uid: 'u1' };
const CASE = { shopee_uid: 'u1', case_id: 'c1' };

const BUILT: [string, string, UpstreamEvent][] = [
  ['kyc.case.submitted', 'kyc.case-events.v1', build.caseSubmitted(STAMP, { ...CASE, level: 300 })],
  ['kyc.case.approved', 'kyc.case-events.v1', build.caseApproved(STAMP, { ...CASE, decided_by: 'AUTO' })],
  ['kyc.case.rejected', 'kyc.case-events.v1', build.caseRejected(STAMP, { ...CASE, decided_by: 'OPS' })],
  ['kyc.photo.reuploaded', 'kyc.case-events.v1', build.photoReuploaded(STAMP, CASE)],
  ['kyc.record.deleted', 'kyc.case-events.v1', build.recordDeleted(STAMP, { ...USER, reason_keys: ['k'] })],
  [
    'kyc.info.changed',
    'kyc.case-events.v1',
    build.infoChanged(STAMP, { ...USER, target: 'APPROVED', changes: {} }),
  ],
  ['account.activated', 'account.events.v1', build.accountActivated(STAMP, USER)],
  ['account.banned', 'account.events.v1', build.accountBanned(STAMP, USER)],
  ['account.unbanned', 'account.events.v1', build.accountUnbanned(STAMP, USER)],
  [
    'account.phone-changed',
    'account.events.v1',
    build.phoneChanged(STAMP, { ...USER, phone: '1', changed_by: 'ops' }),
  ],
];

test.each(BUILT)('%s goes to %s under the key of its user', (type, topic, event) => {
  expect(event).toMatchObject({ type, topic, key: 'u1', id: 'id-1', time: STAMP.time, data: USER });
});

test('an event without a user has an empty key and is not refused: bad input is wanted', () => {
  expect(build.upstreamEvent('kyc.no-such-type', STAMP, { shopee_uid: 5 })).toMatchObject({
    topic: 'kyc.case-events.v1',
    key: '',
  });
});

test('binary mode puts the attributes into headers and the data into the value', () => {
  const event = build.accountBanned({ ...STAMP, source: '/accounts' }, USER);
  expect(toKafkaMessage(event, 'binary', { traceparent: '00-1-2-01' })).toEqual({
    topic: 'account.events.v1',
    key: 'u1',
    value: '{"shopee_uid":"u1"}',
    headers: {
      ce_specversion: '1.0',
      ce_id: 'id-1',
      ce_source: '/accounts',
      ce_type: 'account.banned',
      ce_time: STAMP.time,
      ce_subject: 'u1',
      'content-type': 'application/json',
      traceparent: '00-1-2-01',
    },
  });
});

test('structured mode puts all into the envelope', () => {
  const event = build.accountBanned(STAMP, USER);
  const message = toKafkaMessage(event, 'structured');
  expect(message.headers).toEqual({ 'content-type': 'application/cloudevents+json' });
  expect(JSON.parse(String(message.value))).toEqual(toEnvelope(event));
  expect(toEnvelope(event)).toEqual({
    specversion: '1.0',
    id: 'id-1',
    source: '/simulated/kyc-upstream',
    type: 'account.banned',
    time: STAMP.time,
    subject: 'u1',
    datacontenttype: 'application/json',
    data: USER,
  });
});

test('stamps of one seed repeat, differ from each other and from those of another seed', () => {
  const options = { seed: 'a', start: '2022-10-26T00:00:00Z', step_ms: 500 };
  const take = (next: () => { id: string; time: string }): { id: string; time: string }[] => [
    next(),
    next(),
    next(),
  ];
  const first = take(seededStamps(options));
  expect(take(seededStamps(options))).toEqual(first);
  expect(first.map(({ time }) => time)).toEqual([
    '2022-10-26T00:00:00.000Z',
    '2022-10-26T00:00:00.500Z',
    '2022-10-26T00:00:01.000Z',
  ]);
  const ids = [...first, ...take(seededStamps({ ...options, seed: 'b' }))].map(({ id }) => id);
  expect(new Set(ids).size).toBe(6);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});
