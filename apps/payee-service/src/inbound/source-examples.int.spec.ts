import { useCleanup } from '@kyc-relay/testing';
import { PayeeBed, type PartnerAnswer } from '../testbed/payee-bed';
import { MERCHANT } from '../testbed/people';
import { verifySignOf, type Body } from '../testbed/sign-body';

/**
 * The examples of the partner's documentation in its order, one payee through its life. What the documentation hides (the
 * email) is what its own signatures are made with; numbers that are ours to give are put into the later requests, which
 * are signed anew.
 */
const EMAIL = '1667198337@grigora.io';
const SHARED = {
  city: '北京',
  country: '中国',
  countryCode: 'CN',
  customerCode: '1667198337',
  dateOfBirth: '1999-01-01',
  email: EMAIL,
  governmentId: '110101199003074493',
  merchantNo: '202333',
  phone: '1234567890',
  state: '北京',
  storeNo: '301854',
  street: '长城',
  street2: '',
  zip: '100000',
};
const INDIVIDUAL = {
  ...SHARED,
  firstName: '三',
  governmentIdType: 'ID_CARD',
  lastName: '张',
  profileType: 'INDIVIDUAL',
  verifySign: '141803fb1e21ff977d7fa5f68067860a',
};
const BUSINESS = {
  ...SHARED,
  firstName: '白',
  governmentId: '91310115768225450T',
  governmentIdType: 'BUSINESS_REGISTRATION_CERT',
  company: '支付宝',
  lastName: '李',
  profileType: 'BUSINESS',
  timestamp: '2022-11-08T07:02:42Z',
};
const UPDATE = {
  customerNo: '2000305228294092293550',
  city: '北京',
  country: '中国',
  countryCode: 'CN',
  customerCode: '1667198337',
  dateOfBirth: '1999-01-02',
  firstName: '三',
  governmentId: '110101199003074493',
  governmentIdType: 'ID_CARD',
  lastName: '张',
  merchantNo: '202333',
  phone: '1234567890',
  profileType: 'INDIVIDUAL',
  state: '北京',
  storeNo: '301854',
  street: '中南海',
  street2: 'No. 123',
  verifySign: '55704c3e018d7878f3be3f14b472e05f',
  zip: '100001',
};
const DELETE = {
  customerNo: '2000305228294092293550',
  email: EMAIL,
  merchantNo: '202333',
  storeNo: '301854',
  timestamp: '2022-10-31T10:15:11Z',
  verifySign: '24d8c40c625b0a8645d1bf574f3ba085',
};
const RETRIEVE = { ...DELETE, timestamp: '2022-11-08T06:31:34Z' };

const SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

const cleanup = useCleanup();
let bed: PayeeBed;

beforeAll(async () => {
  bed = await PayeeBed.start(cleanup);
});

async function post(path: string, body: Body): Promise<PartnerAnswer> {
  return await bed.post(path, JSON.stringify(body, undefined, 1));
}

/** The example with the number that we gave, or without its misprint. */
async function postSignedAnew(path: string, { verifySign: _, ...body }: Body): Promise<PartnerAnswer> {
  return await post(path, { ...body, verifySign: verifySignOf(body, MERCHANT.token) });
}

it('the examples of the documentation are answered as they are there, from registration to the next one', async () => {
  const registered = await post('register', INDIVIDUAL);
  expect(Object.entries(JSON.parse(registered.text) as object)).toEqual([
    ['ret_msg', 'success'],
    ['ret_code', '000100'],
    ['customer', registered.customer],
  ]);
  const { createdTime, customerNo = '', ...registration } = registered.customer ?? {};
  expect(createdTime).toMatch(SECONDS);
  expect(customerNo).toMatch(/^\d{22}$/);
  expect(registration).toEqual({ firstName: '三', lastName: '张', customerCode: '1667198337', email: EMAIL });

  const retrieved = await postSignedAnew('retrieve', { ...RETRIEVE, customerNo });
  expect(retrieved).toMatchObject({ ret_code: '000100', ret_msg: 'query success' });
  expect(Object.keys(retrieved.customer ?? {})).toEqual([
    // The documentation's, in its order, and the phone, which its example does not have.
    ...['zip', 'lastName', 'country', 'updatedTime', 'payeeStatus', 'city', 'customerCode', 'dateOfBirth'],
    ...['firstName', 'governmentIdType', 'profileType', 'countryCode', 'street', 'createdTime', 'state'],
    ...['lang', 'customerNo', 'email', 'governmentId', 'phone'],
  ]);
  expect(retrieved.customer).toMatchObject({ payeeStatus: 'Unverified', lang: 'zh_CN' });

  const updated = await postSignedAnew('update', { ...UPDATE, customerNo });
  expect(updated.text).toBe('{"ret_msg":"update success","ret_code":"000100"}');
  const { customer } = await postSignedAnew('retrieve', { ...RETRIEVE, customerNo });
  expect(customer).toMatchObject({
    dateOfBirth: '1999-01-02',
    street: '中南海',
    street2: 'No. 123',
    zip: '100001',
  });

  const deleted = await postSignedAnew('delete', { ...DELETE, customerNo });
  expect(deleted.text).toBe('{"ret_msg":"delete success","ret_code":"000100"}');

  const business = await postSignedAnew('register', BUSINESS);
  expect(business).toMatchObject({
    ret_code: '000100',
    customer: { firstName: '白', lastName: '李', customerCode: '1667198337', email: EMAIL },
  });
  expect(business.customer?.['customerNo']).not.toBe(customerNo);
});

it('the published signatures of update and delete are right, and their payee is not ours', async () => {
  for (const [path, body] of [
    ['update', UPDATE],
    ['delete', DELETE],
  ] as const)
    expect(await post(path, body)).toMatchObject({ status: 200, ret_code: '000021' });
});
