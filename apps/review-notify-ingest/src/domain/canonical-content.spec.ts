import { canonicalContent } from './canonical-content';

const MESSAGE = {
  bizId: 'b',
  sign: 'S1',
  reviewDetail: { persons: [{ customerId: 749, idCardNumber: '1' }], note: null },
  list: [2, 1],
};

describe('the canonical content', () => {
  it('is the JSON with sorted keys, without the signature', () => {
    expect(canonicalContent(MESSAGE)).toBe(
      '{"bizId":"b","list":[2,1],"reviewDetail":{"note":null,"persons":[{"customerId":749,"idCardNumber":"1"}]}}',
    );
  });

  it.each<[what: string, text: string]>([
    [
      'the order of keys, at any depth',
      '{"list":[2,1],"reviewDetail":{"note":null,"persons":[{"idCardNumber":"1","customerId":749}]},"bizId":"b"}',
    ],
    [
      'spacing',
      '{ "bizId" : "b",\n "list":[2, 1], "reviewDetail":{"persons":[{"customerId":749,"idCardNumber":"1"}],"note":null}}',
    ],
    [
      'another salt, hence another sign',
      '{"sign":"S2","bizId":"b","list":[2,1],"reviewDetail":{"persons":[{"customerId":749,"idCardNumber":"1"}],"note":null}}',
    ],
    [
      'escapes and how a number is written',
      '{"bizId":"\\u0062","list":[2.0,1],"reviewDetail":{"persons":[{"customerId":7.49e2,"idCardNumber":"1"}],"note":null}}',
    ],
  ])('does not depend on %s', (_, text) => {
    expect(canonicalContent(JSON.parse(text) as Record<string, unknown>)).toBe(canonicalContent(MESSAGE));
  });

  it.each<[what: string, message: Record<string, unknown>]>([
    ['a value', { ...MESSAGE, bizId: 'c' }],
    ['white space within a value', { ...MESSAGE, bizId: 'b ' }],
    ['the order of an array', { ...MESSAGE, list: [1, 2] }],
    ['an unknown field', { ...MESSAGE, more: 1 }],
    [
      'a nested sign, which is no signature',
      { ...MESSAGE, reviewDetail: { ...MESSAGE.reviewDetail, sign: 'x' } },
    ],
    ['a type', { ...MESSAGE, list: ['2', 1] }],
    ['null for absent', { ...MESSAGE, gone: null }],
  ])('depends on %s', (_, message) => {
    expect(canonicalContent(message)).not.toBe(canonicalContent(MESSAGE));
  });

  it('takes __proto__ for a key like any other', () => {
    const message = JSON.parse('{"__proto__":{"a":1},"b":2}') as Record<string, unknown>;
    expect(canonicalContent(message)).toBe('{"__proto__":{"a":1},"b":2}');
  });
});
