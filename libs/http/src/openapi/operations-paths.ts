import type { JsonSchema } from '@kyc-relay/contracts';
import type { Answer, PathItem } from './document';

const REPORT: JsonSchema = {
  type: 'object',
  properties: {
    ok: { type: 'boolean' },
    checks: {
      type: 'object',
      description: 'For each dependency ok, or a short reason without addresses.',
      additionalProperties: { type: 'string' },
    },
  },
  required: ['ok', 'checks'],
};

function report(description: string, example: { ok: boolean; checks: Record<string, string> }): Answer {
  return { description, content: { 'application/json': { schema: REPORT, example } } };
}

/** What every service serves beside its own paths. */
export const OPERATIONS_PATHS: Record<string, PathItem> = {
  '/livez': {
    get: {
      operationId: 'live',
      summary: 'Whether the process is to be left running',
      tags: ['operations'],
      security: [],
      responses: {
        '200': report('It lives.', { ok: true, checks: { 'kafka-fetch': 'ok' } }),
        '503': report('It is stuck; start it again.', { ok: false, checks: { 'kafka-fetch': 'stuck' } }),
      },
    },
  },
  '/readyz': {
    get: {
      operationId: 'ready',
      summary: 'Whether the process may be sent work',
      tags: ['operations'],
      security: [],
      responses: {
        '200': report('Ready; a dependency that it can do without for now is named.', {
          ok: true,
          checks: { postgres: 'ok', kafka: 'unreachable' },
        }),
        '503': report('Not ready.', { ok: false, checks: { postgres: 'no answer in time', kafka: 'ok' } }),
      },
    },
  },
  '/metrics': {
    get: {
      operationId: 'scrape',
      summary: 'Metrics for Prometheus',
      tags: ['operations'],
      security: [],
      responses: {
        '200': {
          description: 'The text format of Prometheus.',
          content: {
            'text/plain': {
              schema: { type: 'string' },
              example: 'relay_outbox_backlog{context="kyc"} 0\n',
            },
          },
        },
      },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'describe',
      summary: 'This document',
      tags: ['operations'],
      security: [],
      responses: {
        '200': {
          description: 'OpenAPI 3.1.',
          content: { 'application/json': { schema: { type: 'object' }, example: { openapi: '3.1.0' } } },
        },
      },
    },
  },
};
