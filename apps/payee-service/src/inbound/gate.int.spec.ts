import { writeFileSync } from 'node:fs';
import { useCleanup } from '@kyc-relay/testing';
import { PayeeBed, REGISTRY } from '../testbed/payee-bed';
import { individual, MERCHANT } from '../testbed/people';
import { signed, verifySignOf, type Body } from '../testbed/sign-body';

const cleanup = useCleanup();
let bed: PayeeBed;

beforeAll(async () => {
  bed = await PayeeBed.start(cleanup);
});

const PATHS = ['register', 'retrieve', 'update', 'delete'];
const ADDRESS = { merchantNo: MERCHANT.merchantNo, storeNo: MERCHANT.storeNo };
/** A merchant whose requests need a timestamp. */
const TIMED = { merchantNo: '202334', storeNo: '301900' };

describe('the addressing fields', () => {
  it.each<[Body, string]>([
    [{}, 'merchantNo is missing; storeNo is missing; verifySign is missing'],
    [{ ...ADDRESS, verifySign: '' }, 'verifySign is missing'],
    [{ ...ADDRESS, merchantNo: null, verifySign: 'x' }, 'merchantNo is missing'],
    [{ ...TIMED, verifySign: 'x' }, 'timestamp is missing'],
    [{ ...TIMED, timestamp: '', verifySign: 'x' }, 'timestamp is missing'],
  ])('are asked for first: %j', async (body, message) => {
    for (const path of PATHS) {
      const answer = await bed.post(path, JSON.stringify(body));
      expect(answer).toMatchObject({ status: 200, ret_code: '000020', ret_msg: message });
    }
  });

  it.each(['', 'x', '[]', '{"merchantNo":"1",}', '\ufeff{}'])('cannot be read in %j', async (body) => {
    expect(await bed.post('register', body)).toMatchObject({ status: 200, ret_code: '000020' });
  });

  it('may be there only once', async () => {
    const body = signed({ ...ADDRESS, ...individual() }, MERCHANT.token).replace(
      '{',
      '{"email":"other@grigora.io",',
    );
    expect(await bed.post('register', body)).toMatchObject({
      status: 200,
      ret_code: '000020',
      ret_msg: 'email is there twice',
    });
  });
});

describe('authentication', () => {
  it('is refused byte for byte alike, whatever is wrong, before any field is looked at', async () => {
    const stale = new Date(Date.now() - 301_000).toISOString();
    const now = new Date().toISOString();
    const bodies = [
      JSON.stringify({ ...ADDRESS, verifySign: '0'.repeat(32) }),
      signed({ ...ADDRESS, email: 'nonsense' }, 'another token'),
      signed({ ...ADDRESS, storeNo: '301856' }, MERCHANT.token),
      signed({ ...ADDRESS, storeNo: '301900' }, MERCHANT.token),
      signed({ ...ADDRESS, merchantNo: '999999' }, MERCHANT.token),
      signed({ ...ADDRESS, merchantNo: '999999' }, 'there is no such merchant'),
      signed({ ...ADDRESS, merchantNo: '__proto__' }, MERCHANT.token),
      signed({ ...TIMED, timestamp: stale }, 'other-token'),
      signed({ ...TIMED, timestamp: 'yesterday' }, 'other-token'),
      signed({ ...TIMED, timestamp: now }, 'another token'),
      JSON.stringify({ ...ADDRESS, merchantNo: ['202333'], verifySign: 'x' }),
      JSON.stringify({ ...ADDRESS, verifySign: { a: 1 } }),
    ];
    const answers = await Promise.all(
      PATHS.flatMap((path) => bodies.map(async (body) => await bed.post(path, body))),
    );
    expect([...new Set(answers.map(({ status, text }) => `${status} ${text}`))]).toEqual([
      '200 {"ret_msg":"signature, merchant, store or timestamp refused","ret_code":"000030"}',
    ]);
  });

  it('takes both tokens of a merchant, and any case of the hex', async () => {
    const body = { ...ADDRESS, customerCode: 'nobody' };
    for (const token of [MERCHANT.token, 'second-token']) {
      const verifySign = verifySignOf(body, token).toUpperCase();
      expect((await bed.post('retrieve', JSON.stringify({ ...body, verifySign }))).ret_code).toBe('000021');
    }
  });

  it('takes a timestamp within the tolerance', async () => {
    const body = {
      ...TIMED,
      timestamp: new Date(Date.now() - 290_000).toISOString(),
      customerCode: 'nobody',
    };
    expect((await bed.post('retrieve', signed(body, 'other-token'))).ret_code).toBe('000021');
  });

  it('asks for a time also where its age does not matter', async () => {
    expect(await bed.call('retrieve', { customerCode: 'x', timestamp: 'yesterday' })).toMatchObject({
      ret_code: '000023',
      ret_msg: 'timestamp must be ISO 8601 such as 2022-11-08T07:02:42Z',
    });
  });

  it('follows the registry', async () => {
    const fresh = { merchantNo: '202340', storeNo: '1', customerCode: 'x' };
    expect((await bed.post('retrieve', signed(fresh, 'fresh-token'))).ret_code).toBe('000030');
    const merchants = [
      ...REGISTRY.merchants,
      { merchantNo: '202340', stores: ['1'], tokens: ['fresh-token'] },
    ];
    writeFileSync(bed.registryFile, JSON.stringify({ ...REGISTRY, merchants }));
    // A change counts once it is seen twice, so that half a file is never read.
    await bed.parts.registry.check();
    await bed.parts.registry.check();
    expect((await bed.post('retrieve', signed(fresh, 'fresh-token'))).ret_code).toBe('000021');
  });
});

