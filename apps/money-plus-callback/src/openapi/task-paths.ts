import { jsonSchemaOf, type JsonSchema } from '@kyc-relay/contracts';
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
import { ERROR_CLASSES } from '../domain/judge-answer';
import { TASK_KINDS, TASK_STATES } from '../domain/task';
import { ListTasksDto } from '../inbound/callback-tasks.dto';

const TEXT: JsonSchema = { type: 'string' };
const TIME: JsonSchema = { type: 'string', format: 'date-time' };
const TIME_OR_NULL: JsonSchema = { type: ['string', 'null'], format: 'date-time' };

const TASK_FIELDS: Record<string, JsonSchema> = {
  task_id: { type: 'string', format: 'uuid' },
  event_id: { type: 'string', format: 'uuid' },
  biz_id: TEXT,
  shopee_uid: TEXT,
  kind: { type: 'string', enum: [...TASK_KINDS] },
  state: { type: 'string', enum: [...TASK_STATES] },
  attempt_count: { type: 'integer' },
  next_attempt_at: {
    ...TIME_OR_NULL,
    description: 'Null unless the task is the first of its lane and waits.',
  },
  created_at: TIME,
  finished_at: TIME_OR_NULL,
};

const ATTEMPT = objectOf({
  number: { type: 'integer' },
  started_at: TIME,
  duration_ms: { type: 'integer' },
  http_status: { type: ['integer', 'null'] },
  retcode: { type: ['number', 'null'] },
  error: { type: ['string', 'null'], enum: [...ERROR_CLASSES, null] },
  response_prefix: { type: ['string', 'null'] },
});

/** A task as every answer shows it. */
export const TASK = objectOf(TASK_FIELDS);

/** A task that was refused twice. */
export const TASK_EXAMPLE = {
  task_id: '01841259-6ef8-7000-8000-0000000000a1',
  event_id: '01841259-6ef8-7000-8000-000000000001',
  biz_id: 'MONEY_PLUS',
  shopee_uid: '10086_a',
  kind: 'STATUS',
  state: 'PENDING',
  attempt_count: 2,
  next_attempt_at: '2022-10-26T03:34:29.000Z',
  created_at: '2022-10-26T03:34:23.120Z',
  finished_at: null,
};

/** The task that a path names. */
export const TASK_ID = pathParameter('task_id', { type: 'string', format: 'uuid' }, TASK_EXAMPLE.task_id);

/** 404. */
export const UNKNOWN_TASK = problem(404, 'callback.unknown-task', 'Not Found', 'There is no such task.', {
  detail: 'there is no such task',
});

/** What operators see of callbacks (kyc-to-money-plus.md, Operator API). */
export const TASK_PATHS: Record<string, PathItem> = {
  '/v1/callback-tasks': {
    get: {
      operationId: 'listCallbackTasks',
      summary: 'Tasks, newest first',
      tags: ['operators'],
      security: BEARER,
      parameters: queryParameters(jsonSchemaOf(ListTasksDto), {
        state: 'FAILED',
        biz_id: 'MONEY_PLUS',
        from: '2022-10-26T00:00:00Z',
      }),
      responses: {
        '200': answer('A page.', pageOf(TASK), { items: [TASK_EXAMPLE], next_cursor: null }),
        '400': badRequestAnswer('state', `must be one of ${TASK_STATES.join(', ')}`),
        ...bearerAnswers('viewer'),
      },
    },
  },
  '/v1/callback-tasks/{task_id}': {
    get: {
      operationId: 'readCallbackTask',
      summary: 'One task with its attempts',
      tags: ['operators'],
      security: BEARER,
      parameters: [TASK_ID],
      responses: {
        '200': answer(
          'The task.',
          objectOf({ ...TASK_FIELDS, attempts: { type: 'array', items: ATTEMPT } }),
          {
            ...TASK_EXAMPLE,
            attempts: [
              {
                number: 1,
                started_at: '2022-10-26T03:34:23.200Z',
                duration_ms: 12,
                http_status: 404,
                retcode: null,
                error: 'HTTP_STATUS',
                response_prefix: 'not found',
              },
            ],
          },
        ),
        '400': badRequestAnswer('task_id', 'must be a UUID'),
        '404': UNKNOWN_TASK,
        ...bearerAnswers('viewer'),
      },
    },
  },
};
