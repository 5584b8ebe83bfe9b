import { parseSourceJson, type SourceObject } from '@kyc-relay/signing';
import { exampleAnswer } from '../testbed/acquirer';
import { escapeText } from './escape-text';
import { normaliseAmount } from './normalise-amount';
import { splitPath } from './normalise-image';
import { normaliseCase, type CaseContent } from './normalise-case';
import { zoneOf } from './zone-time';

const ZONE = zoneOf('Asia/Shanghai');
const HOST = 'https://dfs-test.icardpay.com';

function contentOf(text: string, notes = {}): CaseContent {
  const parsed = parseSourceJson(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return normaliseCase(parsed.value as SourceObject, notes, ZONE);
}

describe('the content of the examples of the source', () => {
  const [first, second] = exampleAnswer().respData.list.map((row) => contentOf(JSON.stringify(row))) as [
    CaseContent,
    CaseContent,
  ];

  it('has times as instants, with and without a fraction', () => {
    expect(first['createTime']).toBe('2023-04-10T02:15:14.000Z');
    expect(first['detailList']).toMatchObject([
      { riskIdentificationTime: '2023-02-15T07:00:01.000Z' },
      { riskIdentificationTime: '2023-02-15T07:00:01.000Z' },
    ]);
    expect(first['approveList']).toMatchObject([
      { operatorTime: '2023-10-18T02:12:07.000Z' },
      { operatorTime: '2023-10-17T09:17:47.000Z' },
      { operatorTime: '2023-10-17T09:16:23.000Z', measure: '1', remark: '1', processType: 'HT' },
      { operatorTime: '2023-10-17T07:52:53.000Z' },
      { operatorTime: '2023-04-10T06:08:53.000Z', measure: '1,5', remark: '审核通过' },
    ]);
  });

  it('leaves out what is empty, at any depth, and keeps what is not documented', () => {
    expect(Object.keys(first)).not.toContain('isAppeal');
    expect(Object.keys(second)).not.toContain('alRealId');
    expect((second['approveList'] as object[])[0]).not.toHaveProperty('remark');
    expect(first).toMatchObject({
      mercName: '北京金艺晟珠宝有限公司',
      agentName: '直属名称',
      idCardNo: '411221189005058035',
    });
  });

  it('has each file once, at its own address, with its kind', () => {
    expect(first['caseImgList']).toEqual([
      {
        category: 'AGENT_PROMISE_BOOK',
        files: [{ url: `${HOST}//group1/M00/00/A8/wKg1a2UvPuKAW1iWAAB1OOfcYt881.jpeg`, kind: 'IMAGE' }],
      },
      {
        category: 'BUSLICENSE',
        files: [{ url: `${HOST}//group1/M00/00/A8/wKg1a2UvPtiAW05iAAB1OOfcYt898.jpeg`, kind: 'IMAGE' }],
      },
      {
        category: 'CARD_POSITIVE',
        files: [{ url: `${HOST}//group1/M00/00/A8/wKg1a2UvPtOAXjPWAAJq_pr0kiY17.jpeg`, kind: 'IMAGE' }],
      },
      {
        category: 'DOOR_PHOTO',
        files: [
          {
            url: 'https://59.151.121.137//group1/M00/00/A4/wKg1a2Uk_VeAeY2NAAAHSh_pmpg02.jpeg',
            kind: 'IMAGE',
          },
          { url: `${HOST}//group1/M00/00/A8/wKg1a2UvPuuAHMUcAABl9_aCeJY26.jpeg`, kind: 'IMAGE' },
        ],
      },
      {
        category: 'HAND_BUSINESS',
        files: [{ url: `${HOST}//group1/M00/00/A8/wKg1a2UvPt2AUnTSAAR813ONZ_s76.jpeg`, kind: 'IMAGE' }],
      },
      {
        category: 'SUPPLEMENT',
        files: [{ url: `${HOST}//group1/M00/00/A8/wKg1a2UvPvOARXG8AAAM_wFsi08082.rar`, kind: 'ARCHIVE' }],
      },
      {
        category: 'TRADE_VOUCHER',
        files: [
          { url: `${HOST}//group1/M00/00/A8/wKg1a2UuPVOAWuJZAAJ2hzBX1tc93.jpeg`, kind: 'IMAGE' },
          { url: `${HOST}//group1/M00/00/A8/wKg1a2UvPuiAaHbNAAR813ONZ_s66.jpeg`, kind: 'IMAGE' },
          { url: `${HOST}//group1/M00/00/A8/wKg1a2UvPu6AJKG3AABl9_aCeJY20.jpeg`, kind: 'IMAGE' },
        ],
      },
    ]);
    expect((second['detailList'] as object[])[0]).toMatchObject({ amount: '100000' });
  });
});

describe('the content of a row', () => {
  it.each<[string, string, CaseContent]>([
    ['of nothing', '{}', {}],
    ['of empties', '{"a":"","b":null,"c":[],"d":{},"e":[{"f":""},null],"g":{"h":[""]}}', {}],
    [
      'of numbers and booleans',
      '{"a":1.00,"b":20230511155524394956750290100,"c":true,"d":false,"e":0}',
      { a: '1.00', b: '20230511155524394956750290100', c: 'true', d: 'false', e: '0' },
    ],
    [
      'of times that are none',
      '{"createTime":"yesterday","detailList":[{"riskIdentificationTime":"2023-02-30 00:00:00"}]}',
      { createTime: 'yesterday', detailList: [{ riskIdentificationTime: '2023-02-30 00:00:00' }] },
    ],
    [
      'of times with space around',
      '{"createTime":" 2023-04-10 10:15:14 "}',
      { createTime: '2023-04-10T02:15:14.000Z' },
    ],
    [
      'of amounts',
      '{"detailList":[{"amount":100.50},{"amount":"1,000.00"},{"amount":""}]}',
      { detailList: [{ amount: '100.5' }, { amount: '1000' }] },
    ],
    [
      'with NUL and half surrogates, in names too',
      '{"a\\u0000":"x\\u0000y","b":["\\ud800","😀"]}',
      { 'a\\u0000': 'x\\u0000y', b: ['\\ud800', '😀'] },
    ],
    [
      'with images of no use',
      '{"caseImgList":[{"category":"X","path":""},{"path":7},"x",null,{"category":"Y"}]}',
      {},
    ],
    [
      'with a category twice',
      '{"caseImgList":[{"category":"X","path":"http://h/a.png"},{"category":"X","path":"http://h/b.pdf,http://h/a.png"}]}',
      {
        caseImgList: [
          {
            category: 'X',
            files: [
              { url: 'http://h/a.png', kind: 'IMAGE' },
              { url: 'http://h/b.pdf', kind: 'DOCUMENT' },
            ],
          },
        ],
      },
    ],
    [
      'with an image of no category',
      '{"caseImgList":[{"path":"http://h/a"}]}',
      { caseImgList: [{ files: [{ url: 'http://h/a', kind: 'OTHER' }] }] },
    ],
    ['whose images are no list', '{"caseImgList":"none"}', { caseImgList: 'none' }],
  ])('%s', (_name, row, content) => {
    expect(contentOf(row)).toEqual(content);
  });

  it('takes what only pushes say, but what the row says itself counts', () => {
    expect(contentOf('{"a":"1"}', { measure: '2,4', remark: 'r' })).toEqual({
      a: '1',
      measure: '2,4',
      remark: 'r',
    });
    expect(contentOf('{"measure":"1","remark":""}', { measure: '2', remark: 'r' })).toEqual({
      measure: '1',
      remark: 'r',
    });
  });

  it('is not fooled by a field named __proto__', () => {
    const content = contentOf('{"__proto__":{"polluted":"yes"},"constructor":"x"}');
    expect(Object.keys(content)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });
});

describe('files of a path', () => {
  const image = (url: string): object => ({ url, kind: 'IMAGE' });
  it.each<[string, object[]]>([
    ['', []],
    ['https://h//group1/a.jpeg', [image('https://h//group1/a.jpeg')]],
    ['https://h/https://h//group1/a.jpeg', [image('https://h//group1/a.jpeg')]],
    ['https://h/http://10.0.0.1:8080/a.PNG', [image('http://10.0.0.1:8080/a.PNG')]],
    [' https://h/a.jpg , ,https://h/b.jpg,', [image('https://h/a.jpg'), image('https://h/b.jpg')]],
    ['https://h/a.jpg,https://h/https://h/a.jpg', [image('https://h/a.jpg')]],
    ['group1/M00/a.jpg,/a.jpg,ftp://h/a.jpg,https://', []],
    ['HTTPS://H/图 片.jpg', [image('https://h/%E5%9B%BE%20%E7%89%87.jpg')]],
    ['https://h/a.rar', [{ url: 'https://h/a.rar', kind: 'ARCHIVE' }]],
    ['https://h/a.tar.gz?x=1.jpg', [{ url: 'https://h/a.tar.gz?x=1.jpg', kind: 'ARCHIVE' }]],
    ['https://h/a.docx', [{ url: 'https://h/a.docx', kind: 'DOCUMENT' }]],
    ['https://h/a.exe', [{ url: 'https://h/a.exe', kind: 'OTHER' }]],
    ['https://h.zip/a', [{ url: 'https://h.zip/a', kind: 'OTHER' }]],
  ])('%j', (path, files) => {
    expect(splitPath(path)).toEqual(files);
  });
});

describe('amounts', () => {
  it.each([
    ['100000', '100000'],
    ['100000.00', '100000'],
    ['100.50', '100.5'],
    ['0.10', '0.1'],
    ['.5', '.5'],
    ['5.', '5'],
    ['007', '7'],
    ['0', '0'],
    ['-0.00', '0'],
    ['-1.20', '-1.2'],
    ['+3', '3'],
    ['1,234,567.80', '1234567.8'],
    ['1,23', '1,23'],
    ['1E+5', '100000'],
    ['1.25e3', '1250'],
    ['1.5E-3', '0.0015'],
    ['12e-1', '1.2'],
    ['1e999', '1e999'],
    ['20230511155524394956750290100.10', '20230511155524394956750290100.1'],
    ['一百', '一百'],
    ['', ''],
  ])('%j is %j', (text, amount) => {
    expect(normaliseAmount(text)).toBe(amount);
  });
});

describe('text that can be stored', () => {
  it.each([
    ['plain 中文 😀', 'plain 中文 😀'],
    ['a\0b', 'a\\u0000b'],
    ['\ud83d', '\\ud83d'],
    ['\ude00😀\ud83d', '\\ude00😀\\ud83d'],
  ])('%j', (text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
  });
});
