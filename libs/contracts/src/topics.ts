/** The Kafka topics of the house, by what they carry. A name is a contract and never changes; a new shape gets a new `v`. */
export const TOPICS = {
  /** KYC case facts from upstream, keyed by `shopee_uid` (kyc-to-money-plus.md, Input). */
  kycCaseEvents: 'kyc.case-events.v1',
  /** Wallet account facts from upstream, keyed by `shopee_uid` (kyc-to-money-plus.md, Input). */
  accountEvents: 'account.events.v1',
  /** What changed about a user, in one order per user (kyc-to-money-plus.md, Output). */
  kycUserEvents: 'kyc.user-events.v1',
  /** Ends of callback tasks, keyed by `shopee_uid` (kyc-to-money-plus.md, Output). */
  moneyPlusCallbackFinished: 'money-plus.callback-finished.v1',
  /** Changes of payees, keyed by `customerNo` (payees.md). */
  payeeChanged: 'payee.changed.v1',
  /** Review results, keyed by `merchantClientId` (review-notify.md). */
  reviewDecided: 'review.decided.v1',
  /** Changes of risk cases, keyed by `flowNo` (risk-cases.md). */
  riskCaseChanged: 'risk.case-changed.v1',
} as const;

/** The name of one of our topics, dead-letter topics not included. */
export type TopicName = (typeof TOPICS)[keyof typeof TOPICS];

/** What `npm run topics` creates. */
export interface TopicDeclaration {
  /** Name of the topic. */
  name: string;
  /** Number of partitions locally; of a keyed topic it never changes, or the order per key would break. */
  partitions: number;
  /** How long a message is kept, in milliseconds. */
  retentionMs: number;
  /** Further topic settings as Kafka names them. */
  config?: Record<string, string>;
}

const DAY_MS = 86_400_000;
const PARTITIONS = 6;
/** Shorter than the inbox keeps ids (14 days), so that a message read again is always recognised. */
const RETENTION_MS = 7 * DAY_MS;
const DLQ_RETENTION_MS = 30 * DAY_MS;
/** 2 MiB: twice the broker's default, so that any input fits together with the headers that say why it is here. */
const DLQ_MAX_MESSAGE_BYTES = String(2 * 1024 * 1024);

/**
 * Names the dead-letter topic of a topic.
 *
 * @param topic name of an input topic
 * @returns name of the topic that takes its refused messages
 */
export function dlqOf(topic: string): string {
  return `${topic}.dlq`;
}

/** Every topic of the house, each with its dead-letter topic (platform.md, Messaging). */
export const TOPIC_DECLARATIONS: readonly TopicDeclaration[] = Object.values(TOPICS).flatMap((name) => [
  { name, partitions: PARTITIONS, retentionMs: RETENTION_MS, config: { 'cleanup.policy': 'delete' } },
  {
    name: dlqOf(name),
    partitions: PARTITIONS,
    retentionMs: DLQ_RETENTION_MS,
    config: { 'cleanup.policy': 'delete', 'max.message.bytes': DLQ_MAX_MESSAGE_BYTES },
  },
]);
