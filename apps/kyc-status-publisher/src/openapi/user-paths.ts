import type { JsonSchema } from '@kyc-relay/contracts';
import {
  answer,
  badRequestAnswer,
  BEARER,
  bearerAnswers,
  BUSINESS_SIGNATURE,
  objectOf,
  pageOf,
  pathParameter,
  rateLimitedAnswer,
  type PathItem,
} from '@kyc-relay/http';

const TEXT: JsonSchema = { type: 'string' };
const UID = pathParameter('shopee_uid', { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' }, '10086_a');

const ENTRY = objectOf(
  {
    shopee_uid: TEXT,
    biz_id: TEXT,
    decision: { type: 'string', enum: ['CONSENT', 'POPUP', 'REGISTER', 'EKYC_FLOW'] },
    steps: { type: 'array', items: TEXT, description: 'Of CONSENT.' },
    kyc_status: { type: ['integer', 'null'], description: 'Of POPUP.' },
    tag: { type: 'string', enum: ['BANNED', 'PENDING_FULL', 'PENDING_EKYC'], description: 'Of POPUP.' },
    action: { type: 'string', enum: ['CONTACT_SUPPORT', 'WAIT'], description: 'Of POPUP.' },
  },
  ['steps', 'kyc_status', 'tag', 'action'],
);

const HISTORY = objectOf(
  {
    at: { type: 'string', format: 'date-time' },
    ce_id: { type: ['string', 'null'] },
    type: TEXT,
    decision: { type: 'string', enum: ['APPLIED', 'IGNORED', 'REFUSED'] },
    reason: TEXT,
    by: TEXT,
    changes: { type: 'array', items: { type: 'object' }, description: 'Values masked.' },
    callbacks: { type: 'array', items: TEXT, description: 'The event_id of each callback it causes.' },
  },
  ['reason', 'by'],
);

/** What is shown of one user (kyc-to-money-plus.md, Query and entry). */
export const USER_PATHS: Record<string, PathItem> = {
  '/v1/users/{shopee_uid}/entry': {
    get: {
      operationId: 'readEntry',
      summary: 'What the app shows a user who enters a business',
      description:
        'Signed by the business, which signs the path with its query; or a viewer’s token and biz_id.',
      tags: ['partners', 'operators'],
      security: [...BUSINESS_SIGNATURE, ...BEARER],
      parameters: [
        UID,
        {
          name: 'biz_id',
          in: 'query',
          description: 'Mandatory with a token; the signer’s own otherwise.',
          schema: TEXT,
          example: 'MONEY_PLUS',
        },
      ],
      responses: {
        '200': answer('The decision.', ENTRY, {
          shopee_uid: '10086_a',
          biz_id: 'MONEY_PLUS',
          decision: 'POPUP',
          kyc_status: 2,
          tag: 'PENDING_EKYC',
          action: 'WAIT',
        }),
        '400': badRequestAnswer('biz_id', 'must be one business of the registry'),
        '429': rateLimitedAnswer(),
        ...bearerAnswers('viewer'),
      },
    },
  },
  '/v1/users/{shopee_uid}/history': {
    get: {
      operationId: 'readUserHistory',
      summary: 'What happened to a user and why, oldest first, values masked',
      tags: ['operators'],
      security: BEARER,
      parameters: [
        UID,
        { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 200 }, example: 50 },
        { name: 'cursor', in: 'query', description: 'next_cursor of the page before.', schema: TEXT },
      ],
      responses: {
        '200': answer('A page.', pageOf(HISTORY, { shopee_uid: TEXT }), {
          shopee_uid: '10086_a',
          items: [
            {
              at: '2022-10-26T03:34:23.120Z',
              ce_id: '6a1d3c52-1f5e-4f0c-9d55-0c6e4a3b2f10',
              type: 'kyc.case.submitted',
              decision: 'APPLIED',
              changes: [{ field: 'pending.name', from: null, to: '******* Kow' }],
              callbacks: [],
            },
          ],
          next_cursor: null,
        }),
        '400': badRequestAnswer('limit', 'must be a whole number from 1 to 200'),
        ...bearerAnswers('viewer'),
      },
    },
  },
};
