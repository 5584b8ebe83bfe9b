import { jsonSchemaOf, PAYEE_FIELDS, PAYEE_STATUSES, type JsonSchema } from '@kyc-relay/contracts';
import {
  answer,
  badRequestAnswer,
  BEARER,
  bearerAnswers,
  body,
  objectOf,
  pageOf,
  pathParameter,
  problem,
  queryParameters,
  type PathItem,
} from '@kyc-relay/http';
import { ChangeStatusDto, ListPayeesDto, PageDto } from '../inbound/operator.dto';

const TEXT: JsonSchema = { type: 'string' };
const TIME: JsonSchema = { type: 'string', format: 'date-time' };
const NUMBER: JsonSchema = { type: 'string', pattern: '^[0-9]{22}$' };
const STATUS: JsonSchema = { type: 'string', enum: [...PAYEE_STATUSES] };
const CUSTOMER_NO = pathParameter('customerNo', NUMBER, '2000305228294092293550');

const MASKED_PAYEE = objectOf(
  {
    customerNo: NUMBER,
    merchantNo: TEXT,
    storeNo: TEXT,
    payeeStatus: STATUS,
    version: { type: 'integer' },
    createdTime: TIME,
    updatedTime: TIME,
    ...Object.fromEntries(PAYEE_FIELDS.map((field) => [field, TEXT])),
  },
  ['country', 'customerCode', 'phone', 'street2', 'company'],
);
const PAYEE = {
  customerNo: '2000305228294092293550',
  merchantNo: '202333',
  storeNo: '301854',
  payeeStatus: 'Pending',
  version: 2,
  createdTime: '2022-10-31T06:40:20.000Z',
  updatedTime: '2022-10-31T07:12:45.250Z',
  customerCode: '******8337',
  dateOfBirth: '******1-01',
  governmentId: '**************4493',
  governmentIdType: 'ID_CARD',
  lastName: '*',
  firstName: '*',
  email: '*****************a.io',
  phone: '******7890',
  zip: '******',
  country: '中国',
  countryCode: 'CN',
  state: '**',
  city: '**',
  street: '**',
  profileType: 'INDIVIDUAL',
  lang: 'zh_CN',
};

const REVIEW = objectOf({
  institutionId: TEXT,
  bizType: TEXT,
  bizId: TEXT,
  sequence: { type: 'integer' },
  status: TEXT,
});
const ENTRY = objectOf(
  {
    at: TIME,
    type: { type: 'string', enum: ['REGISTERED', 'UPDATED', 'STATUS_CHANGED', 'DELETED', 'REVIEW_KEPT'] },
    version: { type: 'integer' },
    payeeStatus: STATUS,
    source: { type: 'string', enum: ['PARTNER', 'OPERATOR', 'REVIEW'] },
    by: { type: 'string', description: 'The store, the operator’s name or the institution.' },
    reason: {
      type: 'string',
      description: 'An operator’s reason, or why a review result was kept without effect.',
    },
    review: REVIEW,
    changes: {
      type: 'array',
      items: objectOf({ field: TEXT, from: { type: ['string', 'null'] }, to: { type: ['string', 'null'] } }, [
        'from',
        'to',
      ]),
    },
  },
  ['reason', 'review'],
);

const NOT_FOUND = problem(404, 'payee.unknown', 'Not Found', 'There is no such payee.', {
  detail: 'there is no such payee',
});

/** The operators' API on payees (payees.md, Status). */
export const OPERATOR_PATHS: Record<string, PathItem> = {
  '/v1/payees': {
    get: {
      operationId: 'listPayees',
      summary: 'Payees that are not deleted, in the order of their numbers, masked',
      tags: ['operators'],
      security: BEARER,
      parameters: queryParameters(jsonSchemaOf(ListPayeesDto), { status: 'Pending', merchantNo: '202333' }),
      responses: {
        '200': answer('A page.', pageOf(MASKED_PAYEE), { items: [PAYEE], next_cursor: null }),
        '400': badRequestAnswer('status', 'must be one of Unverified, Pending, ...'),
        ...bearerAnswers('viewer'),
      },
    },
  },
  '/v1/payees/{customerNo}/history': {
    get: {
      operationId: 'readPayeeHistory',
      summary: 'What happened to a payee, oldest first, masked; of a deleted one without values',
      tags: ['operators'],
      security: BEARER,
      parameters: [CUSTOMER_NO, ...queryParameters(jsonSchemaOf(PageDto))],
      responses: {
        '200': answer('A page.', pageOf(ENTRY, { customerNo: NUMBER }), {
          customerNo: PAYEE.customerNo,
          items: [
            {
              at: '2022-10-31T07:12:45.250Z',
              type: 'UPDATED',
              version: 2,
              payeeStatus: 'Unverified',
              source: 'PARTNER',
              by: '301854',
              changes: [{ field: 'phone', from: '******7890', to: '******7891' }],
            },
          ],
          next_cursor: null,
        }),
        '400': badRequestAnswer('cursor', 'must be the next_cursor of an earlier answer'),
        '404': NOT_FOUND,
        ...bearerAnswers('viewer'),
      },
    },
  },
  '/v1/payees/{customerNo}/status': {
    post: {
      operationId: 'changePayeeStatus',
      summary: 'Moves a payee, audited',
      tags: ['operators'],
      security: BEARER,
      parameters: [CUSTOMER_NO],
      requestBody: body(jsonSchemaOf(ChangeStatusDto), {
        status: 'Pending',
        reason: 'the agreement is signed',
      }),
      responses: {
        '200': answer('The payee as it is now, masked.', MASKED_PAYEE, PAYEE),
        '400': badRequestAnswer('reason', 'must not be blank'),
        '404': NOT_FOUND,
        '409': problem(
          409,
          'payee.impossible-move',
          'Conflict',
          'The payee cannot move there from where it is.',
          {
            detail: 'a payee cannot move from Unverified to Activated',
          },
        ),
        ...bearerAnswers('operator'),
      },
    },
  },
};
