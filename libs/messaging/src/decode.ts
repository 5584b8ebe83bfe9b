import { createHash } from 'node:crypto';
import { parseCloudEvent, peekType, readEvent, REFUSALS } from '@kyc-relay/contracts';
import type { Binding, Fact, Refusal } from './chunk';
import type { EventIdentity } from './inbox.repository';
import { isReadable, readHeaders, traceparentOf, type ReceivedMessage } from './message';

/** What a message turned out to be: another consumer's, one that is refused for its form, or a fact. */
export type Decoded =
  | { kind: 'FOREIGN' }
  | {
      kind: 'MALFORMED';
      message: ReceivedMessage;
      identity: EventIdentity;
      refusal: Refusal;
      replay: boolean;
    }
  | { kind: 'FACT'; message: ReceivedMessage; identity: EventIdentity; fact: Fact };

/** The headers that an event is told from others by, or stored and sent on with. */
const ATTRIBUTES = ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_subject'];

/** A malformed event has no identity of its own that could be trusted: its place in the topic is its identity. */
function placeOf(message: ReceivedMessage): EventIdentity {
  return { source: `kafka:${message.topic}`, id: `${message.partition}:${message.offset}` };
}

/** Judges a message by its form alone (`kyc-to-money-plus.md`, "Form before state"). */
export function decode(binding: Binding, message: ReceivedMessage): Decoded {
  const headers = readHeaders(message);
  if (binding.owns && !binding.owns(peekType(headers, message.value))) return { kind: 'FOREIGN' };
  const replay = headers['dlq-replay'] !== undefined;
  const malformed = (identity: EventIdentity, refusal: Refusal): Decoded => ({
    kind: 'MALFORMED',
    message,
    identity,
    refusal,
    replay,
  });
  const unreadable = ATTRIBUTES.find((name) => !isReadable(message, name));
  if (unreadable !== undefined)
    return malformed(placeOf(message), { code: REFUSALS.eventInvalid, detail: unreadable });
  const envelope = parseCloudEvent(headers, message.value);
  if (!envelope.ok)
    return malformed(placeOf(message), { code: REFUSALS.eventInvalid, detail: envelope.errors[0]?.field });
  const identity = { source: envelope.event.source, id: envelope.event.id };
  const key = message.key?.toString('utf8') ?? '';
  const read = readEvent(binding.contract, envelope.event, key);
  if (!read.ok) {
    // An unknown type in a sound envelope is one event, however often it comes; a malformed one may come corrected.
    const isKnownByName = read.code === REFUSALS.eventUnknownType;
    return malformed(isKnownByName ? identity : placeOf(message), { code: read.code, detail: read.detail });
  }
  const { id, source, type, time, subject, data } = read.event;
  const traceparent = traceparentOf(message);
  return {
    kind: 'FACT',
    message,
    identity,
    fact: { id, source, type, time, subject, data, key, replay, traceparent },
  };
}

/** The text under which a message's key is locked and parked: short, and fit for a Postgres text, whatever the key is. */
export function lockKeyOf(key: Buffer | null): string {
  if (key === null) return '';
  const text = key.toString('utf8');
  const isPlain = key.length <= 256 && !/[\u0000\ufffd]/.test(text);
  return isPlain ? text : `sha256:${createHash('sha256').update(key).digest('hex')}`;
}
