import { parseSourceJson, type SourceObject } from '@kyc-relay/signing';
import { readCaseQuery, type ReadCaseQuery } from './case-query';
import { zoneOf } from './zone-time';

const ZONE = zoneOf('Asia/Shanghai');

function read(fields: string): ReadCaseQuery {
  const parsed = parseSourceJson(`{"firstLevelAgentNum":"A","beginLine":1,"pageSize":20${fields}}`);
  if (!parsed.ok) throw new Error(parsed.reason);
  return readCaseQuery(parsed.value as SourceObject, (agent) => (agent === 'A' ? ZONE : undefined));
}

const PLAIN = {
  agent: 'A',
  flowNos: [],
  mercNums: [],
  statuses: [],
  from: undefined,
  to: undefined,
  page: 1,
  pageSize: 20,
};

describe('a query of our copy', () => {
  it('is the request that the source shows', () => {
    const example =
      '{"flowNo":"","firstLevelAgentNum":"A","mercNum":"","flowStatus":"","createTimeBegin":"","createTimeEnd":"","beginLine":1,"pageSize":20}';
    const parsed = parseSourceJson(example) as { value: SourceObject };
    expect(readCaseQuery(parsed.value, () => ZONE)).toEqual({ ok: true, query: PLAIN });
  });

  it.each<[string, object]>([
    ['', {}],
    [',"flowNo":null,"mercNum":" ","createTimeEnd":null', {}],
    [',"flowNo":"1, 2,,1,"', { flowNos: ['1', '2'] }],
    [',"flowNo":20230511155524394956750290100', { flowNos: ['20230511155524394956750290100'] }],
    [
      ',"mercNum":"833102153310806","flowStatus":"DTJ,DSH"',
      { mercNums: ['833102153310806'], statuses: ['DTJ', 'DSH'] },
    ],
    [',"createTimeBegin":"2023-01-01 00:00:00"', { from: Date.parse('2022-12-31T16:00:00Z') }],
    [',"createTimeEnd":"2023-01-01 00:00:00.5"', { to: Date.parse('2022-12-31T16:00:00.500Z') }],
    [',"unknown":{"a":[1]}', {}],
  ])('takes %s', (fields, query) => {
    expect(read(fields)).toEqual({ ok: true, query: { ...PLAIN, ...query } });
  });

  const wrong = (fields: object): string => {
    const body = JSON.stringify({ firstLevelAgentNum: 'A', beginLine: 1, pageSize: 20, ...fields });
    const parsed = parseSourceJson(body) as { value: SourceObject };
    const result = readCaseQuery(parsed.value, (agent) => (agent === 'A' ? ZONE : undefined));
    return result.ok ? 'ok' : result.field;
  };

  it.each<[object, string]>([
    [{ firstLevelAgentNum: undefined }, 'firstLevelAgentNum'],
    [{ firstLevelAgentNum: '' }, 'firstLevelAgentNum'],
    [{ firstLevelAgentNum: 'B' }, 'firstLevelAgentNum'],
    [{ firstLevelAgentNum: 'A,B' }, 'firstLevelAgentNum'],
    [{ firstLevelAgentNum: ['A'] }, 'firstLevelAgentNum'],
    [{ beginLine: undefined }, 'beginLine'],
    [{ beginLine: 0 }, 'beginLine'],
    [{ beginLine: -1 }, 'beginLine'],
    [{ beginLine: 1.5 }, 'beginLine'],
    [{ beginLine: 1e21 }, 'beginLine'],
    [{ beginLine: 'first' }, 'beginLine'],
    [{ beginLine: true }, 'beginLine'],
    [{ pageSize: null }, 'pageSize'],
    [{ pageSize: 101 }, 'pageSize'],
    [{ pageSize: {} }, 'pageSize'],
    [{ pageSize: '20', beginLine: '3' }, 'ok'],
    [{ createTimeBegin: '2023-01-01' }, 'createTimeBegin'],
    [{ createTimeEnd: '2023-02-30 00:00:00' }, 'createTimeEnd'],
    [{ createTimeEnd: 20230101 }, 'createTimeEnd'],
    [{ flowNo: 'a\0b' }, 'flowNo'],
    [{ flowNo: 'x'.repeat(129) }, 'flowNo'],
    [{ flowNo: Array.from({ length: 101 }, (_, at) => at).join(',') }, 'flowNo'],
    [{ flowNo: ['1'] }, 'flowNo'],
    [{ mercNum: { a: 1 } }, 'mercNum'],
    [{ flowStatus: '\ud800' }, 'flowStatus'],
    [{ flowStatus: false }, 'flowStatus'],
  ])('%j is %s', (fields, field) => {
    expect(wrong(fields)).toBe(field);
  });
});
