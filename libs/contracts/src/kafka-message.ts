import { isUtf8 } from 'node:buffer';
import type { CloudEvent } from './cloud-event';
import { parseAttributes, parseEnvelope, type ParsedEvent } from './envelope';
import type { FieldError } from './problem';

/** The headers of a Kafka message as texts. */
export type KafkaHeaders = Readonly<Record<string, string | undefined>>;

const STRUCTURED_JSON = /^application\/cloudevents\+json\s*(?:;|$)/i;
const CLOUD_EVENTS = /^application\/cloudevents/i;
const PREFIX = 'ce_';

/**
 * Reads a CloudEvent from a Kafka message: binary mode, where the attributes are `ce_` headers and the value is the
 * content, or structured mode, where `content-type` is `application/cloudevents+json` and the value is the whole event.
 * The content is not checked here.
 *
 * @param headers the headers as texts
 * @param value the bytes; null and empty are an event without content
 * @returns the event, or errors whose fields are `ce_id`, ... in binary mode and `id`, ... in structured mode
 */
export function parseCloudEvent(headers: KafkaHeaders, value: Buffer | null): ParsedEvent {
  const contentType = headers['content-type'] ?? '';
  if (STRUCTURED_JSON.test(contentType)) {
    const json = parseJson(value);
    return json.ok ? parseEnvelope(json.value) : invalid({ field: 'body', message: NOT_JSON });
  }
  if (CLOUD_EVENTS.test(contentType)) {
    return invalid({
      field: 'content-type',
      message: 'must be application/json or application/cloudevents+json',
    });
  }
  const json = parseJson(value);
  const parsed = parseAttributes(attributesOf(headers), json.value);
  if (!parsed.ok) {
    return { ok: false, errors: parsed.errors.map((error) => ({ ...error, field: PREFIX + error.field })) };
  }
  return json.ok ? parsed : invalid({ field: 'data', message: NOT_JSON });
}

/**
 * Reads the type of an event as far as it can be read, without checking anything else: it says whose message this is, also
 * when the message is malformed.
 *
 * @param headers the headers as texts
 * @param value the bytes
 * @returns the type, or undefined where none can be read
 */
export function peekType(headers: KafkaHeaders, value: Buffer | null): string | undefined {
  if (!STRUCTURED_JSON.test(headers['content-type'] ?? '')) return headers['ce_type'];
  try {
    const envelope = JSON.parse(value?.toString('utf8') ?? '') as { type?: unknown } | null;
    return typeof envelope?.type === 'string' ? envelope.type : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Builds the headers of an event in Kafka's binary mode.
 *
 * @param event the attributes of the event
 */
export function binaryHeaders(event: Omit<CloudEvent, 'data'>): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: event.source,
    ce_type: event.type,
    ce_time: event.time.toISOString(),
    ...(event.subject === undefined ? {} : { ce_subject: event.subject }),
    'content-type': 'application/json',
  };
}

const NOT_JSON = 'must be JSON in UTF-8';

function attributesOf(headers: KafkaHeaders): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const name of Object.keys(headers)) {
    if (name.startsWith(PREFIX)) attributes[name.slice(PREFIX.length)] = headers[name];
  }
  return attributes;
}

function parseJson(value: Buffer | null): { ok: boolean; value: unknown } {
  if (value === null || value.length === 0) return { ok: true, value: undefined };
  if (!isUtf8(value)) return { ok: false, value: undefined };
  try {
    return { ok: true, value: JSON.parse(value.toString('utf8')) };
  } catch {
    return { ok: false, value: undefined };
  }
}

function invalid(error: FieldError): ParsedEvent {
  return { ok: false, errors: [error] };
}
