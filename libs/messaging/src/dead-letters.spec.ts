import { dlqOf, isDlqHeader, toDeadLetter } from './dead-letters';
import { receive, readHeaders, type ReceivedMessage } from './message';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const CONTEXT = { service: 'kyc-status-publisher', attempts: 2, now: NOW };

const message: ReceivedMessage = {
  topic: 'kyc.case-events.v1',
  partition: 5,
  offset: '9007199254740993',
  key: Buffer.from([0, 0xff]),
  value: null,
  headers: {
    ce_id: Buffer.from('e-1'),
    twice: [Buffer.from('1'), Buffer.from([0xff])],
    empty: '',
    'dlq-replay': Buffer.from('1'),
    'dlq-reason': Buffer.from('kyc.not-approved'),
  },
};

test('a dead letter is the message as it came, with the reason in headers and no trace of an earlier DLQ', () => {
  const letter = toDeadLetter(message, { code: 'event.invalid', detail: 'data.level' }, CONTEXT);
  expect(letter).toEqual({
    topic: 'kyc.case-events.v1.dlq',
    eventId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    lockKey: expect.stringMatching(/^sha256:/) as string,
    key: message.key,
    value: null,
    headers: {
      ce_id: message.headers['ce_id'],
      twice: message.headers['twice'],
      empty: '',
      'dlq-reason': 'event.invalid',
      'dlq-detail': 'data.level',
      'dlq-service': 'kyc-status-publisher',
      'dlq-attempts': '2',
      'dlq-topic': 'kyc.case-events.v1',
      'dlq-partition': '5',
      'dlq-offset': '9007199254740993',
      'dlq-time': '2026-01-02T03:04:05.678Z',
    },
  });
});

test('a refusal without a field has an empty detail', () => {
  expect(toDeadLetter(message, { code: 'kyc.not-approved' }, CONTEXT).headers['dlq-detail']).toBe('');
});

test('the headers of a DLQ are known by their names', () => {
  expect(dlqOf('a.v1')).toBe('a.v1.dlq');
  expect(['dlq-reason', 'dlq-replay', 'dlq', 'ce_dlq-x'].map(isDlqHeader)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('a received message keeps bytes, offsets beyond 2^53 and headers of any name', () => {
  const headers = Object.fromEntries<Buffer | Buffer[] | undefined>([
    ['__proto__', Buffer.from('kept')],
    ['absent', undefined],
    ['twice', [Buffer.from('a'), Buffer.from('b')]],
  ]);
  const received = receive('t', 1, {
    key: null,
    value: Buffer.from([1]),
    timestamp: '0',
    attributes: 0,
    offset: '9007199254740993',
    headers,
  });
  expect(received).toMatchObject({ topic: 't', partition: 1, offset: '9007199254740993', key: null });
  expect(Object.entries(received.headers)).toEqual([
    ['__proto__', Buffer.from('kept')],
    ['absent', ''],
    ['twice', [Buffer.from('a'), Buffer.from('b')]],
  ]);
  expect(readHeaders(received)['twice']).toBe('b');
});
