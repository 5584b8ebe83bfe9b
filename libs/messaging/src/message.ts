import type { WireMessage } from '@kyc-relay/outbox';
import type { KafkaMessage } from 'kafkajs';

/** A message as it was received: bytes, and where it stood. */
export interface ReceivedMessage extends WireMessage {
  key: Buffer | null;
  partition: number;
  /** Kafka's 64-bit offset as a decimal text. */
  offset: string;
}

/** Takes kafkajs's message apart; headers without a value become empty. */
export function receive(topic: string, partition: number, message: KafkaMessage): ReceivedMessage {
  const headers: WireMessage['headers'] = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) headers[name] = value ?? '';
  return { topic, partition, offset: message.offset, key: message.key, value: message.value, headers };
}

/** The headers as texts; of a repeated header the last counts, as in Kafka's own `lastHeader`. */
export function readHeaders(message: WireMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    headers[name] = last === undefined ? '' : last.toString();
  }
  return headers;
}
