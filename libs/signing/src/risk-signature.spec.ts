import { canonicalRisk, signRisk, toRiskObject, verifyRisk } from './risk-signature';
import { parseSourceJson, type SourceObject } from './source-json';

function canonicalOf(text: string): string {
  const parsed = parseSourceJson(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return canonicalRisk(toRiskObject(parsed.value as SourceObject));
}

describe('the canonical text of a risk-case body, from its JSON', () => {
  it.each([
    [
      'numbers are their source text',
      '{"a":1.00,"b":-0.5E+3,"c":20230511155524394956750290100}',
      'a=1.00&b=-0.5E+3&c=20230511155524394956750290100',
    ],
    ['booleans are their words, false too', '{"yes":true,"no":false}', 'no=false&yes=true'],
    ['zero is not empty', '{"zero":0,"text":"0"}', 'text=0&zero=0'],
    ['keys are sorted as Java sorts, capitals first', '{"b":"1","a":"2","B":"3","_":"4"}', 'B=3&_=4&a=2&b=1'],
    [
      'a nested object is its own canonical text',
      '{"o":{"z":1,"a":{"y":"2","b":""}},"k":"v"}',
      'k=v&o=a=y=2&z=1',
    ],
    ['an array is its elements', '{"l":[1,"two",{"b":"3","a":"4"},["x",null,"y"]]}', 'l=1&two&a=4&b=3&x&y'],
    [
      'what comes out empty is left out',
      '{"a":"","b":null,"c":{},"d":[],"e":[{},"",[null]],"f":{"g":{"h":""}},"i":"1"}',
      'i=1',
    ],
    [
      'sign is left out, also of a nested object',
      '{"sign":"S","o":{"sign":"T","a":"1"},"signed":"2"}',
      'o=a=1&signed=2',
    ],
    ['texts stand as they are, escapes undone', '{"a":"x&y=z","b":"\\u4e2d文 \\n"}', 'a=x&y=z&b=中文 \n'],
    ['only sign', '{"sign":"S"}', ''],
  ])('%s', (_name, text, canonical) => {
    expect(canonicalOf(text)).toBe(canonical);
  });

  it('covers nested values: a changed one breaks the signature, a changed order does not', () => {
    const parse = (text: string): SourceObject => (parseSourceJson(text) as { value: SourceObject }).value;
    const sign = signRisk(toRiskObject(parse('{"o":{"a":"1","l":["x",{"b":2.50}]},"k":"v"}')), 'key');
    const fits = (text: string): boolean =>
      verifyRisk({ ...toRiskObject(parse(text)), sign }, ['other', 'key']);
    expect(fits('{ "k" : "v", "o" : { "l" : [ "x", { "b" : 2.50 } ], "a" : "1" } }')).toBe(true);
    expect(fits('{"o":{"a":"1","l":["x",{"b":2.5}]},"k":"v"}')).toBe(false);
    expect(fits('{"o":{"a":"1","l":[{"b":2.50},"x"]},"k":"v"}')).toBe(false);
    expect(fits('{"o":{"a":"1","l":["x",{"b":2.50}]},"k":"v","extra":"1"}')).toBe(false);
    expect(fits('{"o":{"a":"1","l":["x",{"b":2.50}]},"k":"v","extra":""}')).toBe(true);
  });
});
