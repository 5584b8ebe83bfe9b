import type { JsonSchema } from '@kyc-relay/contracts';
import type { Answer, Content, Parameter } from './document';

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** Credentials of an operation: a token with a role of ours. */
export const BEARER = [{ bearer: [] }];

/** Credentials of a business: both of its signatures, or the one where the registry says that it is enough. */
export const BUSINESS_SIGNATURE = [
  { businessClient: [], businessSignature: [], webhookSignature: [] },
  { businessClient: [], businessSignature: [] },
];

/** A JSON body with an example. */
export function json(schema: JsonSchema, example: unknown): Record<string, Content> {
  return { 'application/json': { schema, example } };
}

/** A body of a request that must be there. */
export function body(
  schema: JsonSchema,
  example: unknown,
): { required: true; content: Record<string, Content> } {
  return { required: true, content: json(schema, example) };
}

/** A good answer. */
export function answer(description: string, schema: JsonSchema, example: unknown): Answer {
  return { description, content: json(schema, example) };
}

/** An answer in `application/problem+json`. */
export function problem(status: number, code: string, title: string, description: string, more = {}): Answer {
  const example = { type: `urn:kyc-relay:problem:${code}`, title, status, ...more };
  return { description, content: { 'application/problem+json': { schema: PROBLEM, example } } };
}

const RETRY_AFTER = { description: 'Seconds until it is worth another try.', schema: { type: 'integer' } };

/** 400 that names a field. */
export function badRequestAnswer(field: string, message: string): Answer {
  return problem(
    400,
    'bad-request',
    'The request is not valid',
    'A field is missing or wrong; nothing was done.',
    {
      errors: [{ field, message }],
    },
  );
}

/** What any call with a bearer token may be answered beside its own: 401, 403 and 503. */
export function bearerAnswers(role: string): Record<string, Answer> {
  return {
    '401': problem(401, 'access.unauthenticated', 'Unauthorized', 'No token that we know.', {
      detail: 'a valid bearer token is needed',
    }),
    '403': problem(403, 'access.forbidden', 'Forbidden', 'A token of another role.', {
      detail: `the role ${role} is needed`,
    }),
    '503': unavailableAnswer(),
  };
}

/** 413, told already by the declared length. */
export function tooLargeAnswer(): Answer {
  return problem(
    413,
    'payload-too-large',
    'Payload Too Large',
    'The body is over the limit; it was not read.',
  );
}

/** 429 of a partner over its rate. */
export function rateLimitedAnswer(): Answer {
  return {
    ...problem(429, 'rate-limited', 'Too Many Requests', 'Over requests_per_second of the registry.', {
      detail: 'try again in 1 s',
    }),
    headers: { 'Retry-After': RETRY_AFTER },
  };
}

/** 503 while a store is away. */
export function unavailableAnswer(): Answer {
  return {
    ...problem(503, 'service-unavailable', 'Service Unavailable', 'A store is away; nothing was lost.'),
    headers: { 'Retry-After': RETRY_AFTER },
  };
}

/** The parameters of a query, from the schema of its DTO. */
export function queryParameters(schema: JsonSchema, examples: Record<string, unknown> = {}): Parameter[] {
  return Object.entries(schema.properties ?? {}).map(([name, own]) => ({
    name,
    in: 'query',
    required: schema.required?.includes(name) ?? false,
    schema: own,
    ...(name in examples ? { example: examples[name] } : {}),
  }));
}

/** A parameter of the path. */
export function pathParameter(name: string, schema: JsonSchema, example: string): Parameter {
  return { name, in: 'path', required: true, schema, example };
}

/** A page: items and how to go on. */
export function pageOf(item: JsonSchema, more: Record<string, JsonSchema> = {}): JsonSchema {
  return objectOf({
    ...more,
    items: { type: 'array', items: item },
    next_cursor: { type: ['string', 'null'], description: 'Null on the last page.' },
  });
}

/** An object whose fields are all there, but the optional ones. */
export function objectOf(
  properties: Record<string, JsonSchema>,
  optional: readonly string[] = [],
): JsonSchema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
  };
}
