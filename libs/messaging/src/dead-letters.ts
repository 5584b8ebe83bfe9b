import { newEventId } from '@kyc-relay/contracts';
import type { DeadLetter } from '@kyc-relay/outbox';
import type { Refusal } from './chunk';
import { lockKeyOf } from './decode';
import type { ReceivedMessage } from './message';

/** The DLQ of a topic. */
export function dlqOf(topic: string): string {
  return `${topic}.dlq`;
}

/** Headers that a DLQ adds and a replay takes off again. */
export function isDlqHeader(name: string): boolean {
  return name.startsWith('dlq-');
}

/** The DLQ message of a refused one: its bytes as they came, with the reason in headers (`platform.md`, Messaging). */
export function toDeadLetter(
  message: ReceivedMessage,
  refusal: Refusal,
  context: { service: string; attempts: number; now: Date },
): DeadLetter {
  const original = Object.fromEntries(Object.entries(message.headers).filter(([name]) => !isDlqHeader(name)));
  return {
    topic: dlqOf(message.topic),
    eventId: newEventId(),
    lockKey: lockKeyOf(message.key),
    key: message.key,
    value: message.value,
    headers: {
      ...original,
      'dlq-reason': refusal.code,
      'dlq-detail': refusal.detail ?? '',
      'dlq-service': context.service,
      'dlq-attempts': String(context.attempts),
      'dlq-topic': message.topic,
      'dlq-partition': String(message.partition),
      'dlq-offset': message.offset,
      'dlq-time': context.now.toISOString(),
    },
  };
}