describe('what was answered', () => {
  it('stands in the log line of the request and in a metric, the merchant only once it is known', async () => {
    await bed.call('retrieve', { customerCode: 'nobody' });
    await bed.call('retrieve', { customerCode: 'nobody' }, 'another token');
    const lines = bed.log.lines.filter(({ msg }) => msg === 'request').slice(-2);
    expect(lines).toMatchObject([{ retCode: '000021', merchantNo: '202333' }, { retCode: '000030' }]);
    expect(lines[1]).not.toHaveProperty('merchantNo');
    expect(await bed.scrape()).toMatch(
      /relay_payee_answers_total\{action="retrieve",ret_code="000030"\} [1-9]/,
    );
  });
});

describe('the limits', () => {
  it('let no merchant pass its rate, and tell when to come again', async () => {
    const body = signed({ merchantNo: '202335', storeNo: '301901', customerCode: 'x' }, 'slow-token');
    expect((await bed.post('retrieve', body)).ret_code).toBe('000021');
    const response = await bed.app.inject({ method: 'POST', url: '/v3/payee/retrieve', payload: body });
    expect(response.statusCode).toBe(429);
    expect(response.headers['retry-after']).toBe('1');
    expect(response.json()).toEqual({ ret_msg: 'try again in 1 s', ret_code: '000000' });
  });

  it('refuse a body over a mebibyte by its declared length, in the words of the API', async () => {
    const answer = await bed.post('register', Buffer.alloc(1_048_577, 'x'));
    expect(answer).toMatchObject({ status: 413, ret_code: '000023' });
  });

  it('answer other methods and paths below in the words of the API', async () => {
    for (const [method, url] of [
      ['GET', '/v3/payee/register'],
      ['POST', '/v3/payee/nothing'],
    ] as const) {
      const response = await bed.app.inject({ method, url });
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ ret_code: '000023' });
    }
  });
});

describe('a store that is away', () => {
  it('is our fault: 503, nothing changed, and well again by itself', async () => {
    await bed.database.goAway();
    try {
      for (const [path, body] of [
        ['register', individual(1)],
        ['retrieve', { customerCode: 'x' }],
      ] as const) {
        expect(await bed.call(path, body)).toMatchObject({
          status: 503,
          ret_code: '000000',
          ret_msg: 'try again later',
        });
      }
    } finally {
      await bed.database.comeBack();
    }
    expect((await bed.call('register', individual(1))).ret_code).toBe('000100');
  });
});
