import { isUtf8 } from 'node:buffer';
import type { OutgoingMessage, WireMessage } from '@kyc-relay/outbox';
import { readTraceparent } from '@kyc-relay/telemetry';
import type { IHeaders, KafkaMessage } from 'kafkajs';

/** A message as it was received: bytes, and where it stood. */
export interface ReceivedMessage extends WireMessage {
  key: Buffer | null;
  partition: number;
  /** Kafka's 64-bit offset as a decimal text. */
  offset: string;
}

/** Takes kafkajs's message apart; headers without a value become empty. */
export function receive(topic: string, partition: number, message: KafkaMessage): ReceivedMessage {
  const { offset, key, value, headers = {} } = message;
  return { topic, partition, offset, key, value, headers: withValues(headers) };
}

/** The headers themselves where each has a value, as nearly always: they are read once, and a copy would cost as much. */
function withValues(headers: IHeaders): WireMessage['headers'] {
  if (Object.values(headers).every(isThere)) return headers as WireMessage['headers'];
  // From entries: an assignment would lose a header that is called `__proto__`.
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value ?? '']));
}

function isThere(value: IHeaders[string] | null): boolean {
  return value !== undefined && value !== null;
}

/** The headers as texts; of a repeated header the last counts, as in Kafka's own `lastHeader`. */
export function readHeaders(message: WireMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    headers[name] = lastOf(value).toString();
  }
  return headers;
}

/** The W3C trace context of a message, where it has one. */
export function traceparentOf(message: WireMessage): string | undefined {
  const header = message.headers['traceparent'];
  return header === undefined ? undefined : readTraceparent(lastOf(header).toString());
}

/** Whether a header, where it is there, is UTF-8; bytes that are not would all read alike. */
export function isReadable(message: WireMessage, name: string): boolean {
  const value = message.headers[name];
  if (value === undefined) return true;
  const last = lastOf(value);
  return typeof last === 'string' || isUtf8(last);
}

function lastOf(value: WireMessage['headers'][string]): Buffer | string {
  return Array.isArray(value) ? (value.at(-1) ?? '') : value;
}

/** Bytes that Kafka's record format adds to a message, and to each of its headers. */
const RECORD_BYTES = 30;
const HEADER_BYTES = 8;

/** About how many bytes a message takes in a record batch; rather more than fewer. */
export function wireSizeOf(message: OutgoingMessage): number {
  let bytes = RECORD_BYTES + sizeOf(message.key) + sizeOf(message.value);
  for (const [name, value] of Object.entries(message.headers))
    for (const one of Array.isArray(value) ? value : [value])
      bytes += HEADER_BYTES + sizeOf(name) + sizeOf(one);
  return bytes;
}

function sizeOf(part: Buffer | string | null): number {
  if (part === null) return 0;
  return typeof part === 'string' ? Buffer.byteLength(part) : part.length;
}
