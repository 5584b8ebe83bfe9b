import type { UpstreamEvent } from './upstream-event';

/** How an event is laid out in a Kafka message. */
export type EventMode = 'binary' | 'structured';

/** One Kafka message; any field may be bad on purpose. */
export interface RawMessage {
  topic: string;
  key: string | Buffer | null;
  value: string | Buffer | null;
  headers?: Record<string, string>;
  /** Sent there whatever the key; left out: murmur2 of the key. */
  partition?: number;
}

/** The event in the envelope of CloudEvents 1.0, structured JSON mode. */
export function toEnvelope(event: UpstreamEvent): Record<string, unknown> {
  return {
    specversion: '1.0',
    id: event.id,
    source: event.source,
    type: event.type,
    time: event.time,
    subject: event.key,
    datacontenttype: 'application/json',
    data: event.data,
  };
}

/** The event as a Kafka message keyed by `shopee_uid`; `headers` come on top, such as a `traceparent`. */
export function toKafkaMessage(
  event: UpstreamEvent,
  mode: EventMode = 'binary',
  headers: Record<string, string> = {},
): RawMessage {
  if (mode === 'structured') {
    return {
      topic: event.topic,
      key: event.key,
      value: JSON.stringify(toEnvelope(event)),
      headers: { 'content-type': 'application/cloudevents+json', ...headers },
    };
  }
  return {
    topic: event.topic,
    key: event.key,
    value: JSON.stringify(event.data),
    headers: {
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_source: event.source,
      ce_type: event.type,
      ce_time: event.time,
      ce_subject: event.key,
      'content-type': 'application/json',
      ...headers,
    },
  };
}
