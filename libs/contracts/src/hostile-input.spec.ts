import { ACCOUNT_EVENTS, contractOf, KYC_CASE_EVENTS, KYC_USER_EVENTS } from './event-contract';
import { GOLDEN_NAMES, goldenMessage } from './golden';
import { parseCloudEvent, peekType } from './kafka-message';
import { readEvent } from './read-event';
import { seededRandom } from './seeded-random';

const HOSTILE: readonly string[] = [
  'null',
  'true',
  '0',
  '-1e308',
  '1e999',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"😀"',
  '[]',
  '{}',
  '[[[[[[]]]]]]',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{}}}',
  '{"toString":null,"valueOf":null}',
  '{"then":1}',
  '{"length":-1}',
  `"${'x'.repeat(5000)}"`,
  `[${'1,'.repeat(3000)}1]`,
];

describe('hostile input', () => {
  const random = seededRandom(20_221_026);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

  /** The JSON text of a value with one member, somewhere, replaced by something hostile, or its bytes cut or flipped. */
  function spoil(value: unknown): Buffer {
    const text = JSON.stringify(value);
    const places = [...text.matchAll(/(?<=[:[,])(?:"[^"]*"|\d+|true|false)/g)];
    if (random() < 0.8 && places.length > 0) {
      const place = pick(places);
      return Buffer.from(
        text.slice(0, place.index) + pick(HOSTILE) + text.slice(place.index + place[0].length),
      );
    }
    const bytes = Buffer.from(
      random() < 0.5 ? pick(HOSTILE) : text.slice(0, Math.floor(random() * text.length)),
    );
    if (bytes.length > 0) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    return bytes;
  }

  it('gets an answer that names a field, and never an exception', () => {
    for (let round = 0; round < 4000; round += 1) {
      const message = goldenMessage(pick(GOLDEN_NAMES));
      const structured = random() < 0.3;
      const { ce_id: id, ce_source: source, ce_type: type, ce_time: time } = message.headers;
      const value = spoil(
        structured ? { specversion: '1.0', id, source, type, time, data: message.value } : message.value,
      );
      const headers = structured ? { 'content-type': 'application/cloudevents+json' } : message.headers;

      expect(() => peekType(headers, value)).not.toThrow();
      const parsed = parseCloudEvent(headers, value);
      if (!parsed.ok) {
        expect(parsed.errors[0]?.field).toMatch(/^[a-z_]+(?:\.[a-z_]+|\[\d+\])*$/);
        continue;
      }
      const contract = contractOf([KYC_CASE_EVENTS, ACCOUNT_EVENTS, KYC_USER_EVENTS], parsed.event.type);
      const read = readEvent(contract ?? KYC_CASE_EVENTS, parsed.event, message.key);
      if (!read.ok) {
        expect(read.detail).toMatch(/^(?:key|type|data(?:\.[A-Za-z_]+|\[\d+\])*)$/);
        expect(read.errors.length).toBeLessThanOrEqual(20);
      }
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
