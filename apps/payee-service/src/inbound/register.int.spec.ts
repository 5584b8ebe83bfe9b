import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useCleanup } from '@kyc-relay/testing';
import { PayeeBed } from '../testbed/payee-bed';
import { business, individual, MERCHANT } from '../testbed/people';
import { signed, type Body } from '../testbed/sign-body';

const MERCHANT_FIELDS = { merchantNo: MERCHANT.merchantNo, storeNo: MERCHANT.storeNo };

const cleanup = useCleanup();
let bed: PayeeBed;

beforeAll(async () => {
  bed = await PayeeBed.start(cleanup);
});

interface Vector {
  token: string;
  fields: Record<string, string>;
  signature: string;
}

describe('the published examples, posted unchanged', () => {
  const vectors = JSON.parse(
    readFileSync(join(__dirname, '../../../../libs/signing/vectors/payee-md5.json'), 'utf8'),
  ) as Vector[];
  const bodyOf = (email: string | undefined): string => {
    const vector = vectors.find(
      ({ fields }) => fields['profileType'] !== undefined && fields['email'] === email,
    );
    return JSON.stringify({ ...vector?.fields, verifySign: vector?.signature }, undefined, 1);
  };

  it('register, and register again', async () => {
    const body = bodyOf('1667198337@grigora.io');
    const first = await bed.post('register', body);
    expect(first).toMatchObject({ status: 200, ret_code: '000100', ret_msg: 'success' });
    expect(first.text).toMatch(
      /^\{"ret_msg":"success","ret_code":"000100","customer":\{"firstName":"三","lastName":"张","customerCode":"1667198337","createdTime":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ","customerNo":"\d{22}","email":"1667198337@grigora\.io"\}\}$/,
    );
    expect((await bed.post('register', body)).text).toBe(first.text);
  });

  it('update: signed for a payee that we do not have, so it is told by its keys', async () => {
    const answer = await bed.post('update', bodyOf(undefined));
    expect(answer).toMatchObject({ status: 200, ret_code: '000021', ret_msg: 'customerNo names no payee' });
  });
});

describe('register', () => {
  it('keeps an individual, as retrieve shows', async () => {
    const customerNo = await bed.register({ ...individual(1), governmentId: '11010519491231002x' });
    const answer = await bed.call('retrieve', { customerNo });
    expect(answer).toMatchObject({ status: 200, ret_code: '000100', ret_msg: 'query success' });
    const { createdTime, updatedTime, ...customer } = answer.customer ?? {};
    expect(createdTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(updatedTime).toBe(createdTime);
    const { street2: _, ...given } = individual(1);
    expect(customer).toEqual({
      ...given,
      governmentId: '11010519491231002X',
      customerNo,
      payeeStatus: 'Unverified',
      lang: 'zh_CN',
    });
  });

  it('keeps a business and a foreigner', async () => {
    const company = await bed.register(business(1));
    expect((await bed.call('retrieve', { customerNo: company })).customer).toMatchObject({
      company: '支付宝',
      governmentId: '91310115768225450T',
    });
    const { customerCode: _, ...noCode } = individual(2);
    const doe = {
      ...noCode,
      countryCode: 'US',
      governmentIdType: 'PASSPORT',
      governmentId: 'E1234567',
      firstName: 'Jane',
      lastName: 'Doe',
    };
    const { customer } = await bed.call('register', doe);
    expect(Object.keys(customer ?? {})).toEqual([
      'firstName',
      'lastName',
      'createdTime',
      'customerNo',
      'email',
    ]);
    expect(
      (await bed.call('retrieve', { customerNo: customer?.['customerNo'] ?? '' })).customer,
    ).toMatchObject({
      lang: 'en_US',
      governmentId: 'E1234567',
    });
  });

  it('takes numbers as they are written, and signs them so', async () => {
    const body = { ...individual(3), phone: 1234567890, zip: 100000, merchantNo: 202333 };
    const answer = await bed.call('register', body);
    expect(answer.ret_code).toBe('000100');
    const lossless = signed({ ...MERCHANT_FIELDS, customerNo: '0'.repeat(22) }, MERCHANT.token).replace(
      `"${'0'.repeat(22)}"`,
      answer.customer?.['customerNo'] ?? '',
    );
    const wrong = await bed.post('retrieve', lossless);
    expect(wrong.ret_code).toBe('000030');
    const number = answer.customer?.['customerNo'] ?? '';
    const right = signed({ ...MERCHANT_FIELDS, customerNo: number }, MERCHANT.token).replace(
      `"${number}"`,
      number,
    );
    expect((await bed.post('retrieve', right)).customer).toMatchObject({ customerNo: number, zip: '100000' });
  });

  it.each([
    ['another street', { street: '中南海' }],
    ['a street2 that was not there', { street2: 'No. 1' }],
    ['another language', { lang: 'en_US' }],
    ['another store', { storeNo: '301855' }],
  ])('is a conflict with %s', async (_, change) => {
    await bed.call('register', individual(4));
    const answer = await bed.call('register', { ...individual(4), ...change });
    expect(answer).toMatchObject({
      status: 200,
      ret_code: '000022',
      ret_msg:
        'email is already used by a payee with other content; customerCode is already used by a payee with other content',
    });
  });

  it.each<[string, Body]>([
    ['an empty parameter', { street2: '', lang: '' }],
    ['a null parameter', { street2: null }],
    ['the default said', { lang: 'zh_CN' }],
    ['the email in capitals', { email: 'PERSON-5@GRIGORA.IO' }],
    ['a lower-case x', { governmentId: '11010519491231002x' }],
    ['a later timestamp and a parameter nobody knows', { timestamp: '2022-11-08T07:02:42Z', unknown: 'x' }],
  ])('is the same payee with %s', async (_, change) => {
    const body = { ...individual(5), governmentId: '11010519491231002X' };
    const customerNo = await bed.register(body);
    expect(await bed.register({ ...body, ...change })).toBe(customerNo);
  });

  it('names the key that is used by another payee', async () => {
    await bed.register(individual(6));
    await bed.register(individual(7));
    const answers = await Promise.all([
      bed.call('register', { ...individual(6), customerCode: 'new' }),
      bed.call('register', { ...individual(6), email: 'new@grigora.io' }),
      bed.call('register', { ...individual(6), customerCode: 'code-7' }),
    ]);
    expect(
      answers.map((one) => [
        one.ret_code,
        one.ret_msg.replaceAll(' is already used by a payee with other content', ''),
      ]),
    ).toEqual([
      ['000022', 'email'],
      ['000022', 'customerCode'],
      ['000022', 'email; customerCode'],
    ]);
  });

  it('gives code and email free with the delete, and a new number', async () => {
    const first = await bed.register(individual(8));
    expect(await bed.call('delete', { customerNo: first })).toMatchObject({
      ret_code: '000100',
      ret_msg: 'delete success',
    });
    const second = await bed.register({
      ...business(8),
      email: 'person-8@grigora.io',
      customerCode: 'code-8',
    });
    expect(second).not.toBe(first);
    expect((await bed.call('delete', { customerNo: first })).ret_code).toBe('000021');
    expect((await bed.call('retrieve', { customerNo: first })).ret_code).toBe('000021');
  });

  it('lets another merchant have the same email and code', async () => {
    await bed.register(individual(9));
    const theirs = {
      ...individual(9),
      merchantNo: '202334',
      storeNo: '301900',
      timestamp: new Date().toISOString(),
    };
    expect((await bed.call('register', theirs, 'other-token')).ret_code).toBe('000100');
  });
});
