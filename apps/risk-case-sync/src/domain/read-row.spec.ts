import { parseSourceJson, type SourceJson } from '@kyc-relay/signing';
import { exampleAnswer } from '../testbed/acquirer';
import { readPageAnswer } from './page-answer';
import { readRaw, readRow } from './read-row';
import { writeJson } from './write-json';
import { zoneOf } from './zone-time';

const ZONE = zoneOf('Asia/Shanghai');

function parse(text: string): SourceJson {
  const parsed = parseSourceJson(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

describe('a row of an answer', () => {
  it('is found by what the examples of the source say', () => {
    const [first] = exampleAnswer().respData.list;
    expect(readRow(parse(JSON.stringify(first)), ZONE)).toMatchObject({
      kind: 'CASE',
      flowNo: '202304101015136891000451934',
      raw: JSON.stringify(first),
      agent: 'FW1000251',
      escaped: false,
      place: {
        status: 'DSH',
        mercNum: '833102153310806',
        createdAt: Date.parse('2023-04-10T02:15:14Z'),
        createdDay: '2023-04-10',
      },
    });
  });

  it.each([
    [
      'a number as flowNo, whole',
      '{"flowNo":20230511155524394956750290100}',
      '20230511155524394956750290100',
    ],
    ['a flowNo with NUL and half a surrogate, escaped', '{"flowNo":"a\\u0000\\udc00"}', 'a\\u0000\\udc00'],
    ['a flowNo with a comma', '{"flowNo":"a,b"}', 'a,b'],
    ['a flowNo of 128 characters', `{"flowNo":"${'x'.repeat(128)}"}`, 'x'.repeat(128)],
  ])('with %s is a case', (_name, row, flowNo) => {
    expect(readRow(parse(row), ZONE)).toMatchObject({ kind: 'CASE', flowNo });
  });

  it.each([
    ['null', 'NOT_AN_OBJECT'],
    ['"x"', 'NOT_AN_OBJECT'],
    ['7', 'NOT_AN_OBJECT'],
    ['[{"flowNo":"1"}]', 'NOT_AN_OBJECT'],
    ['{}', 'NO_FLOW_NO'],
    ['{"flowNo":""}', 'NO_FLOW_NO'],
    ['{"flowNo":"  "}', 'NO_FLOW_NO'],
    ['{"flowNo":null}', 'NO_FLOW_NO'],
    ['{"flowNo":["1"]}', 'NO_FLOW_NO'],
    [`{"flowNo":"${'x'.repeat(129)}"}`, 'FLOW_NO_TOO_LONG'],
  ])('%s is kept aside: %s', (row, reason) => {
    expect(readRow(parse(row), ZONE)).toEqual({ kind: 'ODD', reason, raw: row });
  });

  it.each([
    ['{"flowNo":"1"}', '1970-01-01', '', ''],
    ['{"flowNo":"1","createTime":"soon","flowStatus":null,"mercNum":{}}', '1970-01-01', '', ''],
    [
      '{"flowNo":"1","createTime":"2023-02-15 00:00:01.0","flowStatus":"NEU","mercNum":833}',
      '2023-02-15',
      'NEU',
      '833',
    ],
    [`{"flowNo":"1","flowStatus":"${'s'.repeat(65)}"}`, '1970-01-01', '', ''],
  ])('%s stands on %s, status %j, merchant %j', (row, createdDay, status, mercNum) => {
    expect(readRow(parse(row), ZONE)).toMatchObject({ place: { createdDay, status, mercNum } });
  });

  it('is kept as it was given: numbers as written, NUL and half surrogates as escapes, any order of fields', () => {
    const row =
      '{"z":1.00,"flowNo":"1","n":[1E+5,-0,null,true],"t":"\\u0000\\ud800 \\" \\\\ 中","__proto__":{"a":"b"}}';
    const reading = readRow(parse(row), ZONE);
    expect(reading).toMatchObject({ raw: row, escaped: true });
    expect(writeJson(readRaw(row))).toBe(row);
    expect(readRaw('nothing')).toEqual({});
  });
});

describe('an answer', () => {
  const good = (data: string): string => `{"respCode":"00","respMsg":"成功","respData":${data}}`;

  it.each<[string, number, number | null]>([
    [JSON.stringify(exampleAnswer()), 2, 2],
    [good('{"list":[],"totalCount":0}'), 0, 0],
    [good('{"list":[],"totalCount":41}'), 0, 41],
    [good('{"list":[{}],"totalCount":"1500"}'), 1, 1500],
    [good('{"list":[{}]}'), 1, null],
    [good('{"list":[{}],"totalCount":-1}'), 1, null],
    [good('{"list":[{}],"totalCount":1.5}'), 1, null],
    [good('{"list":[{}],"totalCount":99999999999}'), 1, null],
    [good('{"list":null,"totalCount":null}'), 0, 0],
    [good('{"list":"","totalCount":""}'), 0, 0],
    [good('{}'), 0, 0],
    [good('null'), 0, 0],
    [good('""'), 0, 0],
    ['{"respCode":"00"}', 0, 0],
    // A key that stands twice in one row keeps no other row away.
    [good('{"list":[{"flowNo":"1","a":"x","a":"y"},{"flowNo":"2"}],"totalCount":2}'), 2, 2],
  ])('%s has %d rows of %p', (text, rows, total) => {
    const answer = readPageAnswer(text);
    expect(answer.ok && [answer.rows.length, answer.total]).toEqual([rows, total]);
  });

  it('lets the last of two equal keys count', () => {
    const answer = readPageAnswer(good('{"list":[{"flowNo":"1","a":"x","a":7}],"totalCount":1}'));
    expect(answer.ok && writeJson(answer.rows[0]!)).toBe('{"flowNo":"1","a":7}');
  });

  it.each([
    ['{"respCode":"99","respMsg":"系统异常"}', 'RESP_99'],
    ['{"respCode":"01"}', 'RESP_UNKNOWN'],
    ['{"respCode":0}', 'RESP_UNKNOWN'],
    ['{}', 'RESP_UNKNOWN'],
    [good('[]'), 'WRONG_SHAPE'],
    [good('{"list":{}}'), 'WRONG_SHAPE'],
    ['[]', 'WRONG_SHAPE'],
    ['null', 'WRONG_SHAPE'],
    ['', 'INVALID_JSON'],
    ['<html>', 'INVALID_JSON'],
    [good('{"list":[').slice(0, -1), 'INVALID_JSON'],
    ['{"a":1,"a":2', 'INVALID_JSON'],
    ['['.repeat(40) + ']'.repeat(40), 'INVALID_JSON'],
  ])('%s is none: %s', (text, code) => {
    expect(readPageAnswer(text)).toEqual({ ok: false, code });
  });
});
