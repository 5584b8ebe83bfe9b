import type { JsonSchema } from '@kyc-relay/contracts';
import type { OpenApiDocument, PathItem } from './document';
import { OPERATIONS_PATHS } from './operations-paths';

/** What a service's document says beside what all of them say. */
export interface OpenApiParts {
  /** The service's name. */
  title: string;
  /** What the service is for, in a sentence or two. */
  description: string;
  /** The service's own paths, as its controllers declare them, parameters in braces. */
  paths: Record<string, PathItem>;
}

const PROBLEM: JsonSchema = {
  type: 'object',
  description: 'RFC 9457; errors names each wrong field, never its value.',
  properties: {
    type: { type: 'string', description: 'urn:kyc-relay:problem:<code>' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          index: { type: 'integer', description: 'which element of a batch, from 0' },
          field: { type: 'string' },
          message: { type: 'string' },
        },
        required: ['field', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status'],
};

/** How callers prove who they are (platform.md, Security and Partner registry). */
const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', description: 'An API token; its role decides what it may do.' },
  businessClient: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Airpay-ClientId',
    description: 'The biz_id of the business that signs.',
  },
  businessSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Airpay-Req-H',
    description: 'base64(HMAC-SHA256(secret, body)); of a GET its path with query is signed.',
  },
  webhookSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description:
      'Standard Webhooks, with webhook-id and webhook-timestamp: v1, and base64(HMAC-SHA256(secret, id.timestamp.body)).',
  },
} as const;

/** The document of a service: its own paths, and what every service serves. Only the schemes that are used are named. */
export function createOpenApi({ title, description, paths }: OpenApiParts): OpenApiDocument {
  const all = { ...paths, ...OPERATIONS_PATHS };
  const operations = Object.values(all).flatMap((path) => Object.values(path));
  const used = new Set(operations.flatMap(({ security }) => security.flatMap((one) => Object.keys(one))));
  return {
    openapi: '3.1.0',
    info: { title, version: '1.0.0', description },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    tags: [
      { name: 'partners', description: 'What partners and upstream systems call.' },
      { name: 'operators', description: 'What our operators call, with a bearer token.' },
      { name: 'operations', description: 'What Kubernetes and Prometheus ask.' },
    ],
    paths: all,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: Object.fromEntries(
        Object.entries(SECURITY_SCHEMES).filter(([name]) => used.has(name)),
      ),
    },
  };
}
