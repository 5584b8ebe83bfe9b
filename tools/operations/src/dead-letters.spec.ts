import type { ReceivedMessage } from '@kyc-relay/messaging';
import { firstOfEach, toReplay } from './dead-letters';

const NOW = new Date('2026-01-02T03:04:05Z');

function letterOf(
  change: Partial<ReceivedMessage> = {},
  headers: ReceivedMessage['headers'] = {},
): ReceivedMessage {
  return {
    topic: 'kyc.case-events.v1.dlq',
    partition: 0,
    offset: '7',
    key: Buffer.from('u1'),
    value: Buffer.from('{"shopee_uid":"u1"}'),
    headers: {
      ce_id: 'e-1',
      ce_source: '/upstream',
      'dlq-reason': 'kyc.no-pending-case',
      'dlq-topic': 'kyc.case-events.v1',
      'dlq-offset': '3',
      ...headers,
    },
    ...change,
  };
}

test('a replay is the message as it came, marked, on the topic that it came from', () => {
  const { key, value } = letterOf();
  expect(toReplay(letterOf(), NOW)).toEqual({
    topic: 'kyc.case-events.v1',
    key,
    value,
    headers: { ce_id: 'e-1', ce_source: '/upstream', 'dlq-replay': '2026-01-02T03:04:05.000Z' },
  });
});

describe('the letters of one message', () => {
  test('pass once, also when a replay was refused for another reason', () => {
    const isFirst = firstOfEach();
    const again = letterOf({ offset: '8' }, { 'dlq-reason': 'kyc.case-mismatch', 'dlq-offset': '9' });
    expect([letterOf(), again, letterOf()].map(isFirst)).toEqual([true, false, false]);
  });

  test.each([
    ['another id', letterOf({}, { ce_id: 'e-2' })],
    ['another key', letterOf({ key: Buffer.from('u2') })],
    ['no key', letterOf({ key: null })],
    ['another value', letterOf({ value: Buffer.from('{}') })],
    ['another topic', letterOf({}, { 'dlq-topic': 'account.events.v1' })],
  ])('are told from those of a message with %s', (_, other) => {
    const isFirst = firstOfEach();
    expect([letterOf(), other].map(isFirst)).toEqual([true, true]);
  });
});
