import { readPartnerBody } from './partner-body';

describe('the body of a partner', () => {
  it('is read as texts, and signed as it is written', () => {
    const read = readPartnerBody(
      Buffer.from(
        '{"a":"x","n":1.00,"big":2000305228294092293550,"t":true,"o":{ "k": [1] },"e":"","z":null,"u":"\\u4e09"}',
      ),
    );
    expect(read).toEqual({
      ok: true,
      signed: {
        a: 'x',
        n: '1.00',
        big: '2000305228294092293550',
        t: 'true',
        o: '{ "k": [1] }',
        e: '',
        z: null,
        u: '三',
      },
      parameters: new Map([
        ['a', 'x'],
        ['n', '1.00'],
        ['big', '2000305228294092293550'],
        ['t', null],
        ['o', null],
        ['u', '三'],
      ]),
    });
  });

  it.each<[string | Buffer, string, string]>([
    ['', 'body', 'must be JSON in UTF-8'],
    ['{', 'body', 'must be JSON in UTF-8'],
    [Buffer.from([0x22, 0xff, 0x22]), 'body', 'must be JSON in UTF-8'],
    [Buffer.from('{"a":"x"}', 'utf16le'), 'body', 'must be JSON in UTF-8'],
    ['[]', 'body', 'must be a JSON object'],
    ['1', 'body', 'must be a JSON object'],
    ['null', 'body', 'must be a JSON object'],
    ['"x"', 'body', 'must be a JSON object'],
    ['{"email":"a","email":"a"}', 'email', 'is there twice'],
    ['{"\\u0065mail":"a","email":""}', 'email', 'is there twice'],
    ['{"110101199003074493":1,"110101199003074493":1}', 'a parameter', 'is there twice'],
    [`{"a":${'['.repeat(200)}${']'.repeat(200)}}`, 'body', 'must be JSON in UTF-8'],
  ])('%s is refused: %s %s', (body, field, message) => {
    expect(readPartnerBody(Buffer.from(body))).toEqual({ ok: false, problem: { field, message } });
  });

  it('may have a parameter of any name', () => {
    const read = readPartnerBody(Buffer.from('{"__proto__":"x","constructor":"y","":"z"}'));
    expect(read.ok && Object.entries(read.signed)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['', 'z'],
    ]);
  });
});
