import type { PayeeStatus } from '@kyc-relay/contracts';
import type { ReviewStep } from '../domain/history-entry';
import type { Payee } from '../domain/payee';
import type { PayeeProfile } from '../domain/profile';

/** A moment of the tests. */
export const NOW = new Date('2022-11-24T03:00:00.250Z');

/** The source's individual. */
export const PROFILE: PayeeProfile = {
  customerCode: '1667198337',
  dateOfBirth: '1999-01-01',
  governmentId: '110101199003074493',
  governmentIdType: 'ID_CARD',
  lastName: '张',
  firstName: '三',
  email: '1667198337@grigora.io',
  phone: '1234567890',
  zip: '100000',
  country: '中国',
  countryCode: 'CN',
  state: '北京',
  city: '北京',
  street: '长城',
  profileType: 'INDIVIDUAL',
};

/** The source's payee in a status. */
export function payeeIn(status: PayeeStatus, change: Partial<Payee> = {}): Payee {
  const before = new Date('2022-10-31T06:40:20Z');
  return {
    customerNo: '2000305228294092293550',
    merchantNo: '202333',
    storeNo: '301854',
    version: 3,
    status,
    statusSince: before,
    profile: PROFILE,
    createdAt: before,
    updatedAt: before,
    ...change,
  };
}

/** A step of the source's review. */
export function reviewStep(status: string): ReviewStep {
  return {
    institutionId: '2022070222130610237',
    bizType: 'SM_KYC_REVIEW',
    bizId: 'SM2022071120365810274',
    sequence: 2,
    status,
  };
}
