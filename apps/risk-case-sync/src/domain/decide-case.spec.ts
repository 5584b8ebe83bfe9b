import { parseSourceJson, type SourceJson } from '@kyc-relay/signing';
import { exampleAnswer, type AcquirerCase } from '../testbed/acquirer';
import { maskContent } from './case-fields';
import { changedMessage, type ChangedMessage } from './changed-message';
import { decideCase, type CaseDecision, type KeptCase } from './decide-case';
import { readRow } from './read-row';
import { zoneOf } from './zone-time';

const ZONE = zoneOf('Asia/Shanghai');
const [EXAMPLE = {}] = exampleAnswer().respData.list;

function decide(
  kept: Partial<KeptCase> | undefined,
  row: AcquirerCase,
  notes = {},
  askedAt = 2_000,
): CaseDecision {
  const parsed = parseSourceJson(JSON.stringify(row)) as { value: SourceJson };
  const reading = readRow(parsed.value, ZONE);
  if (reading.kind !== 'CASE') throw new Error(reading.reason);
  const full = kept && { version: 3, askedAt: 1_000, raw: JSON.stringify(EXAMPLE), notes: {}, ...kept };
  return decideCase(full, { reading, notes, askedAt }, ZONE);
}

describe('a case that is read', () => {
  it('is opened when it was not known, and nothing else is told of it', () => {
    expect(decide(undefined, EXAMPLE)).toMatchObject({
      kind: 'OPENED',
      version: 1,
      changes: [{ what: 'OPENED', field: null, from: null, to: null }],
      content: { flowNo: '202304101015136891000451934', flowStatus: 'DSH' },
    });
  });

  it.each<[string, AcquirerCase, string, string, unknown, unknown]>([
    ['status', { flowStatus: 'SHTG' }, 'STATUS', 'flowStatus', 'DSH', 'SHTG'],
    ['unknown status', { flowStatus: 'NEU' }, 'STATUS', 'flowStatus', 'DSH', 'NEU'],
    ['first measure', { firstMeasure: '关闭结算' }, 'MEASURE', 'firstMeasure', '首次处理措施', '关闭结算'],
    ['final measure', { finalMeasure: '2,4,6,8' }, 'MEASURE', 'finalMeasure', '1', '2,4,6,8'],
    ['upstream method', { upperProcessMethod: '' }, 'MEASURE', 'upperProcessMethod', '关闭微信', null],
    ['appeal', { isAppeal: 'Y' }, 'APPEAL', 'isAppeal', null, 'Y'],
    ['appeal result', { appealResult: 'SUCCESS' }, 'APPEAL', 'appealResult', null, 'SUCCESS'],
    [
      'claimant, masked',
      { claimantName: '申诉人姓名乙丙丁戊己庚' },
      'APPEAL',
      'claimantName',
      '********',
      '*******丁戊己庚',
    ],
    [
      'phone, masked',
      { claimantPhone: '13389890099' },
      'APPEAL',
      'claimantPhone',
      '*******0098',
      '*******0099',
    ],
    ['reason', { claimantReason: 'b' }, 'APPEAL', 'claimantReason', '申诉理由描述xxxx', 'b'],
    [
      'approvals as a whole',
      { approveList: [{ operator: 'x' }] },
      'APPROVAL',
      'approveList',
      expect.any(Array),
      [{ operator: 'x' }],
    ],
    [
      'details as a whole, masked',
      { detailList: [{ contact: '18566712345', amount: 5 }] },
      'DETAIL',
      'detailList',
      expect.any(Array),
      [{ contact: '*******2345', amount: '5' }],
    ],
    [
      'images as a whole',
      { caseImgList: [{ category: 'X', path: 'http://h/a.rar' }] },
      'IMAGE',
      'caseImgList',
      expect.any(Array),
      [{ category: 'X', files: [{ url: 'http://h/a.rar', kind: 'ARCHIVE' }] }],
    ],
    [
      'identity number, masked',
      { idCardNo: '411221189005058036' },
      'FIELD',
      'idCardNo',
      '**************8035',
      '**************8036',
    ],
    ['Alipay account, masked', { alRealId: '' }, 'FIELD', 'alRealId', '*****0103', null],
    ['any other field', { address: '上海' }, 'FIELD', 'address', '北京', '上海'],
    [
      'a field nobody documented',
      { neverDocumented: { a: [1] } },
      'FIELD',
      'neverDocumented',
      null,
      { a: ['1'] },
    ],
  ])('tells a change of %s', (_name, fields, what, field, from, to) => {
    expect(decide({}, { ...EXAMPLE, ...fields })).toMatchObject({
      kind: 'CHANGED',
      version: 4,
      changes: [{ what, field, from, to }],
    });
  });

  it('tells what changed together at once, one change a field', () => {
    const decision = decide({}, { ...EXAMPLE, flowStatus: 'HT', isAppeal: 'Y', mercType: undefined });
    expect(decision.kind === 'CHANGED' && decision.changes.map(({ what, field }) => [what, field])).toEqual([
      ['STATUS', 'flowStatus'],
      ['APPEAL', 'isAppeal'],
      ['FIELD', 'mercType'],
    ]);
  });

  it.each<[string, AcquirerCase]>([
    ['another order of fields', Object.fromEntries(Object.entries(EXAMPLE).reverse())],
    ['empties that come or go', { ...EXAMPLE, isAppeal: null, appealResult: undefined, extra: '', list: [] }],
    ['a fraction of nothing', { ...EXAMPLE, createTime: '2023-04-10 10:15:14.0' }],
  ])('tells nothing of %s, but keeps the row', (_name, row) => {
    expect(decide({}, row).kind).toBe('REWRITTEN');
  });

  it('tells nothing when it is the same', () => {
    expect(decide({}, EXAMPLE)).toEqual({ kind: 'SAME' });
  });

  it('is not overwritten by an answer that was asked for before', () => {
    expect(decide({ askedAt: 2_001 }, { ...EXAMPLE, flowStatus: 'SHTG' })).toEqual({ kind: 'STALE' });
    expect(decide({ askedAt: 2_000 }, { ...EXAMPLE, flowStatus: 'SHTG' }).kind).toBe('CHANGED');
  });

  it('tells what a push said, once', () => {
    expect(decide({}, EXAMPLE, { measure: '2,4', remark: '关闭' })).toMatchObject({
      kind: 'CHANGED',
      changes: [
        { what: 'MEASURE', field: 'measure', from: null, to: '2,4' },
        { what: 'MEASURE', field: 'remark', from: null, to: '关闭' },
      ],
    });
    expect(decide({ notes: { measure: '2,4' } }, EXAMPLE, { measure: '2,4' })).toEqual({ kind: 'SAME' });
  });
});

