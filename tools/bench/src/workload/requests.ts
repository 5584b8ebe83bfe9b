import { signPayee, signReview } from '@kyc-relay/signing';

/** The partners of the measurements. */
export const MERCHANT = { merchantNo: '202333', storeNo: '301854', token: 'bench-token-of-the-merchant' };
/** The institution whose reviews are told. */
export const INSTITUTION = { institutionId: '2022070222130610237', salt: 'bench-salt-of-the-institution' };

/** What is sent to an edge. */
export interface Workload {
  path: string;
  /** The nth request's body; each n is another payee or review. */
  bodyOf: (n: number) => string;
  /** Whether an answer's body is the one of success. */
  isRight: (answer: string) => boolean;
}

const isDone = (answer: string): boolean => answer.includes('"ret_code":"000100"');

/** All that can be sent. */
export const WORKLOADS = {
  register: {
    path: '/v3/payee/register',
    bodyOf: (n) => signedPayee(individual(n)),
    isRight: isDone,
  },
  retrieve: {
    path: '/v3/payee/retrieve',
    bodyOf: (n) => signedPayee({ email: emailOf(n) }),
    isRight: isDone,
  },
  review: {
    path: '/v1/notify/reviews',
    bodyOf: (n) => signedReview(n),
    isRight: (answer) => answer === 'SUCCESS',
  },
} as const satisfies Record<string, Workload>;

/** A kind of request. */
export type WorkloadName = keyof typeof WORKLOADS;

function emailOf(n: number): string {
  return `payee-${n}@grigora.io`;
}

/** The individual of the partner's documentation. */
function individual(n: number): Record<string, string> {
  return {
    city: '北京',
    country: '中国',
    countryCode: 'CN',
    customerCode: `code-${n}`,
    dateOfBirth: '1999-01-01',
    email: emailOf(n),
    firstName: '三',
    governmentId: '110101199003074493',
    governmentIdType: 'ID_CARD',
    lastName: '张',
    phone: '1234567890',
    profileType: 'INDIVIDUAL',
    state: '北京',
    street: '长城',
    zip: '100000',
  };
}

function signedPayee(fields: Record<string, string>): string {
  const { merchantNo, storeNo, token } = MERCHANT;
  const body = { ...fields, merchantNo, storeNo, timestamp: new Date().toISOString() };
  return JSON.stringify({ ...body, verifySign: signPayee(body, token) });
}

/** The KYB review of the partner's documentation, of another sub-merchant each time. */
function signedReview(n: number): string {
  const client = String(n).padStart(10, '0');
  const fields = {
    bizId: `SM2022${client}`,
    bizType: 'SM_KYC_REVIEW',
    comment: '请重新提交',
    institutionId: INSTITUTION.institutionId,
    merchantClientId: `ws${client}`,
    status: 'MODIFY',
    subClientId: `SM2022${client}`,
    signType: 'MD5',
  };
  const reviewDetail = {
    additionalInfo: {
      comment: '需要传附件',
      needAdditionalInfos: ['银行开户许可证或银行流水', '股权架构申请', '拒付能力证明'],
      status: 'FAILED',
    },
    companyReviewResult: { comment: '证件图片有无关水印', status: 'FAILED' },
    personReviewResult: [
      {
        comment: '申请人未成年',
        customerId: 749,
        customerType: 1,
        idCardNumber: '123123123',
        status: 'FAILED',
      },
    ],
  };
  return JSON.stringify({ ...fields, reviewDetail, sign: signReview(fields, INSTITUTION.salt) });
}
