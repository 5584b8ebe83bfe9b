import type { Body } from './sign-body';

/** The merchant of the source's examples, its store and the token that their signatures were made with. */
export const MERCHANT = {
  merchantNo: '202333',
  storeNo: '301854',
  token: '17cfc0170ef1c017b4a929d233d6e65e',
};

/** The individual of the source's example, another one for each number. */
export function individual(number = 0): Body {
  return {
    city: '北京',
    country: '中国',
    countryCode: 'CN',
    customerCode: `code-${number}`,
    dateOfBirth: '1999-01-01',
    email: `person-${number}@grigora.io`,
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

/** The business of the source's example, another one for each number. */
export function business(number = 0): Body {
  return {
    ...individual(number),
    email: `company-${number}@grigora.io`,
    customerCode: `company-${number}`,
    firstName: '白',
    lastName: '李',
    governmentId: '91310115768225450T',
    governmentIdType: 'BUSINESS_REGISTRATION_CERT',
    company: '支付宝',
    profileType: 'BUSINESS',
  };
}
