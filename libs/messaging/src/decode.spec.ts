import { KYC_CASE_EVENTS, PHONE_CHANGED, type EventContract } from '@kyc-relay/contracts';
import type { Binding } from './chunk';
import { decode, lockKeyOf } from './decode';
import type { ReceivedMessage } from './message';

const binding: Binding = {
  topic: KYC_CASE_EVENTS.topic,
  contract: KYC_CASE_EVENTS,
  handle: async () => await Promise.resolve([]),
};

const DATA = { shopee_uid: 'u1', case_id: 'c1', decided_by: 'OPS' };

type Headers = ReceivedMessage['headers'];

const HEADERS: Headers = {
  ce_specversion: '1.0',
  ce_id: 'e-1',
  ce_source: '/upstream',
  ce_type: 'kyc.case.approved',
  ce_time: '2022-10-26T02:54:23Z',
};

function messageOf(change: Partial<ReceivedMessage> = {}): ReceivedMessage {
  return {
    topic: binding.topic,
    partition: 3,
    offset: '42',
    key: Buffer.from('u1'),
    value: Buffer.from(JSON.stringify(DATA)),
    headers: HEADERS,
    ...change,
  };
}

const withHeaders = (change: Headers): ReceivedMessage => messageOf({ headers: { ...HEADERS, ...change } });
const PLACE = { source: `kafka:${KYC_CASE_EVENTS.topic}`, id: '3:42' };

describe('a sound event', () => {
  test('is a fact with its own identity, key, time and content', () => {
    const decoded = decode(binding, messageOf());
    expect(decoded).toMatchObject({
      kind: 'FACT',
      identity: { source: '/upstream', id: 'e-1' },
      fact: {
        key: 'u1',
        type: 'kyc.case.approved',
        time: new Date('2022-10-26T02:54:23Z'),
        data: DATA,
        replay: false,
        traceparent: undefined,
      },
    });
  });

  test('in structured mode is the same fact', () => {
    const event = {
      specversion: '1.0',
      id: 'e-1',
      source: '/upstream',
      type: 'kyc.case.approved',
      time: '2022-10-26T02:54:23Z',
      data: DATA,
    };
    const decoded = decode(
      binding,
      messageOf({
        headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
        value: Buffer.from(JSON.stringify(event)),
      }),
    );
    expect(decoded).toMatchObject({
      kind: 'FACT',
      identity: { source: '/upstream', id: 'e-1' },
      fact: { data: DATA },
    });
  });

  test('of a repeated header the last one counts, as bytes or as text', () => {
    expect(decode(binding, withHeaders({ ce_id: [Buffer.from('first'), 'last'] }))).toMatchObject({
      identity: { id: 'last' },
    });
  });

  test('from the DLQ says so, whatever the value of the header', () => {
    for (const value of ['true', '', 'false'])
      expect(decode(binding, withHeaders({ 'dlq-replay': value }))).toMatchObject({ fact: { replay: true } });
  });

  test('carries a trace context only when it is one, since it is sent on in a header of ours', () => {
    const good = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(decode(binding, withHeaders({ traceparent: good }))).toMatchObject({
      fact: { traceparent: good },
    });
    for (const bad of ['', 'x', `${good}\n`, `${good} 0123456789`, 'A'.repeat(900_000), 'name: Tan Mei Ling'])
      expect(decode(binding, withHeaders({ traceparent: bad }))).toMatchObject({
        fact: { traceparent: undefined },
      });
  });
});

