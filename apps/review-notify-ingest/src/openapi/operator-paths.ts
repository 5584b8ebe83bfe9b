import { jsonSchemaOf, REVIEW_KINDS, type JsonSchema } from '@kyc-relay/contracts';
import {
  answer,
  badRequestAnswer,
  BEARER,
  bearerAnswers,
  objectOf,
  pageOf,
  pathParameter,
  problem,
  queryParameters,
  type PathItem,
} from '@kyc-relay/http';
import { ReviewHistoryQuery, ReviewListQuery } from '../inbound/review-query.dto';

const TEXT: JsonSchema = { type: 'string' };
const TIME: JsonSchema = { type: 'string', format: 'date-time' };
const COMMENT: JsonSchema = { type: ['string', 'null'], description: 'Null once the payee was deleted.' };
const STORE_IDS = { accId: TEXT, merchantAccId: TEXT };

const REVIEW_FIELDS: Record<string, JsonSchema> = {
  kind: { type: 'string', enum: [...REVIEW_KINDS] },
  bizType: TEXT,
  bizId: TEXT,
  institutionId: TEXT,
  subClientId: TEXT,
  merchantClientId: TEXT,
  ...STORE_IDS,
  status: { type: 'string', description: 'Of the latest step.' },
  comment: COMMENT,
  sequence: { type: 'integer', description: 'Number of the latest step, from 1 without gaps.' },
  first_seen_at: TIME,
  received_at: TIME,
};

const STEP = objectOf(
  {
    sequence: { type: 'integer' },
    event_id: { type: 'string', format: 'uuid' },
    status: TEXT,
    comment: COMMENT,
    ...STORE_IDS,
    received_at: TIME,
    late_repeats: {
      type: 'integer',
      description: 'How often it came again after a newer step, within a day.',
    },
    last_late_repeat_at: { type: ['string', 'null'], format: 'date-time' },
    message: {
      type: ['object', 'null'],
      description:
        'What the partner sent, unknown fields included, without sign, identity numbers masked; null once the payee was deleted.',
    },
  },
  Object.keys(STORE_IDS),
);

const REVIEW_EXAMPLE = {
  kind: 'KYB',
  bizType: 'SM_KYC_REVIEW',
  bizId: 'SM2022071120365810274',
  institutionId: '2022070222130610237',
  subClientId: 'SM2022071120365810274',
  merchantClientId: 'ws0002',
  status: 'MODIFY',
  comment: '请重新提交',
  sequence: 1,
  first_seen_at: '2022-10-26T07:03:20.000Z',
  received_at: '2022-10-26T07:03:20.000Z',
};

const STEP_EXAMPLE = {
  sequence: 1,
  event_id: '01841259-6ef8-7000-8000-000000000031',
  status: 'MODIFY',
  comment: '请重新提交',
  received_at: '2022-10-26T07:03:20.000Z',
  late_repeats: 0,
  last_late_repeat_at: null,
  message: {
    bizId: 'SM2022071120365810274',
    status: 'MODIFY',
    reviewDetail: { personReviewResult: [{ customerId: 778, idCardNumber: '********3213' }] },
  },
};

/** What operators see of reviews (review-notify.md, Output). */
export const OPERATOR_PATHS: Record<string, PathItem> = {
  '/v1/reviews': {
    get: {
      operationId: 'listReviews',
      summary: 'Reviews as their latest steps leave them, the newest review first',
      tags: ['operators'],
      security: BEARER,
      parameters: queryParameters(jsonSchemaOf(ReviewListQuery), {
        merchantClientId: 'ws0002',
        status: 'PENDING',
      }),
      responses: {
        '200': answer('A page.', pageOf(objectOf(REVIEW_FIELDS, Object.keys(STORE_IDS))), {
          items: [REVIEW_EXAMPLE],
          next_cursor: null,
        }),
        '400': badRequestAnswer('kind', `must be one of ${REVIEW_KINDS.join(', ')}`),
        ...bearerAnswers('viewer'),
      },
    },
  },
  '/v1/reviews/{bizType}/{bizId}': {
    get: {
      operationId: 'readReview',
      summary: 'One review with its steps, the oldest first',
      description: 'The history comes whole; limit and cursor page it for who wants that.',
      tags: ['operators'],
      security: BEARER,
      parameters: [
        pathParameter('bizType', TEXT, 'SM_KYC_REVIEW'),
        pathParameter('bizId', TEXT, 'SM2022071120365810274'),
        ...queryParameters(jsonSchemaOf(ReviewHistoryQuery)),
      ],
      responses: {
        '200': answer(
          'The review.',
          objectOf(
            {
              ...REVIEW_FIELDS,
              history: { type: 'array', items: STEP },
              next_cursor: { type: ['string', 'null'], description: 'Null on the last page.' },
            },
            Object.keys(STORE_IDS),
          ),
          { ...REVIEW_EXAMPLE, history: [STEP_EXAMPLE], next_cursor: null },
        ),
        '400': badRequestAnswer('institutionId', 'must be given: several institutions have this review'),
        '404': problem(404, 'review.unknown', 'Not Found', 'There is no such review.', {
          detail: 'there is no such review',
        }),
        ...bearerAnswers('viewer'),
      },
    },
  },
};
