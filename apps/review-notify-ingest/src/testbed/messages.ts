import { createHash } from 'node:crypto';

/** The institution that the test bed's registry knows, and its salts. */
export const INSTITUTION = '2022070222130610237';
export const SALTS = ['F78BC96A55548B2319EE68E0', 'the salt before'] as const;

/** A message that is not signed yet. */
export type Fields = Record<string, unknown>;

/** The source's example of a KYB review, with a given review. */
export function kybMessage(bizId: string, change: Fields = {}): Fields {
  return {
    bizId,
    bizType: 'SM_KYC_REVIEW',
    comment: '请重新提交',
    institutionId: INSTITUTION,
    merchantClientId: 'ws0002',
    reviewDetail: {
      additionalInfo: { comment: '需要传附件', needAdditionalInfos: ['股权架构申请'], status: 'FAILED' },
      companyReviewResult: { comment: '证件图片有无关水印', status: 'FAILED' },
      personReviewResult: [
        {
          comment: '申请人未成年',
          customerId: 778,
          customerType: 2,
          idCardNumber: '110101199003074493',
          status: 'FAILED',
        },
      ],
    },
    status: 'MODIFY',
    subClientId: 'SM2022071120365810274',
    signType: 'MD5',
    ...change,
  };
}

/** The source's example of a store review, with a given review. */
export function storeMessage(bizId: string, change: Fields = {}): Fields {
  return {
    accId: '2022070222130610237524',
    bizId,
    bizType: 'SM_STORE_REVIEW',
    institutionId: INSTITUTION,
    comment: '上传身份证件为无关图片',
    merchantAccId: 'MAC10003',
    merchantClientId: 'ws0002',
    signType: 'MD5',
    status: 'PENDING',
    subClientId: 'SM2022071120365810274',
    ...change,
  };
}

/** Signs as the partner does, without our libraries. */
export function signed(fields: Fields, salt: string = SALTS[0]): Fields {
  const canonical = ['bizId', 'bizType', 'institutionId', 'signType', 'subClientId']
    .map((name) => [name, textOf(fields[name])] as const)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const sign = createHash('md5')
    .update(salt + canonical)
    .digest('hex')
    .toUpperCase();
  return { ...fields, sign };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value).trim()
    : '';
}
