import { parseCloudEvent, peekType, type KafkaHeaders } from './kafka-message';

const HEADERS = {
  ce_specversion: '1.0',
  ce_id: 'e-1',
  ce_source: '/upstream',
  ce_type: 'kyc.case.approved',
  ce_time: '2022-10-26T10:54:23+08:00',
};
const STRUCTURED = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
const ENVELOPE = {
  specversion: '1.0',
  id: 'e-1',
  source: '/upstream',
  type: 'kyc.case.approved',
  time: '2022-10-26T10:54:23+08:00',
  data: { shopee_uid: '1' },
};

function bytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function fieldsOf(headers: KafkaHeaders, value: Buffer | null): string[] {
  const parsed = parseCloudEvent(headers, value);
  return parsed.ok ? [] : parsed.errors.map((error) => error.field);
}

describe('binary mode', () => {
  it('takes the attributes from the headers and the content from the value', () => {
    expect(parseCloudEvent({ ...HEADERS, ce_subject: '1', other: 'x' }, bytes({ a: 1 }))).toEqual({
      ok: true,
      event: {
        id: 'e-1',
        source: '/upstream',
        type: 'kyc.case.approved',
        time: new Date('2022-10-26T02:54:23Z'),
        subject: '1',
        data: { a: 1 },
      },
    });
  });

  it.each(Object.keys(HEADERS))('does not do without %s', (name) => {
    expect(fieldsOf({ ...HEADERS, [name]: undefined }, bytes({}))).toEqual([name]);
  });

  it.each([
    ['ce_id', ''],
    ['ce_id', 'x'.repeat(257)],
    ['ce_source', ''],
    ['ce_source', 'x'.repeat(257)],
    ['ce_type', ''],
    ['ce_specversion', '0.3'],
    ['ce_time', '2022-13-40'],
    ['ce_time', '2022-10-26T02:54:23'],
    ['ce_subject', ''],
    ['ce_id', 'a\0b'],
    ['ce_extension', 'a\0b'],
  ])('refuses %s of %j', (name, value) => {
    expect(fieldsOf({ ...HEADERS, [name]: value }, bytes({}))).toEqual([name]);
  });

  it('takes ids and sources of 256 characters and unknown extensions', () => {
    const long = '😀'.repeat(256);
    expect(fieldsOf({ ...HEADERS, ce_id: long, ce_source: long, ce_whatever: 'x' }, bytes({}))).toEqual([]);
  });

  it.each([
    ['not JSON', Buffer.from('{"a":')],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['half a surrogate as bytes', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['a byte order mark', Buffer.from('\ufeff{}')],
  ])('names the data when the value is %s', (_, value) => {
    expect(fieldsOf(HEADERS, value)).toEqual(['data']);
  });

  it.each([[null], [Buffer.alloc(0)]])('reads no value as no content', (value) => {
    expect(parseCloudEvent(HEADERS, value)).toMatchObject({ ok: true, event: { data: undefined } });
  });

  it.each(['application/cloudevents+avro', 'application/cloudevents-batch+json'])(
    'does not read %s',
    (type) => {
      expect(fieldsOf({ ...HEADERS, 'content-type': type }, bytes({}))).toEqual(['content-type']);
    },
  );

  it('survives a hundred thousand nested arrays', () => {
    expect(fieldsOf(HEADERS, Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)))).toEqual([]);
  });
});

describe('structured mode', () => {
  it.each([
    'application/cloudevents+json',
    'application/cloudevents+json; charset=UTF-8',
    'Application/CloudEvents+JSON',
  ])('takes everything from the value with %s', (type) => {
    const parsed = parseCloudEvent(
      { 'content-type': type, ce_id: 'another' },
      bytes({ ...ENVELOPE, partitionkey: 7 }),
    );
    expect(parsed).toEqual({
      ok: true,
      event: {
        id: 'e-1',
        source: '/upstream',
        type: 'kyc.case.approved',
        time: new Date('2022-10-26T02:54:23Z'),
        data: { shopee_uid: '1' },
      },
    });
  });

  it.each(['specversion', 'id', 'source', 'type', 'time'])('does not do without %s', (name) => {
    expect(fieldsOf(STRUCTURED, bytes({ ...ENVELOPE, [name]: undefined }))).toEqual([name]);
    expect(fieldsOf(STRUCTURED, bytes({ ...ENVELOPE, [name]: null }))).toEqual([name]);
    expect(fieldsOf(STRUCTURED, bytes({ ...ENVELOPE, [name]: 5 }))).toEqual([name]);
  });

  it.each([['null'], ['[]'], ['"text"'], ['5'], ['{'], ['']])(
    'names the body when the value is %j',
    (text) => {
      expect(fieldsOf(STRUCTURED, Buffer.from(text))).toEqual(['body']);
    },
  );

  it('refuses binary data and unsafe extensions', () => {
    expect(fieldsOf(STRUCTURED, bytes({ ...ENVELOPE, data: undefined, data_base64: 'e30=' }))).toEqual([
      'data_base64',
    ]);
    expect(fieldsOf(STRUCTURED, bytes({ ...ENVELOPE, extension: { deep: ['\ud800'] } }))).toEqual([
      'extension',
    ]);
  });
});

describe('peekType', () => {
  it.each<[string | undefined, string, KafkaHeaders, Buffer | null]>([
    ['account.phone-changed', 'the header', { ce_type: 'account.phone-changed' }, null],
    ['account.phone-changed', 'a structured value', STRUCTURED, bytes({ type: 'account.phone-changed' })],
    [undefined, 'nothing', {}, null],
    [undefined, 'a type that is no text', STRUCTURED, bytes({ type: 5 })],
    [undefined, 'a value that is no object', STRUCTURED, bytes(null)],
    [undefined, 'a broken value', STRUCTURED, Buffer.from('{')],
    [undefined, 'a missing value', STRUCTURED, null],
  ])('reads %s from %s', (expected, _, headers, value) => {
    expect(peekType(headers, value)).toBe(expected);
  });
});
