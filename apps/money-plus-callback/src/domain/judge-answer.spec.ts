import { judgeAnswer, type Answered, type Broken } from './judge-answer';

const answered = (status: number, body: string, overLimit = false): Answered => ({
  kind: 'answered',
  status,
  body,
  overLimit,
});

describe('judgeAnswer', () => {
  it.each([
    [200, '{"retcode":0}'],
    [201, '{"retcode":0,"message":"success"}'],
    [299, '{"retcode":0.0}'],
    [200, '{"retcode":-0}'],
    [200, ' {"retcode":0e5} '],
    [200, '{"errcode":0}'],
    [200, '{"retcode":0,"errcode":7}'],
  ])('takes HTTP %i %s for a delivery', (status, body) => {
    expect(judgeAnswer(answered(status, body), [])).toMatchObject({
      delivered: true,
      error: null,
      retcode: 0,
      httpStatus: status,
    });
  });

  it.each([
    ['{"retcode":1}', 1],
    ['{"retcode":-1}', -1],
    ['{"retcode":12345678901234567890}', 12345678901234567890],
    ['{"retcode":0.5}', 0.5],
    ['{"retcode":1e999}', null],
    ['{"retcode":"0"}', null],
    ['{"retcode":null,"errcode":0}', null],
    ['{"retcode":false}', null],
    ['{"retcode":[0]}', null],
    ['{}', null],
    ['{"__proto__":{"retcode":0}}', null],
    ['{"data":{"retcode":0}}', null],
    ['{"errcode":3}', 3],
    ['[]', null],
    ['0', null],
    ['"retcode"', null],
    ['null', null],
  ])('takes HTTP 200 %s for RETCODE with %p on record', (body, retcode) => {
    expect(judgeAnswer(answered(200, body), [])).toMatchObject({
      delivered: false,
      error: 'RETCODE',
      retcode,
    });
  });

  it.each([
    [200, '', 'NOT_JSON'],
    [204, '', 'NOT_JSON'],
    [200, '<html>', 'NOT_JSON'],
    [200, '{"retcode":0', 'NOT_JSON'],
    [200, "{'retcode':0}", 'NOT_JSON'],
    [300, '{"retcode":0}', 'REDIRECT'],
    [302, '', 'REDIRECT'],
    [304, '', 'REDIRECT'],
    [399, '', 'REDIRECT'],
    [400, '{"retcode":0}', 'HTTP_STATUS'],
    [404, 'not found', 'HTTP_STATUS'],
    [500, '', 'HTTP_STATUS'],
    [503, '{"retcode":0}', 'HTTP_STATUS'],
    [999, '', 'HTTP_STATUS'],
  ])('takes HTTP %i %j for %s', (status, body, error) => {
    expect(judgeAnswer(answered(status, body), [])).toMatchObject({
      delivered: false,
      error,
      httpStatus: status,
    });
  });

  it('refuses a body over the limit though its beginning reads well', () => {
    expect(judgeAnswer(answered(200, '{"retcode":0}', true), [])).toMatchObject({
      error: 'TOO_LARGE',
      retcode: null,
    });
    expect(judgeAnswer(answered(500, 'x', true), []).error).toBe('HTTP_STATUS');
  });

  it.each(['TIMEOUT', 'CONNECT', 'RESET', 'TLS', 'TOO_LARGE', 'BLOCKED_ADDRESS'] as const)(
    'keeps %s of a call without an answer, with nothing else on record',
    (error) => {
      const broken: Broken = { kind: 'broken', error, status: null, body: null };
      expect(judgeAnswer(broken, [])).toEqual({
        delivered: false,
        error,
        httpStatus: null,
        retcode: null,
        responsePrefix: null,
        final: false,
      });
    },
  );

  it('lets the head of an answer decide when its body is cut off', () => {
    const cut = (status: number): Broken => ({ kind: 'broken', error: 'RESET', status, body: '{"ret' });
    expect(judgeAnswer(cut(200), [])).toMatchObject({
      error: 'RESET',
      httpStatus: 200,
      responsePrefix: '{"ret',
    });
    expect(judgeAnswer(cut(500), [])).toMatchObject({ error: 'HTTP_STATUS', httpStatus: 500 });
    expect(judgeAnswer(cut(307), [])).toMatchObject({ error: 'REDIRECT', httpStatus: 307 });
  });

  it.each([
    [200, '{"retcode":1001}', [1001, 7], true],
    [200, '{"errcode":7}', [1001, 7], true],
    [400, '{"retcode":7}', [7], true],
    [200, '{"retcode":8}', [7], false],
    [200, '{"retcode":"7"}', [7], false],
    [200, '{"retcode":0}', [0], false],
  ])('reads from HTTP %i %s with final codes %j: final is %p', (status, body, finals, final) => {
    expect(judgeAnswer(answered(status, body), finals).final).toBe(final);
  });

  it('keeps 256 characters of the response, made storable', () => {
    expect(judgeAnswer(answered(500, 'x'.repeat(300)), []).responsePrefix).toBe('x'.repeat(256));
    expect(judgeAnswer(answered(500, 'a\0b'), []).responsePrefix).toBe('a\uFFFDb');
    expect(judgeAnswer(answered(500, 'x'.repeat(255) + '😀'), []).responsePrefix).toBe(
      'x'.repeat(255) + '\uFFFD',
    );
    expect(judgeAnswer(answered(500, ''), []).responsePrefix).toBe('');
  });

  it('keeps nothing of what the response repeats of a person, not even what the cut would leave', () => {
    const phone = '+60119988776';
    const repeated = `${'x'.repeat(250)}${phone} ${phone}`;
    expect(judgeAnswer(answered(500, repeated), [], [phone]).responsePrefix).toBe(`${'x'.repeat(250)}******`);
    expect(judgeAnswer(answered(200, '{"retcode":0}'), [], ['0']).delivered).toBe(true);
  });
});
