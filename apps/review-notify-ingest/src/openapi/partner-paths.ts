import { jsonSchemaOf, type JsonSchema } from '@kyc-relay/contracts';
import {
  badRequestAnswer,
  tooLargeAnswer,
  type Answer,
  type PathItem,
  unavailableAnswer,
} from '@kyc-relay/http';
import { KIND_OF_BIZ_TYPE } from '../domain/notification';
import { NOTIFY_PATH } from '../inbound/answers';
import { KybNotificationBody, StoreNotificationBody } from '../inbound/notification.dto';

const SIGNATURE: Record<string, JsonSchema> = {
  signType: { type: 'string', const: 'MD5' },
  sign: {
    type: 'string',
    pattern: '^[0-9a-fA-F]{32}$',
    description:
      'Hex MD5 of the institution’s salt and, right behind it, bizId, bizType, institutionId, signType and subClientId: trimmed, those not blank, sorted by name, k=v joined with &.',
  },
};

function messageOf(dto: Parameters<typeof jsonSchemaOf>[0], bizType: string): JsonSchema {
  const schema = jsonSchemaOf(dto);
  return {
    ...schema,
    properties: { ...schema.properties, bizType: { type: 'string', const: bizType }, ...SIGNATURE },
    required: [...(schema.required ?? []), 'sign', 'signType'],
    // Kept and shown in the history, not published.
    additionalProperties: true,
  };
}

const [KYB_TYPE = '', STORE_TYPE = ''] = KIND_OF_BIZ_TYPE.keys();

const KYB_EXAMPLE = {
  bizId: 'SM2022071120365810274',
  bizType: KYB_TYPE,
  comment: '请重新提交',
  institutionId: '2022070222130610237',
  merchantClientId: 'ws0002',
  reviewDetail: {
    companyReviewResult: { comment: '证件图片有无关水印', status: 'FAILED' },
    personReviewResult: [
      {
        comment: '申请人未成年',
        customerId: 778,
        customerType: 2,
        idCardNumber: '123123123213',
        status: 'FAILED',
      },
    ],
    additionalInfo: { comment: '需要传附件', needAdditionalInfos: ['股权架构申请'], status: 'FAILED' },
  },
  sign: '848721687CC1F868B88936435CE27FFC',
  signType: 'MD5',
  status: 'MODIFY',
  subClientId: 'SM2022071120365810274',
};

const STORE_EXAMPLE = {
  accId: '2022070222130610237524',
  bizId: '2022070222130610237524',
  bizType: STORE_TYPE,
  institutionId: '2022070222130610237',
  comment: '上传身份证件为无关图片',
  merchantAccId: 'MAC10003',
  merchantClientId: 'ws0002',
  sign: '90A2F1E468B9E7873CF799954FC0F271',
  signType: 'MD5',
  status: 'PENDING',
  subClientId: 'SM2022071120365810274',
};

/** The header that says when it is worth another try. */
const { headers: RETRY_AFTER = {} } = unavailableAnswer();

/** A plain word of the partner's. */
function word(description: string, text: string): Answer {
  return {
    description,
    content: { 'text/plain': { schema: { type: 'string', const: text }, example: text } },
  };
}

/** A refusal that is explained where `Accept` names JSON. */
function explained(answer: Answer): Answer {
  return { ...answer, content: { ...word('', 'FAIL').content, ...answer.content } };
}

/** The partner's notifications (review-notify.md). */
export const PARTNER_PATHS: Record<string, PathItem> = {
  [NOTIFY_PATH]: {
    post: {
      operationId: 'notifyReview',
      summary: 'Takes a step of a KYB or store review, once',
      description:
        'Answered SUCCESS once it is committed, and again for what was taken before. Unknown fields are kept. The signature stands in the body, where OpenAPI has no word for it; the source address counts too.',
      tags: ['partners'],
      security: [],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              oneOf: [messageOf(KybNotificationBody, KYB_TYPE), messageOf(StoreNotificationBody, STORE_TYPE)],
            },
            examples: {
              kyb: { summary: 'a KYB review', value: KYB_EXAMPLE },
              store: { summary: 'a store review', value: STORE_EXAMPLE },
            },
          },
        },
      },
      responses: {
        '200': word('Taken, or taken before.', 'SUCCESS'),
        '400': explained(badRequestAnswer('bizType', 'must be SM_KYC_REVIEW or SM_STORE_REVIEW')),
        '401': word(
          'No signature, a bad one, an unknown institution or an address that is not listed.',
          'FAIL',
        ),
        '413': explained(tooLargeAnswer()),
        '429': { ...word('Over requests_per_second of the registry.', 'FAIL'), headers: RETRY_AFTER },
        '503': { ...word('The store is away; send it again.', 'FAIL'), headers: RETRY_AFTER },
      },
    },
  },
};
