import type { JsonSchema } from '@kyc-relay/contracts';
import { answer, body, objectOf, type Answer, type PathItem } from '@kyc-relay/http';
import { MOST_ROWS } from '../domain/case-query';
import { NOT_SIGNED, SUCCESS } from '../inbound/answers';

const TEXT: JsonSchema = { type: 'string' };
const LIST: JsonSchema = { type: 'string', description: 'One, or several with commas between; empty: all.' };
const TIME: JsonSchema = {
  type: 'string',
  pattern: String.raw`^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?)?$`,
  description: 'In the time zone of the acquirer, included; empty: no bound.',
};
const SIGN: JsonSchema = {
  type: 'string',
  pattern: '^[0-9A-Fa-f]{32}$',
  description:
    'Upper-case hex MD5 of the canonical text followed by the access key: keys sorted, sign and whatever is empty left out, k=v joined with &; a nested object is its own canonical text, an array its elements’, joined with &.',
};
const FLOW_NO = '202304101015136891000451934';

const QUERY: JsonSchema = objectOf(
  {
    accessid: TEXT,
    sign: SIGN,
    flowNo: LIST,
    firstLevelAgentNum: { ...TEXT, description: 'An agent that the client may see.' },
    mercNum: LIST,
    flowStatus: { ...LIST, description: 'DTJ, DSH, SHTG, HT or any other; several with commas between.' },
    createTimeBegin: TIME,
    createTimeEnd: TIME,
    beginLine: { type: 'integer', minimum: 1, description: 'The number of the page.' },
    pageSize: { type: 'integer', minimum: 1, maximum: MOST_ROWS },
  },
  ['flowNo', 'mercNum', 'flowStatus', 'createTimeBegin', 'createTimeEnd'],
);

const ROW: JsonSchema = {
  type: 'object',
  description: 'The case as the acquirer last gave it, fields that it does not document included.',
  properties: {
    flowNo: TEXT,
    flowStatus: TEXT,
    createTime: TEXT,
    detailList: { type: 'array', items: { type: 'object' } },
    approveList: { type: 'array', items: { type: 'object' } },
    caseImgList: { type: 'array', items: { type: 'object' } },
  },
  additionalProperties: true,
};

const FOUND = objectOf(
  {
    respCode: { type: 'string', enum: ['00', '99'] },
    respMsg: {
      ...TEXT,
      description: 'With 99: the field that is wrong; every authentication failure names sign.',
    },
    respData: objectOf({
      list: { type: 'array', items: ROW },
      totalCount: { type: 'integer', description: 'All cases that match.' },
    }),
  },
  ['respData'],
);

const REFUSED = objectOf({ respCode: { const: '99' }, respMsg: TEXT });

function refused(description: string, respMsg: string): Answer {
  return answer(description, REFUSED, { respCode: '99', respMsg });
}

const PUSH: JsonSchema = {
  ...objectOf(
    {
      flowNo: { ...TEXT, maxLength: 128, description: 'One case, without a comma.' },
      flowStatus: TEXT,
      firstLevelAgentNum: {
        ...TEXT,
        description: 'Mandatory without a signature for a case that is not known.',
      },
      measure: TEXT,
      remark: TEXT,
      accessid: TEXT,
      sign: {
        ...SIGN,
        description: `${SIGN.description ?? ''} May be absent for agents whose registry entry says so.`,
      },
    },
    ['firstLevelAgentNum', 'measure', 'remark', 'accessid', 'sign'],
  ),
  additionalProperties: true,
};

const FAIL = objectOf({ return_code: { const: 'FAIL' }, return_msg: { ...TEXT, maxLength: 128 } });

function failed(description: string, message: string): Answer {
  return answer(description, FAIL, { return_code: 'FAIL', return_msg: message });
}

/** What clients and the acquirer call (risk-cases.md, Serve and Push). */
export const PARTNER_PATHS: Record<string, PathItem> = {
  '/v1/risk-cases/query': {
    post: {
      operationId: 'queryRiskCases',
      summary: 'The acquirer’s query, answered from our copy.',
      description:
        'A client of the acquirer can be pointed here unchanged. Newest first by createTime, then flowNo. Always 200 but for 413, 429 and 503. Authenticated by accessid and sign in the body.',
      tags: ['partners'],
      security: [],
      requestBody: body(QUERY, {
        accessid: '4028805b6e86d179016e874f6c4200ad',
        sign: '8F55AB2023BA6A3C40476F80CDA1F0AB',
        flowNo: '',
        firstLevelAgentNum: 'FW1000251',
        mercNum: '',
        flowStatus: '',
        createTimeBegin: '',
        createTimeEnd: '',
        beginLine: 1,
        pageSize: 20,
      }),
      responses: {
        '200': {
          description: 'A page of cases, or why there is none.',
          content: {
            'application/json': {
              schema: FOUND,
              examples: {
                found: {
                  value: {
                    respMsg: '成功',
                    respData: {
                      list: [{ flowNo: FLOW_NO, flowStatus: 'DSH', createTime: '2023-04-10 10:15:14' }],
                      totalCount: 1,
                    },
                    respCode: '00',
                  },
                },
                refused: {
                  value: { respCode: '99', respMsg: 'pageSize must be a whole number from 1 to 100' },
                },
                notSigned: { value: NOT_SIGNED },
              },
            },
          },
        },
        '413': refused('The body is over 1 MiB; it was not read.', 'payload too large'),
        '429': refused(
          'Over requests_per_second of the registry; Retry-After says when.',
          'try again in 1 s',
        ),
        '503': refused('Our store is away.', 'service unavailable'),
      },
    },
  },
  '/v1/notify/risk-cases': {
    post: {
      operationId: 'pushRiskCase',
      summary: 'The acquirer tells of a case.',
      description:
        'A hint: it is kept, and the case is read back from the acquirer. With sign it must verify; without, the agent’s registry entry must allow it and the source address. A body of the last 24 hours changes nothing.',
      tags: ['partners'],
      security: [],
      requestBody: body(PUSH, {
        flowNo: FLOW_NO,
        flowStatus: 'SHTG',
        firstLevelAgentNum: 'FW1000251',
        measure: '2,4',
      }),
      responses: {
        '200': answer('It is durable.', objectOf({ return_code: { const: 'SUCCESS' } }), SUCCESS),
        '400': failed('A field is missing or wrong.', 'flowNo must be one number, without a comma'),
        '401': failed('Not authentic, whatever the reason.', 'not authentic'),
        '413': failed('The body is over 1 MiB; it was not read.', 'payload too large'),
        '429': failed(
          'Over push_requests_per_second of the registry; Retry-After says when.',
          'try again in 1 s',
        ),
        '503': failed('Our store is away; nothing was taken.', 'service unavailable'),
      },
    },
  },
};
