import { jsonSchemaOf, type DtoClass, type JsonSchema } from '@kyc-relay/contracts';
import {
  answer,
  badRequestAnswer,
  BEARER,
  bearerAnswers,
  body,
  objectOf,
  problem,
  type Answer,
  type Operation,
  type PathItem,
} from '@kyc-relay/http';
import {
  CancelTaskDto,
  CancelTasksDto,
  RedriveTaskDto,
  RedriveTasksDto,
} from '../inbound/callback-tasks.dto';
import { TASK, TASK_EXAMPLE, TASK_ID, UNKNOWN_TASK } from './task-paths';

const COUNT: JsonSchema = { type: 'integer' };
const REASON = 'the endpoint is mended';
const FILTER = { state: 'FAILED', biz_id: 'MONEY_PLUS' };

function bulkAnswer(done: 'redriven' | 'cancelled'): Answer {
  return answer(
    'What was found and done, at most 1,000 tasks a call; with dry_run what would be.',
    objectOf({
      matched: COUNT,
      [done]: COUNT,
      refused: {
        type: 'array',
        items: objectOf({ task_id: { type: 'string' }, reason: { type: 'string' } }),
      },
    }),
    {
      matched: 2,
      [done]: 1,
      refused: [{ task_id: TASK_EXAMPLE.task_id, reason: 'callback.superseded' }],
    },
  );
}

function action(
  operationId: string,
  summary: string,
  dto: DtoClass,
  example: object,
  responses: Record<string, Answer>,
): Operation {
  return {
    operationId,
    summary,
    tags: ['operators'],
    security: BEARER,
    requestBody: body(jsonSchemaOf(dto), example),
    responses: {
      ...responses,
      '400': badRequestAnswer('reason', 'must not be blank'),
      ...bearerAnswers('operator'),
    },
  };
}

function conflict(code: string, detail: string): Answer {
  return problem(409, code, 'Conflict', 'The task is not in a state for it; type says which.', { detail });
}

/** What operators do to callbacks; each is audited with its reason (kyc-to-money-plus.md, Operator API). */
export const ACTION_PATHS: Record<string, PathItem> = {
  '/v1/callback-tasks/{task_id}/redrive': {
    post: {
      ...action(
        'redriveTask',
        'Sends an ended task again, at the end of its lane',
        RedriveTaskDto,
        { reason: REASON },
        {
          '202': answer('The task, pending again.', TASK, TASK_EXAMPLE),
          '404': UNKNOWN_TASK,
          '409': conflict(
            'callback.superseded',
            'a later change of the same user and kind was delivered or is pending',
          ),
        },
      ),
      parameters: [TASK_ID],
    },
  },
  '/v1/callback-tasks/{task_id}/cancel': {
    post: {
      ...action(
        'cancelTask',
        'Ends a pending task; during a call, after it',
        CancelTaskDto,
        { reason: 'sent by hand' },
        {
          '200': answer('The task.', TASK, {
            ...TASK_EXAMPLE,
            state: 'CANCELLED',
            next_attempt_at: null,
            finished_at: '2022-10-26T03:40:00.000Z',
          }),
          '404': UNKNOWN_TASK,
          '409': conflict('callback.not-pending', 'the task has ended'),
        },
      ),
      parameters: [TASK_ID],
    },
  },
  '/v1/callback-tasks/redrive': {
    post: action(
      'redriveTasks',
      'Sends ended tasks again, by filter',
      RedriveTasksDto,
      { filter: FILTER, reason: REASON, dry_run: true },
      {
        '200': bulkAnswer('redriven'),
      },
    ),
  },
  '/v1/callback-tasks/cancel': {
    post: action(
      'cancelTasks',
      'Ends pending tasks, by filter',
      CancelTasksDto,
      { filter: { shopee_uid: '10086_a' }, reason: 'the user left' },
      {
        '200': bulkAnswer('cancelled'),
      },
    ),
  },
};
