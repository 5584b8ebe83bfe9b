import {
  jsonSchemaOf,
  MAX_FLOW_NO_LENGTH,
  RISK_CASE_SOURCES,
  RiskCaseChangeDto,
  type JsonSchema,
} from '@kyc-relay/contracts';
import {
  answer,
  badRequestAnswer,
  BEARER,
  bearerAnswers,
  body,
  objectOf,
  pageOf,
  pathParameter,
  queryParameters,
  type PathItem,
} from '@kyc-relay/http';
import { ListRunsDto, PageDto, StartRunsDto } from '../inbound/operators.dto';

const TEXT: JsonSchema = { type: 'string' };
const TIME: JsonSchema = { type: 'string', format: 'date-time' };
const COUNT: JsonSchema = { type: 'integer', minimum: 0 };
const UUID: JsonSchema = { type: 'string', format: 'uuid' };

const RUN = objectOf({
  run_id: UUID,
  firstLevelAgentNum: TEXT,
  state: { type: 'string', enum: ['RUNNING', 'DONE', 'INCOMPLETE', 'FAILED'] },
  started_at: TIME,
  finished_at: { type: ['string', 'null'], format: 'date-time' },
  requests: COUNT,
  rows: COUNT,
  opened: { ...COUNT, description: 'Cases that were not known.' },
  changed: COUNT,
  odd_rows: { ...COUNT, description: 'Rows that are no case; kept aside.' },
  escaped_rows: { ...COUNT, description: 'Rows with NUL or half a surrogate.' },
  missing: { ...COUNT, description: 'Cases that the acquirer no longer returns, seen for the first time.' },
  gaps: { ...COUNT, description: 'Windows of creation times that were read with a gap.' },
  windows_left: { ...COUNT, description: 'Windows that a run still has to read.' },
  lag_seconds: {
    type: ['integer', 'null'],
    description: 'How old the copy was at the end, or is now; null before the first.',
  },
  errors: { type: 'array', items: objectOf({ code: TEXT, count: COUNT }) },
});

const ENTRY = objectOf({
  event_id: UUID,
  version: { type: 'integer', minimum: 1 },
  source: { type: 'string', enum: [...RISK_CASE_SOURCES] },
  observed_at: TIME,
  changes: { type: 'array', items: jsonSchemaOf(RiskCaseChangeDto) },
});

/** What our operators call (risk-cases.md, Serve). */
export const OPERATOR_PATHS: Record<string, PathItem> = {
  '/v1/sync-runs': {
    post: {
      operationId: 'startSyncRuns',
      summary: 'Pulls an agent’s cases now, or those of all agents.',
      description: 'Wakes a run that waits after failures, joins one that works. Role operator; audited.',
      tags: ['operators'],
      security: BEARER,
      requestBody: body(jsonSchemaOf(StartRunsDto), {
        reason: 'asked by risk',
        firstLevelAgentNum: 'FW1000251',
      }),
      responses: {
        '202': answer('The runs.', objectOf({ run_ids: { type: 'array', items: UUID } }), {
          run_ids: ['018b41c5-9f00-7000-8000-000000000001'],
        }),
        '400': badRequestAnswer('firstLevelAgentNum', 'must be an agent of the registry'),
        ...bearerAnswers('operator'),
      },
    },
    get: {
      operationId: 'listSyncRuns',
      summary: 'Runs, newest first.',
      tags: ['operators'],
      security: BEARER,
      parameters: queryParameters(jsonSchemaOf(ListRunsDto), { firstLevelAgentNum: 'FW1000251' }),
      responses: {
        '200': answer('A page of runs.', pageOf(RUN), {
          items: [
            {
              run_id: '018b41c5-9f00-7000-8000-000000000001',
              firstLevelAgentNum: 'FW1000251',
              state: 'DONE',
              started_at: '2023-10-18T02:13:00.000Z',
              finished_at: '2023-10-18T02:13:02.500Z',
              requests: 12,
              rows: 231,
              opened: 3,
              changed: 5,
              odd_rows: 0,
              escaped_rows: 0,
              missing: 0,
              gaps: 0,
              windows_left: 0,
              lag_seconds: 2,
              errors: [{ code: 'HTTP_500', count: 1 }],
            },
          ],
          next_cursor: null,
        }),
        '400': badRequestAnswer('cursor', 'must be the next_cursor of an earlier answer'),
        ...bearerAnswers('viewer'),
      },
    },
  },
  '/v1/risk-cases/{flowNo}/history': {
    get: {
      operationId: 'readRiskCaseHistory',
      summary: 'What changed in a case, oldest first, masked.',
      tags: ['operators'],
      security: BEARER,
      parameters: [
        pathParameter('flowNo', { ...TEXT, maxLength: MAX_FLOW_NO_LENGTH }, '202304101015136891000451934'),
        ...queryParameters(jsonSchemaOf(PageDto)),
      ],
      responses: {
        '200': answer('A page of changes; none for a case that is not known.', pageOf(ENTRY), {
          items: [
            {
              event_id: '018b41c5-9f00-7000-8000-000000000001',
              version: 2,
              source: 'PULL',
              observed_at: '2023-10-18T02:13:00.000Z',
              changes: [{ what: 'STATUS', field: 'flowStatus', from: 'HT', to: 'DSH' }],
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
