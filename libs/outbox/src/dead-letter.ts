import type { KeyRing } from '@kyc-relay/crypto';

/** A Kafka message as bytes; headers may repeat. */
export interface WireMessage {
  topic: string;
  key: Buffer | string | null;
  value: Buffer | null;
  headers: Record<string, Buffer | string | (Buffer | string)[]>;
}

/** A refused or parked message on its way to its DLQ, with its original bytes. */
export interface DeadLetter extends WireMessage {
  eventId: string;
  /** The text under which its place in the order is locked; '' for a message without a readable key. */
  lockKey: string;
}

type Header = string | string[];

interface Envelope {
  k: string | null;
  v: string | null;
  h: Record<string, Header>;
}

function toBase64(value: Buffer | string): string {
  return Buffer.from(value).toString('base64');
}

/** Keeps any bytes exactly: key, value and headers in base64 inside one JSON text. */
export function packMessage(message: WireMessage): string {
  // From entries: an assignment would lose a header that is called `__proto__`.
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]): [string, Header] => [
      name,
      Array.isArray(value) ? value.map(toBase64) : toBase64(value),
    ]),
  );
  const envelope: Envelope = {
    k: message.key === null ? null : toBase64(message.key),
    v: message.value === null ? null : toBase64(message.value),
    h: headers,
  };
  return JSON.stringify(envelope);
}

/** The message that {@link packMessage} packed, for `topic`. */
export function unpackMessage(topic: string, packed: string): WireMessage {
  const envelope = JSON.parse(packed) as Envelope;
  const headers = Object.fromEntries(
    Object.entries(envelope.h).map(([name, value]): [string, Buffer | Buffer[]] => [
      name,
      Array.isArray(value) ? value.map((one) => Buffer.from(one, 'base64')) : Buffer.from(value, 'base64'),
    ]),
  );
  return {
    topic,
    key: envelope.k === null ? null : Buffer.from(envelope.k, 'base64'),
    value: envelope.v === null ? null : Buffer.from(envelope.v, 'base64'),
    headers,
  };
}

/** Where a sealed outbox payload belongs; a row copied elsewhere does not open. */
function placeOf(schema: string, eventId: string): { table: string; column: string; row: string } {
  return { table: `${schema}.outbox`, column: 'payload', row: eventId };
}

export function sealDeadLetter(keyRing: KeyRing, schema: string, letter: DeadLetter): Buffer {
  return keyRing.seal(packMessage(letter), placeOf(schema, letter.eventId));
}

/** @throws the key ring's typed error when the row was tampered with or its key is gone. */
export function openDeadLetter(
  keyRing: KeyRing,
  schema: string,
  row: { eventId: string; topic: string; payload: Buffer },
): WireMessage {
  return unpackMessage(row.topic, keyRing.open(row.payload, placeOf(schema, row.eventId)).toString('utf8'));
}
