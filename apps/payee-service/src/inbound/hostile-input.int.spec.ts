import { seededRandom } from '@kyc-relay/contracts';
import { useCleanup } from '@kyc-relay/testing';
import { PayeeBed } from '../testbed/payee-bed';
import { business, individual, MERCHANT } from '../testbed/people';
import { signed, verifySignOf } from '../testbed/sign-body';

const cleanup = useCleanup();
let bed: PayeeBed;

beforeAll(async () => {
  bed = await PayeeBed.start(cleanup);
});

const PATHS = ['register', 'retrieve', 'update', 'delete'] as const;
const SECRET_NUMBERS = ['110101199003074493', '91310115768225450T', '11010519491231002X'];

/** JSON texts that are put in a value's place. */
const HOSTILE = [
  'null',
  'true',
  '0',
  '-0',
  '1e400',
  '1.00',
  '""',
  '" "',
  '[]',
  '{}',
  '[[[[]]]]',
  '{"a":{"b":[1]}}',
  '"\\u0000"',
  '"\\ud800"',
  '"\\ud83d\\ude00"',
  '"😀"',
  '"<script>"',
  '"\' or 1=1; --"',
  '"%00"',
  '"__proto__"',
  '{"__proto__":{"polluted":true}}',
  '"${jndi:ldap://x}"',
  '"2023-02-30"',
  '"9999-12-31"',
  '"0000-00-00"',
  '"constructor"',
  '"\\u202e"',
  '"11010519491231002x"',
  '99999999999999999999999999',
  '"\\\\"',
  '"\\n"',
  `"${'x'.repeat(300)}"`,
  `"${'北'.repeat(256)}"`,
  `"${'x'.repeat(20_000)}"`,
  `"${'a'.repeat(250)}@b.io"`,
  `"a@${'b.'.repeat(60)}io"`,
];

describe('300 bad inputs', () => {
  const random = seededRandom(20_221_108);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

  /** A body with something wrong in it, somewhere; well signed more often than not, so that it gets further. */
  function spoil(round: number): Buffer {
    const person = { ...pick([individual, business])(round), ...MERCHANT_FIELDS, customerNo: '2'.repeat(22) };
    const names = Object.keys(person);
    const members = new Map(Object.entries(person).map(([name, value]) => [name, JSON.stringify(value)]));
    for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes -= 1) {
      const name = random() < 0.9 ? pick(names) : pick(['__proto__', '', 'governmentID', 'a"b', '\0']);
      if (random() < 0.2) members.delete(name);
      else members.set(name, pick(HOSTILE));
    }
    const json = `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
    if (random() < 0.2) return cut(Buffer.from(json));
    return Buffer.from(`${json.slice(0, -1)},"verifySign":"${signSources(members)}"}`);
  }

  function signSources(members: ReadonlyMap<string, string>): string {
    const sources = [...members]
      .filter(([, value]) => value !== 'null')
      .map(([name, value]) => [name, value.startsWith('"') ? (JSON.parse(value) as string) : value] as const);
    return verifySignOf(Object.fromEntries(sources), MERCHANT.token);
  }

  function cut(bytes: Buffer): Buffer {
    const part = bytes.subarray(0, Math.floor(random() * bytes.length));
    if (part.length > 0) part[Math.floor(random() * part.length)] = Math.floor(random() * 256);
    return part;
  }

  it('get a code and a message that names a field, never a 5xx, a stack or an identity number', async () => {
    const codes = new Map<string, number>();
    for (let round = 0; round < 300; round += 1) {
      const body = spoil(round);
      const answer = await bed.post(pick(PATHS), body);
      const seen = `${round}: ${answer.text} for ${body.toString('latin1').slice(0, 2000)}`;
      if (answer.status !== 200) throw new Error(`${answer.status} ${seen}`);
      expect(Object.keys(answer)).toEqual(expect.arrayContaining(['ret_code', 'ret_msg']));
      codes.set(answer.ret_code, (codes.get(answer.ret_code) ?? 0) + 1);
      if (answer.ret_code === '000100') continue;
      expect(answer.ret_msg).toMatch(/^[ -~]{1,1000}$/);
      expect(answer.ret_msg).not.toMatch(/\bat .*:\d|Error|\/|\d{5}/);
    }
    // The generator reaches every room, not only the first door.
    for (const code of ['000020', '000021', '000023', '000030', '000100'])
      expect(codes.get(code)).toBeGreaterThan(3);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('leave no identity number in the log', () => {
    expect(bed.log.lines.length).toBeGreaterThan(300);
    for (const number of SECRET_NUMBERS) expect(bed.log.text()).not.toContain(number);
  });

  it('leave the service well', async () => {
    const good = signed({ ...MERCHANT_FIELDS, ...individual(1_000) }, MERCHANT.token);
    expect((await bed.post('register', good)).ret_code).toBe('000100');
  });
});

describe('bad input of operators', () => {
  it.each([
    ['GET', '?limit=0'],
    ['GET', '?limit=201'],
    ['GET', '?limit=1e1'],
    ['GET', '?limit=1&limit=2'],
    ['GET', '?status=pending'],
    ['GET', '?status=__proto__'],
    ['GET', `?merchantNo=${'x'.repeat(65)}`],
    ['GET', '?merchantNo=%00'],
    ['GET', '?cursor=%20'],
    ['GET', '?cursor=AAAA'],
    ['GET', `?cursor=${Buffer.from("'; drop table payees --").toString('base64url')}`],
    ['GET', '?unknown=1'],
    ['GET', '/123/history'],
    ['GET', "/'/history"],
    ['GET', `/${'9'.repeat(22)}/history?cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5`],
    ['POST', `/${'9'.repeat(21)}x/status`],
    ['POST', `/${'9'.repeat(22)}/status`],
  ] as const)('%s %s is 400', async (method, path) => {
    const { status, body } = await bed.operate(method, path);
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: 'urn:kyc-relay:problem:bad-request' });
  });
});

const MERCHANT_FIELDS = { merchantNo: MERCHANT.merchantNo, storeNo: MERCHANT.storeNo };