describe('a malformed event', () => {
  test.each<[string, Partial<ReceivedMessage>, string]>([
    ['no headers', { headers: {} }, 'ce_specversion'],
    ['no ce_id', { headers: { ...HEADERS, ce_id: '' } }, 'ce_id'],
    ['a long ce_source', { headers: { ...HEADERS, ce_source: 's'.repeat(257) } }, 'ce_source'],
    ['a time without a zone', { headers: { ...HEADERS, ce_time: '2022-10-26T02:54:23' } }, 'ce_time'],
    ['a NUL in ce_id', { headers: { ...HEADERS, ce_id: 'a\0b' } }, 'ce_id'],
    [
      'bytes in ce_id that are not UTF-8',
      { headers: { ...HEADERS, ce_id: Buffer.from([0x61, 0xff]) } },
      'ce_id',
    ],
    [
      'half a surrogate in ce_source',
      { headers: { ...HEADERS, ce_source: Buffer.from([0xed, 0xa0, 0x80]) } },
      'ce_source',
    ],
    ['another key', { key: Buffer.from('u2') }, 'key'],
    ['no key', { key: null }, 'key'],
    ['a key that is not UTF-8', { key: Buffer.from([0xff]) }, 'key'],
    ['no value', { value: null }, 'data'],
    ['an empty value', { value: Buffer.alloc(0) }, 'data'],
    ['not JSON', { value: Buffer.from('{') }, 'data'],
    ['not UTF-8', { value: Buffer.from([0x22, 0xff, 0x22]) }, 'data'],
    ['a missing field', { value: Buffer.from('{"shopee_uid":"u1","case_id":"c1"}') }, 'data.decided_by'],
    ['an unknown field', { value: Buffer.from(JSON.stringify({ ...DATA, more: 1 })) }, 'data.more'],
  ])('%s: refused by its place, with the field', (_, change, field) => {
    expect(decode(binding, messageOf(change))).toMatchObject({
      kind: 'MALFORMED',
      identity: PLACE,
      refusal: { code: 'event.invalid', detail: field },
      replay: false,
    });
  });

  test('two ids that differ only in bytes that are not UTF-8 are never one event', () => {
    for (const byte of [0xfe, 0xff])
      expect(decode(binding, withHeaders({ ce_id: Buffer.from([byte]) })).kind).toBe('MALFORMED');
  });

  test('an extension that is not UTF-8 is no reason to refuse', () => {
    expect(decode(binding, withHeaders({ ce_region: 'MY', 'x-raw': Buffer.from([0xff]) })).kind).toBe('FACT');
  });
});

describe('an unknown type', () => {
  test('in a sound envelope is refused once by its own identity, so that a later version can judge its replay', () => {
    expect(decode(binding, withHeaders({ ce_type: 'kyc.case.unheard' }))).toMatchObject({
      kind: 'MALFORMED',
      identity: { source: '/upstream', id: 'e-1' },
      refusal: { code: 'event.unknown-type', detail: 'type' },
    });
  });
});

describe('a consumer that owns only some types', () => {
  const contract: EventContract = KYC_CASE_EVENTS;
  const others: Binding = { ...binding, contract, owns: (type) => type !== PHONE_CHANGED };
  const phones: Binding = { ...binding, contract, owns: (type) => type === PHONE_CHANGED };

  test.each<[string, ReceivedMessage, boolean]>([
    ['a phone change', withHeaders({ ce_type: PHONE_CHANGED }), true],
    [
      'a malformed phone change',
      messageOf({ headers: { ce_type: PHONE_CHANGED }, value: Buffer.from('{') }),
      true,
    ],
    [
      'a phone change in structured mode',
      messageOf({
        headers: { 'content-type': 'application/cloudevents+json' },
        value: Buffer.from(JSON.stringify({ type: PHONE_CHANGED })),
      }),
      true,
    ],
    ['another type', withHeaders({ ce_type: 'account.banned' }), false],
    ['no type', messageOf({ headers: {} }), false],
    [
      'an unreadable structured event',
      messageOf({ headers: { 'content-type': 'application/cloudevents+json' }, value: Buffer.from('{') }),
      false,
    ],
    ['nothing at all', messageOf({ headers: {}, value: null, key: null }), false],
  ])("%s is exactly one consumer's", (_, message, isPhones) => {
    expect(decode(phones, message).kind === 'FOREIGN').toBe(!isPhones);
    expect(decode(others, message).kind === 'FOREIGN').toBe(isPhones);
  });
});

describe('the key under which a message is locked and parked', () => {
  test.each<[string, Buffer | null, RegExp]>([
    ['a plain key', Buffer.from('u1'), /^u1$/],
    ['no key', null, /^$/],
    ['a long key', Buffer.alloc(257, 'a'), /^sha256:[0-9a-f]{64}$/],
    ['a key with a NUL', Buffer.from('a\0b'), /^sha256:[0-9a-f]{64}$/],
    ['a binary key', Buffer.from([0xff, 0xfe]), /^sha256:[0-9a-f]{64}$/],
  ])('%s', (_, key, expected) => {
    expect(lockKeyOf(key)).toMatch(expected);
  });

  test('tells different binary keys apart', () => {
    expect(lockKeyOf(Buffer.from([0xff]))).not.toBe(lockKeyOf(Buffer.from([0xfe])));
  });
});
