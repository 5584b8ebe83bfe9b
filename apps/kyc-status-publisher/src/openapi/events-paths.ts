import { EnvelopeDto, INPUT_CONTRACTS, jsonSchemaOf, type JsonSchema } from '@kyc-relay/contracts';
import {
  answer,
  BEARER,
  bearerAnswers,
  objectOf,
  problem,
  tooLargeAnswer,
  type Answer,
  type PathItem,
} from '@kyc-relay/http';
import { MAX_EVENTS } from '../domain/event-batch';

const ENVELOPE = jsonSchemaOf(EnvelopeDto, 'ignored');
const TYPES = INPUT_CONTRACTS.flatMap(({ types }) => [...types]);

/** An event in CloudEvents' JSON format; its type decides what its data is. */
const EVENT: JsonSchema = {
  ...ENVELOPE,
  description: 'A CloudEvent; other attributes are let through. Its type decides what data holds.',
  properties: { ...ENVELOPE.properties, data: { type: 'object' } },
  required: [...(ENVELOPE.required ?? []), 'data'],
  oneOf: TYPES.map(([type, dto]) => ({
    properties: { type: { const: type }, data: jsonSchemaOf(dto) },
  })),
};

const SUBMITTED = {
  specversion: '1.0',
  id: '6a1d3c52-1f5e-4f0c-9d55-0c6e4a3b2f10',
  source: '/upstream/kyc',
  type: 'kyc.case.submitted',
  time: '2022-10-26T03:34:23Z',
  data: {
    shopee_uid: '10086_a',
    case_id: 'case-1',
    level: 300,
    info: { name: 'Tan Ah Kow', ic_type: 'NRIC' },
  },
};
const APPROVED = {
  specversion: '1.0',
  id: '9f0b6a1e-7a35-49d8-8a4b-3b0f8f3f9a11',
  source: '/upstream/kyc',
  type: 'kyc.case.approved',
  time: '2022-10-26T03:40:00Z',
  data: { shopee_uid: '10086_a', case_id: 'case-1', decided_by: 'OPS' },
};

const REFUSED: Answer = problem(
  400,
  'bad-request',
  'The request is not valid',
  'An event is malformed or of an unknown type; none of the request was taken.',
  {
    errors: [
      { index: 0, field: 'data.level', message: 'must be one of the following values: 100, 200, 300' },
    ],
  },
);

/** The HTTP way onto the input topics (kyc-to-money-plus.md, Input). */
export const EVENTS_PATHS: Record<string, PathItem> = {
  '/v1/events': {
    post: {
      operationId: 'publishEvents',
      summary: 'Appends one event or a batch to the input topics, keyed by user',
      description: `At most ${MAX_EVENTS} events and 1 MiB; all or none of a malformed request. Needs the role publisher.`,
      tags: ['partners'],
      security: BEARER,
      requestBody: {
        required: true,
        content: {
          'application/cloudevents+json': { schema: EVENT, example: SUBMITTED },
          'application/cloudevents-batch+json': {
            schema: { type: 'array', items: EVENT, maxItems: MAX_EVENTS },
            example: [SUBMITTED, APPROVED],
          },
        },
      },
      responses: {
        '202': answer('All in-sync replicas have them.', objectOf({ accepted: { type: 'integer' } }), {
          accepted: 2,
        }),
        '400': REFUSED,
        '413': tooLargeAnswer(),
        '415': problem(415, 'unsupported-media-type', 'Unsupported Media Type', 'Another content type.', {
          detail: 'send application/cloudevents+json or application/cloudevents-batch+json',
        }),
        ...bearerAnswers('publisher'),
        '503': {
          ...bearerAnswers('publisher')['503'],
          description: 'The broker is away: none, some or all may have been taken; repeat with the same ids.',
        },
      },
    },
  },
};
