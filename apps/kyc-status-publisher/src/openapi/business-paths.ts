import { jsonSchemaOf, SUBSCRIPTION_EVENTS, type JsonSchema } from '@kyc-relay/contracts';
import { answer, body, BUSINESS_SIGNATURE, objectOf, type Answer, type PathItem } from '@kyc-relay/http';
import { QueryFieldResultRequest, SubscriptionRequestBody } from '../inbound/business-calls.dto';

const RETCODE: JsonSchema = {
  type: 'integer',
  enum: [0, 1, 2, -1],
  description: '0 done, 1 a wrong field, 2 not authenticated, -1 our fault: try again.',
};
const REFUSAL = objectOf({ retcode: RETCODE, message: { type: 'string' } });
const STATUS: JsonSchema = { type: ['integer', 'null'], enum: [2, 3, 4, 5, null] };
const LEVEL: JsonSchema = { type: ['integer', 'null'], enum: [100, 200, 300, null] };
const STATE = {
  has_pending_case: { type: 'boolean' },
  spay_kyc_level: LEVEL,
  spay_kyc_client_status: STATUS,
  is_meet_business: { type: 'boolean' },
} satisfies Record<string, JsonSchema>;

const SUBSCRIPTION = objectOf({
  biz_id: { type: 'string' },
  shopee_uid: { type: 'string' },
  subscribed: { type: 'boolean' },
  events: { type: 'array', items: { type: 'string', enum: [...SUBSCRIPTION_EVENTS] } },
  current: objectOf({ version: { type: 'integer' }, ...STATE }),
});

/** The fields that the registry configures, and those that are always there. */
const FIELDS: JsonSchema = {
  ...objectOf({ ic_type: { type: ['string', 'null'] }, ...STATE }),
  additionalProperties: { type: ['string', 'null'] },
};

function success(data: JsonSchema): JsonSchema {
  return objectOf({ retcode: { const: 0 }, message: { const: 'success' }, data });
}

function refusal(description: string, retcode: number, message: string): Answer {
  return answer(description, REFUSAL, { retcode, message });
}

const REFUSALS: Record<string, Answer> = {
  '400': refusal(
    'A field is missing or wrong; nothing changed.',
    1,
    'shopee_uid must be 1 to 64 of letters, digits, _ and -',
  ),
  '401': refusal(
    'An unknown business, a bad signature, a stale timestamp or somebody else’s biz_id, all alike.',
    2,
    'unauthorized',
  ),
  '413': refusal('The body is over 1 MiB.', 1, 'payload too large'),
  '429': {
    ...refusal('Over the business’s requests_per_second.', 1, 'try again in 1 s'),
    headers: { 'Retry-After': { description: 'Seconds until one passes.', schema: { type: 'integer' } } },
  },
  '503': refusal('Our store is away; nothing changed.', -1, 'service unavailable'),
};

/** What businesses call, signed (kyc-to-money-plus.md, Subscription and Query). */
export const BUSINESS_PATHS: Record<string, PathItem> = {
  '/v1/subscriptions': {
    post: {
      operationId: 'subscribe',
      summary: 'Sets or takes away what the business is called back for',
      description:
        'Idempotent. A repeated webhook-id with the same body gets its first answer again, with another body 400.',
      tags: ['partners'],
      security: BUSINESS_SIGNATURE,
      requestBody: body(jsonSchemaOf(SubscriptionRequestBody), {
        action: 'SUBSCRIBE',
        biz_id: 'MONEY_PLUS',
        shopee_uid: '10086_a',
        events: ['KYC_STATUS_CHANGED'],
      }),
      responses: {
        '200': answer('What is subscribed to now, and the state as of now.', success(SUBSCRIPTION), {
          retcode: 0,
          message: 'success',
          data: {
            biz_id: 'MONEY_PLUS',
            shopee_uid: '10086_a',
            subscribed: true,
            events: ['KYC_STATUS_CHANGED'],
            current: {
              version: 2,
              spay_kyc_client_status: 3,
              spay_kyc_level: 300,
              is_meet_business: true,
              has_pending_case: false,
            },
          },
        }),
        ...REFUSALS,
      },
    },
  },
  '/v1/kyc/query-field-result': {
    post: {
      operationId: 'queryFieldResult',
      summary: 'The fields that the business may know of a user',
      tags: ['partners'],
      security: BUSINESS_SIGNATURE,
      requestBody: body(jsonSchemaOf(QueryFieldResultRequest), {
        biz_id: 'MONEY_PLUS',
        shopee_uid: '10086_a',
      }),
      responses: {
        '200': answer('Nulls and false for a user whom we do not know.', success(FIELDS), {
          retcode: 0,
          message: 'success',
          data: {
            name: 'Tan Ah Kow',
            ic_type: 'NRIC',
            has_pending_case: false,
            spay_kyc_level: 300,
            spay_kyc_client_status: 3,
            is_meet_business: true,
          },
        }),
        ...REFUSALS,
      },
    },
  },
};
