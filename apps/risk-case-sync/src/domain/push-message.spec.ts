import { parseSourceJson, type SourceObject } from '@kyc-relay/signing';
import { canonicalPush, isClaimedSigned, readPush } from './push-message';

function parse(text: string): SourceObject {
  const parsed = parseSourceJson(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value as SourceObject;
}

describe('a push', () => {
  it.each<[string, object]>([
    ['{"flowNo":"1","flowStatus":"DSH"}', { flowNo: '1', agent: undefined, notes: {} }],
    [
      '{"flowNo":20230511155524394956750290100,"flowStatus":"NEU","firstLevelAgentNum":"A"}',
      { flowNo: '20230511155524394956750290100', agent: 'A', notes: {} },
    ],
    [
      '{"flowNo":"1","flowStatus":"HT","measure":"2,4","remark":"x\\u0000"}',
      { flowNo: '1', agent: undefined, notes: { measure: '2,4', remark: 'x\\u0000' } },
    ],
    [
      '{"flowNo":"1","flowStatus":"HT","measure":"","remark":null,"firstLevelAgentNum":""}',
      { flowNo: '1', agent: undefined, notes: {} },
    ],
    [
      '{"flowNo":"1","flowStatus":"HT","detailList":[{"a":1}],"whatever":true}',
      { flowNo: '1', agent: undefined, notes: {} },
    ],
  ])('%s is taken', (text, push) => {
    expect(readPush(parse(text))).toEqual({ ok: true, push });
  });

  it.each([
    ['{}', 'flowNo'],
    ['{"flowNo":"","flowStatus":"HT"}', 'flowNo'],
    ['{"flowNo":"1,2","flowStatus":"HT"}', 'flowNo'],
    ['{"flowNo":["1"],"flowStatus":"HT"}', 'flowNo'],
    ['{"flowNo":true,"flowStatus":"HT"}', 'flowNo'],
    ['{"flowNo":"a\\u0000","flowStatus":"HT"}', 'flowNo'],
    [`{"flowNo":"${'1'.repeat(129)}","flowStatus":"HT"}`, 'flowNo'],
    ['{"flowNo":"1"}', 'flowStatus'],
    ['{"flowNo":"1","flowStatus":" "}', 'flowStatus'],
    ['{"flowNo":"1","flowStatus":{}}', 'flowStatus'],
    ['{"flowNo":"1","flowStatus":"HT","firstLevelAgentNum":[]}', 'firstLevelAgentNum'],
    ['{"flowNo":"1","flowStatus":"HT","measure":["2"]}', 'measure'],
    ['{"flowNo":"1","flowStatus":"HT","remark":{}}', 'remark'],
  ])('%s is refused by %s', (text, field) => {
    expect(readPush(parse(text))).toMatchObject({ ok: false, field });
  });

  it.each([
    ['{}', false],
    ['{"sign":""}', false],
    ['{"sign":null}', false],
    ['{"sign":"X"}', true],
    ['{"sign":0}', true],
    ['{"sign":[]}', true],
  ])('%s claims to be signed: %p', (text, claimed) => {
    expect(isClaimedSigned(parse(text))).toBe(claimed);
  });

  it('is the same whatever the order of its keys, its spaces and its signature', () => {
    const one = canonicalPush(
      parse('{"b":{"y":1.0,"x":[{"d":"1","c":null}]},"a":"中","sign":"S","accessid":"A"}'),
    );
    expect(
      canonicalPush(
        parse('{ "a": "\\u4e2d", "b": { "x": [ { "c": null, "d": "1" } ], "y": 1.0 }, "sign": "T" }'),
      ),
    ).toBe(one);
    for (const other of [
      '{"a":"中","b":{"y":1.00,"x":[{"d":"1","c":null}]}}',
      '{"a":"中","b":{"y":1.0,"x":[{"d":"1","c":""}]}}',
    ])
      expect(canonicalPush(parse(other))).not.toBe(one);
  });
});
