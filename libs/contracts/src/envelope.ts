import { Equals, IsOptional } from 'class-validator';
import type { CloudEvent } from './cloud-event';
import type { FieldError } from './problem';
import { parseTimestamp } from './rfc3339';
import { IsText, IsTimestamp } from './rules.decorator';
import { validateDto } from './validate';

/** What a reader of CloudEvents gives: the event, or all that is wrong with it. */
export type ParsedEvent = { ok: true; event: CloudEvent } | { ok: false; errors: FieldError[] };

/** The attributes of a CloudEvent that we read; all but `subject` are mandatory (kyc-to-money-plus.md, Form before state). */
export class EnvelopeDto {
  /** Version of CloudEvents. */
  @Equals('1.0', { message: 'must be 1.0' })
  specversion!: '1.0';

  /** Unique per source. */
  @IsText({ max: 256 })
  id!: string;

  /** Who publishes. */
  @IsText({ max: 256 })
  source!: string;

  /** What happened. */
  @IsText({ max: 256 })
  type!: string;

  /** When it happened: RFC 3339 with a zone. */
  @IsTimestamp()
  time!: string;

  /** What it is about. */
  @IsOptional()
  @IsText({ max: 256 })
  subject?: string;
}

/**
 * Reads one CloudEvent in JSON format, as it comes over HTTP or in Kafka's structured mode. Extension attributes are let
 * through; the content is not checked here.
 *
 * @param plain any JSON value
 * @returns the event, or errors with fields such as `id` and `time`
 */
export function parseEnvelope(plain: unknown): ParsedEvent {
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    return { ok: false, errors: [{ field: 'body', message: 'must be a CloudEvent in JSON format' }] };
  }
  const { data, ...attributes } = plain as Record<string, unknown>;
  if (attributes['data_base64'] !== undefined) {
    return { ok: false, errors: [{ field: 'data_base64', message: 'is not taken; send data as JSON' }] };
  }
  return parseAttributes(attributes, data);
}

/**
 * Checks the attributes of an event and joins them with its content.
 *
 * @param attributes the attributes by their names in CloudEvents, extensions included
 * @param data the content, not checked here
 */
export function parseAttributes(attributes: Record<string, unknown>, data: unknown): ParsedEvent {
  const checked = validateDto(EnvelopeDto, attributes, '', 'ignored');
  if (!checked.ok) return checked;
  const { id, source, type, time, subject } = checked.value;
  // The check of the field has parsed it already; the epoch only satisfies the type.
  return { ok: true, event: { id, source, type, time: parseTimestamp(time) ?? new Date(0), subject, data } };
}
