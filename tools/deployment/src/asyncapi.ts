import {
  ACCOUNT_EVENTS,
  CALLBACK_FINISHED,
  dlqOf,
  goldenMessage,
  jsonSchemaOf,
  KYC_CASE_EVENTS,
  KYC_USER_EVENTS,
  PAYEE_CHANGED_EVENTS,
  REVIEW_DECIDED_EVENTS,
  RISK_CASE_CHANGED_EVENTS,
  TOPIC_DECLARATIONS,
  type EventContract,
  type GoldenName,
  type JsonSchema,
  type TopicDeclaration,
} from '@kyc-relay/contracts';
import { stringify } from 'yaml';

/** Who writes and reads a topic, beside what its contract says. */
interface TopicStory {
  contract: EventContract;
  description: string;
  /** Services of ours; upstream writes a topic that none of them does. */
  writtenBy: readonly string[];
  readBy: readonly string[];
}

const STORIES: readonly TopicStory[] = [
  {
    contract: KYC_CASE_EVENTS,
    description: 'What upstream says about KYC cases, keyed by shopee_uid.',
    writtenBy: ['kyc-status-publisher'],
    readBy: ['kyc-status-publisher'],
  },
  {
    contract: ACCOUNT_EVENTS,
    description: 'What upstream says about wallet accounts, keyed by shopee_uid.',
    writtenBy: ['kyc-status-publisher'],
    readBy: ['kyc-status-publisher', 'ekyc-phone-change-consumer'],
  },
  {
    contract: KYC_USER_EVENTS,
    description: 'What changed about a user, in one order per user, keyed by shopee_uid.',
    writtenBy: ['kyc-status-publisher', 'ekyc-phone-change-consumer'],
    readBy: ['money-plus-callback'],
  },
  {
    contract: CALLBACK_FINISHED,
    description: 'Ends of callback tasks, keyed by shopee_uid.',
    writtenBy: ['money-plus-callback'],
    readBy: [],
  },
  {
    contract: PAYEE_CHANGED_EVENTS,
    description: 'Changes of payees, without personal values, keyed by customerNo.',
    writtenBy: ['payee-service'],
    readBy: ['review-notify-ingest'],
  },
  {
    contract: REVIEW_DECIDED_EVENTS,
    description: 'Steps of KYB and store reviews, keyed by merchantClientId.',
    writtenBy: ['review-notify-ingest'],
    readBy: ['payee-service'],
  },
  {
    contract: RISK_CASE_CHANGED_EVENTS,
    description: 'Risk cases that were found, or found changed, keyed by flowNo.',
    writtenBy: ['risk-case-sync'],
    readBy: [],
  },
];

const TEXT: JsonSchema = { type: 'string' };

/** The headers of CloudEvents 1.0 in Kafka's binary mode (platform.md, Messages we publish). */
const HEADERS = {
  type: 'object',
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: {
      ...TEXT,
      maxLength: 256,
      description: 'Unique per source; of ours a UUIDv7, event_id of the value.',
    },
    ce_source: { ...TEXT, maxLength: 256, description: 'Of ours /kyc-relay/<service>.' },
    ce_type: TEXT,
    ce_time: { ...TEXT, format: 'date-time' },
    ce_subject: { ...TEXT, description: 'The key.' },
    'content-type': { const: 'application/json' },
    traceparent: { ...TEXT, description: 'W3C trace context, when there is a trace.' },
  },
  required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time'],
};

/** Why a message is in a DLQ, beside its original headers (platform.md, Messaging). */
const DLQ_HEADERS = {
  type: 'object',
  properties: Object.fromEntries(
    ['reason', 'detail', 'service', 'attempts', 'topic', 'partition', 'offset', 'time'].map((name) => [
      `dlq-${name}`,
      TEXT,
    ]),
  ),
  required: ['dlq-reason', 'dlq-service', 'dlq-topic', 'dlq-partition', 'dlq-offset', 'dlq-time'],
};

/** The AsyncAPI 3.0 document of all topics, as `asyncapi.yaml` has it. */
export function writeAsyncApi(): string {
  const header =
    '# Written from libs/contracts by `npm run asyncapi`; a test says when it is not what they are.\n';
  return header + stringify(describeTopics(), { lineWidth: 120, aliasDuplicateObjects: false });
}

function describeTopics(): object {
  const messages = STORIES.flatMap(({ contract }) =>
    [...contract.types].map(([type, dto]) => [
      type,
      {
        name: type,
        contentType: 'application/json',
        headers: { $ref: '#/components/schemas/CloudEventHeaders' },
        payload: jsonSchemaOf(dto, contract.unknownFields),
        examples: [exampleOf(type as GoldenName)],
      },
    ]),
  );
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'kyc-relay',
      version: '1.0.0',
      description:
        'CloudEvents 1.0 in Kafka’s binary mode, at least once: a copy has the same ce_id and value. Order is that of the topic, per key.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(STORIES.flatMap(channelsOf)),
    operations: Object.fromEntries(STORIES.flatMap(operationsOf)),
    components: {
      schemas: { CloudEventHeaders: HEADERS, DeadLetterHeaders: DLQ_HEADERS },
      messages: {
        ...(Object.fromEntries(messages) as object),
        deadLetter: {
          name: 'dead letter',
          summary: 'A refused message as it came, key, value and headers, and why it was refused.',
          headers: { $ref: '#/components/schemas/DeadLetterHeaders' },
        },
      },
    },
  };
}

function channelsOf({ contract, description }: TopicStory): [string, object][] {
  const messages = Object.fromEntries(
    [...contract.types.keys()].map((type) => [type, { $ref: `#/components/messages/${type}` }]),
  );
  const dlq = dlqOf(contract.topic);
  return [
    [contract.topic, { address: contract.topic, description, messages, bindings: bindingOf(contract.topic) }],
    [
      dlq,
      {
        address: dlq,
        description: `Messages of ${contract.topic} that were refused.`,
        messages: { deadLetter: { $ref: '#/components/messages/deadLetter' } },
        bindings: bindingOf(dlq),
      },
    ],
  ];
}

function bindingOf(topic: string): object {
  const { partitions, retentionMs, config } = declarationOf(topic);
  return {
    kafka: {
      topic,
      partitions,
      topicConfiguration: {
        'cleanup.policy': ['delete'],
        'retention.ms': retentionMs,
        ...(config?.['max.message.bytes'] === undefined
          ? {}
          : { 'max.message.bytes': Number(config['max.message.bytes']) }),
      },
    },
  };
}

function declarationOf(topic: string): TopicDeclaration {
  const found = TOPIC_DECLARATIONS.find(({ name }) => name === topic);
  if (!found) throw new Error(`${topic} is declared nowhere`);
  return found;
}

function operationsOf({ contract, writtenBy, readBy }: TopicStory): [string, object][] {
  const channel = { $ref: `#/channels/${contract.topic}` };
  const operation = (service: string, action: 'send' | 'receive'): [string, object] => [
    `${service}.${action}.${contract.topic}`,
    { action, channel, summary: `${service} ${action === 'send' ? 'writes' : 'reads'} ${contract.topic}` },
  ];
  return [
    ...writtenBy.map((service) => operation(service, 'send')),
    ...readBy.map((service) => operation(service, 'receive')),
  ];
}

function exampleOf(type: GoldenName): object {
  const { headers, value } = goldenMessage(type);
  return { name: type, headers, payload: value };
}
