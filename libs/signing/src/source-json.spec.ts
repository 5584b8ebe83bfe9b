import { parseSourceJson, type SourceJson, SourceNumber } from './source-json';

/** The value as `JSON.parse` would give it, where no number loses anything by that. */
function toPlain(value: SourceJson): unknown {
  if (value instanceof SourceNumber) return Number(value.source);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as SourceJson[]).map(toPlain);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toPlain(inner)]));
}

describe('parseSourceJson', () => {
  it.each(['1.00', '-0', '1e5', '2000305228294092293550', '0.1E-7'])(
    'keeps %s as it is written',
    (number) => {
      const parsed = parseSourceJson(` {"a": ${number} } `);
      expect(parsed).toMatchObject({ ok: true, value: { a: new SourceNumber(number) } });
      expect(parsed.ok && [...parsed.sources]).toEqual([['a', number]]);
    },
  );

  it('keeps the source of the outermost members, nested ones with their white space', () => {
    const parsed = parseSourceJson('{"a":[1, {"b":2}],"c" : "\\u4e09","d":{ "a":null },"e":true}');
    expect(parsed.ok && Object.fromEntries(parsed.sources)).toEqual({
      a: '[1, {"b":2}]',
      c: '"\\u4e09"',
      d: '{ "a":null }',
      e: 'true',
    });
  });

  it.each([
    'null',
    'true',
    '""',
    '[]',
    '{}',
    '[[],{}]',
    ' [ 1 , -2.5e+3 , "x" ] ',
    '{"a":{"a":{"a":[{"a":1}]}}}',
    String.raw`"\"\\\/\b\f\n\r\t\u0041\ud83d\ude00"`,
    String.raw`{"\\":"\\\\","\"":"\\\""}`,
    '{"":0," ":1}',
    '{"b":1,"10":2,"a":3,"9":4}',
    '{"__proto__":{"polluted":true},"constructor":1,"toString":2}',
    '\t\r\n[\t\r\n]\t\r\n',
  ])('reads %s as JSON.parse does', (text) => {
    const parsed = parseSourceJson(text);
    if (!parsed.ok) throw new Error(parsed.reason);
    expect(JSON.stringify(toPlain(parsed.value))).toBe(JSON.stringify(JSON.parse(text)));
  });

  it.each([
    '',
    ' ',
    '{',
    '}',
    '[1,]',
    '[,1]',
    '[1 2]',
    '{"a":1,}',
    '{,}',
    '{a:1}',
    "{'a':1}",
    '{"a" 1}',
    '{"a":}',
    '{1:1}',
    '"',
    '"\\"',
    '"\\x"',
    '"\n"',
    '"\\u12"',
    '01',
    '+1',
    '1.',
    '.5',
    '1e',
    '-',
    'NaN',
    'Infinity',
    'tru',
    'truex',
    'null null',
    '[]]',
    '\ufeff{}',
    '\u00a0{}',
    '{"a":1}//',
  ])('refuses %j, as JSON.parse does', (text) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(parseSourceJson(text)).toEqual({ ok: false, reason: 'syntax' });
  });

  it.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['[{"x":{"b":1,"c":2,"b":1}}]', 'b'],
    ['{"__proto__":1,"__proto__":1}', '__proto__'],
  ])('refuses the key that stands twice in %s', (text, key) => {
    expect(parseSourceJson(text)).toEqual({ ok: false, reason: 'duplicate-key', key });
  });

  it('refuses what is nested too deep, before it recurses further', () => {
    expect(parseSourceJson('['.repeat(32) + ']'.repeat(32))).toMatchObject({ ok: true });
    expect(parseSourceJson('['.repeat(33) + ']'.repeat(33))).toEqual({ ok: false, reason: 'too-deep' });
    expect(parseSourceJson('{"a":'.repeat(500_000))).toEqual({ ok: false, reason: 'too-deep' });
  });

  it('takes a text of a mebibyte in its stride', () => {
    const text = JSON.stringify({ a: '\\"'.repeat(200_000), b: '1'.repeat(200_000) });
    expect(parseSourceJson(text)).toMatchObject({ ok: true });
    expect(parseSourceJson(`[${'1,'.repeat(200_000)}1]`)).toMatchObject({ ok: true });
  });
});
