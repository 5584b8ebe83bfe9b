import { createHash } from 'node:crypto';
import { callHttp } from '@kyc-relay/simulators';

/** The merchant of the source's examples; the token is the one that their signatures were made with. */
export const MERCHANT = {
  merchantNo: '202333',
  storeNo: '301854',
  token: '17cfc0170ef1c017b4a929d233d6e65e',
};
/** Whose KYB results may move its payees. */
export const INSTITUTION = { institutionId: '2022070222130610237', salt: 'salt-of-the-institution' };

/** The registry of these tests. */
export const REGISTRY = {
  merchants: [
    {
      merchantNo: MERCHANT.merchantNo,
      stores: [MERCHANT.storeNo],
      tokens: [MERCHANT.token],
      timestamp_tolerance_seconds: 0,
    },
  ],
  institutions: [
    {
      institutionId: INSTITUTION.institutionId,
      salts: [INSTITUTION.salt],
      source_addresses: ['127.0.0.0/8'],
      merchants: [MERCHANT.merchantNo],
    },
  ],
};

/** An answer of the payee API. */
export interface PayeeAnswer {
  status: number;
  ret_code: string;
  ret_msg: string;
  customer?: Record<string, string>;
}

/** The source's individual, another one for each number. */
export function individual(number: number): Record<string, string> {
  return {
    city: '北京',
    country: '中国',
    countryCode: 'CN',
    customerCode: `e2e-${number}`,
    dateOfBirth: '1999-01-01',
    email: `e2e-${number}@grigora.io`,
    firstName: '三',
    governmentId: '110101199003074493',
    governmentIdType: 'ID_CARD',
    lastName: '张',
    phone: '1234567890',
    profileType: 'INDIVIDUAL',
    state: '北京',
    street: '长城',
    street2: '',
    zip: '100000',
  };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function canonical(fields: Record<string, string>): string {
  return Object.keys(fields)
    .filter((name) => fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name] ?? ''}`)
    .join('&');
}

/** Posts a body to the payee API as it is. @throws what the connection failed with */
export async function post(base: string, action: string, body: string): Promise<PayeeAnswer> {
  const answer = await callHttp({
    method: 'POST',
    url: `${base}/v3/payee/${action}`,
    body,
    headers: { 'content-type': 'application/json' },
  });
  return { ...(JSON.parse(answer.body) as PayeeAnswer), status: answer.status };
}

/** The merchant calls the payee API, signed. */
export async function callPayee(
  base: string,
  action: string,
  fields: Record<string, string>,
): Promise<PayeeAnswer> {
  const { merchantNo, storeNo, token } = MERCHANT;
  const body = { ...fields, merchantNo, storeNo };
  const verifySign = md5(`${canonical(body)}&${md5(token)}`);
  return await post(base, action, JSON.stringify({ ...body, verifySign }));
}

/** The KYB service tells a result; gives status and body. */
export async function notify(base: string, customerNo: string, status: string): Promise<string> {
  const signed = {
    bizId: `SM${customerNo}`,
    bizType: 'SM_KYC_REVIEW',
    institutionId: INSTITUTION.institutionId,
    signType: 'MD5',
    subClientId: `SM${customerNo}`,
  };
  const sign = md5(INSTITUTION.salt + canonical(signed)).toUpperCase();
  const answer = await callHttp({
    method: 'POST',
    url: `${base}/v1/notify/reviews`,
    body: JSON.stringify({ ...signed, merchantClientId: customerNo, status, comment: 'ok', sign }),
    headers: { 'content-type': 'application/json' },
  });
  return `${answer.status} ${answer.body}`;
}