describe('what is published of a case', () => {
  it('holds nothing personal in clear, wherever it stands', () => {
    const decision = decide(undefined, {
      ...EXAMPLE,
      idCardNo: { number: '411221189005058035', more: ['123'] },
    });
    const masked = decision.kind === 'OPENED' ? maskContent(decision.content) : {};
    expect(masked).toMatchObject({
      idCardNo: { number: '**************8035', more: ['***'] },
      claimantPhone: '*******0098',
      claimantName: '********',
      alRealId: '*****0103',
      detailList: [{ contact: '******' }, { contact: '******' }],
      busLicNum: '1000000003',
    });
    expect(JSON.stringify(masked)).not.toContain('411221189005058035');
  });

  const message = (more: Partial<ChangedMessage>): ChangedMessage => ({
    event_id: '018b41c5-9f00-7000-8000-000000000001',
    flowNo: '1',
    firstLevelAgentNum: 'A',
    version: 1,
    source: 'PULL',
    observed_at: '2023-10-18T02:13:00.000Z',
    changes: [{ what: 'OPENED', field: null, from: null, to: null }],
    case: { flowNo: '1' },
    ...more,
  });

  it('is whole as long as it can be sent', () => {
    const whole = message({ case: { flowNo: '1', approveList: ['中'.repeat(200_000)] } });
    expect(changedMessage(whole)).toBe(whole);
  });

  it('leaves lists out when it could not be sent, and texts when it still could not', () => {
    const huge = 'x'.repeat(900_000);
    const changes = [{ what: 'APPROVAL' as const, field: 'approveList', from: null, to: [huge] }];
    expect(changedMessage(message({ changes, case: { flowNo: '1', approveList: [huge] } }))).toEqual(
      message({ changes: [{ ...changes[0]!, to: null }], case: { flowNo: '1' } }),
    );
    const texts = [{ what: 'FIELD' as const, field: 'f'.repeat(900), from: null, to: huge }];
    expect(changedMessage(message({ changes: texts, case: { flowNo: '1', text: huge } }))).toEqual(
      message({ changes: [{ what: 'FIELD', field: 'f'.repeat(256), from: null, to: null }] }),
    );
  });
});
