import type { ReviewFields } from './review-sign';

/** The documentation's example of a KYB review; what is given replaces fields of it. */
export function kybReview(fields: ReviewFields = {}): ReviewFields {
  return {
    bizId: 'SM2022071120365810274',
    bizType: 'SM_KYC_REVIEW',
    comment: '请重新提交',
    merchantClientId: 'ws0002',
    reviewDetail: {
      additionalInfo: {
        comment: '需要传附件',
        needAdditionalInfos: ['银行开户许可证或银行流水', '股权架构申请', '拒付能力证明'],
        status: 'FAILED',
      },
      companyReviewResult: { comment: '证件图片有无关水印', status: 'FAILED' },
      personReviewResult: [
        {
          comment: '居住填写不够详细（请精确至街道号如居住地没有街道的请填写至村）',
          customerId: 749,
          customerType: 1,
          idCardNumber: '123123123',
          status: 'FAILED',
        },
        {
          comment: '申请人未成年',
          customerId: 778,
          customerType: 2,
          idCardNumber: '123123123213',
          status: 'FAILED',
        },
        {
          comment: '提交证件与需要提交的证件不匹配',
          customerId: 779,
          customerType: 3,
          idCardNumber: '123123123123',
          status: 'FAILED',
        },
      ],
    },
    status: 'MODIFY',
    subClientId: 'SM2022071120365810274',
    ...fields,
  };
}

/** The documentation's example of a store review; what is given replaces fields of it. */
export function storeReview(fields: ReviewFields = {}): ReviewFields {
  return {
    accId: '2022070222130610237524',
    bizId: '2022070222130610237524',
    bizType: 'SM_STORE_REVIEW',
    comment: '上传身份证件为无关图片',
    merchantAccId: 'MAC10003',
    merchantClientId: 'ws0002',
    status: 'PENDING',
    subClientId: 'SM2022071120365810274',
    ...fields,
  };
}
