import type { KeyRing } from '@kyc-relay/crypto';
import type { PreparedStatement } from '@kyc-relay/persistence';
import { sealDeadLetter, type DeadLetter } from './dead-letter';
import type { LockedKeys } from './locked-keys';

/** A fact on its way out: one CloudEvent, still unserialised. */
export interface OutboxMessage {
  topic: string;
  /** The Kafka key; its lock must be held. */
  key: string;
  /** `ce_type`. */
  type: string;
  /** UUIDv7; the same in `ce_id` and in the value's `event_id`. */
  eventId: string;
  /** `ce_time`: when the fact was decided. */
  time: Date;
  /** The value; serialised here, once, and never again. */
  value: object;
  /** W3C trace context, where there is one. */
  traceparent?: string | undefined;
}

/** A broker takes 1 MiB by default, headers and overhead included; what is larger must fail where it is made. */
const MAX_PAYLOAD_BYTES = 900_000;

/** Thrown when a payload is too large to be published; the transaction that made it must not commit. */
export class PayloadTooLarge extends Error {
  readonly code = 'outbox.payload-too-large';
}

/** The way out of a service: rows written in the caller's transaction, published by the relay. */
export class Outbox {
  private readonly insert: PreparedStatement;
  private readonly insertSealed: string;
  private onCommitted: () => void = () => undefined;

  /**
   * @param schema the context's Postgres schema
   * @param source `ce_source` of what this service publishes, `/kyc-relay/<service>`
   * @param keyRing seals dead letters, which may hold identity numbers
   */
  constructor(
    private readonly schema: string,
    private readonly source: string,
    private readonly keyRing: KeyRing,
  ) {
    // `order by ordinality` makes ids follow the order of the array.
    this.insert = {
      name: `outbox ${schema}`,
      text: `insert into ${schema}.outbox (event_id, topic, key, headers, payload)
        select event_id, topic, key, headers, convert_to(payload, 'UTF8')
        from rows from (json_to_recordset($1::json) as (event_id uuid, topic text, key text, headers json, payload text))
          with ordinality as m (event_id, topic, key, headers, payload, ordinality)
        order by ordinality`,
    };
    this.insertSealed = `insert into ${schema}.outbox (event_id, topic, key, headers, payload, sealed)
      select event_id, topic, key, '{}', decode(payload, 'base64'), true
      from rows from (json_to_recordset($1::json) as (event_id uuid, topic text, key text, payload text))
        with ordinality as m (event_id, topic, key, payload, ordinality)
      order by ordinality`;
  }

  /** Sets what {@link wake} does; the relay of this process registers itself here. */
  onWake(listener: () => void): void {
    this.onCommitted = listener;
  }

  /** Tells the relay, after the commit, that there is something to publish. */
  wake(): void {
    this.onCommitted();
  }

  /**
   * Writes messages in the given order, in the transaction that holds the locks.
   * @throws PayloadTooLarge for a value over 900 kB; Error for a key whose lock is not held (a bug).
   */
  async enqueue(locked: LockedKeys, messages: readonly OutboxMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const rows = messages.map((message) => {
      requireLock(locked, message.key);
      return {
        event_id: message.eventId,
        topic: message.topic,
        key: message.key,
        headers: this.headersOf(message),
        payload: serialise(message),
      };
    });
    await locked.tx.execute(this.insert, [JSON.stringify(rows)]);
  }

  /**
   * The part of a statement that writes one message together with the aggregate that the same statement makes: an insert
   * where the common table expression `created` has a row. It takes no lock, and needs none only there: before the commit
   * nobody else can see the aggregate, hence publish for its key.
   *
   * @param created name of the expression that inserts the aggregate and returns a row where it did
   * @param first number of the first of the statement's parameters that hold {@link valuesOf} the message
   */
  insertWith(created: string, first: number): string {
    const [eventId, topic, key, headers, payload] = [0, 1, 2, 3, 4].map((offset) => `$${first + offset}`);
    return `insert into ${this.schema}.outbox (event_id, topic, key, headers, payload)
      select ${eventId}::uuid, ${topic}, ${key}, ${headers}::json, ${payload}::bytea from ${created}`;
  }

  /**
   * A message as the parameters of {@link insertWith}.
   * @throws PayloadTooLarge for a value over 900 kB
   */
  valuesOf(message: OutboxMessage): unknown[] {
    const { eventId, topic, key } = message;
    return [eventId, topic, key, JSON.stringify(this.headersOf(message)), Buffer.from(serialise(message))];
  }

  /** Writes dead letters, sealed until they are published. */
  async enqueueDeadLetters(locked: LockedKeys, letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const rows = letters.map((letter) => {
      requireLock(locked, letter.lockKey);
      return {
        event_id: letter.eventId,
        topic: letter.topic,
        key: letter.lockKey,
        payload: sealDeadLetter(this.keyRing, this.schema, letter).toString('base64'),
      };
    });
    await locked.tx.execute(this.insertSealed, [JSON.stringify(rows)]);
  }

  private headersOf(message: OutboxMessage): Record<string, string> {
    const headers: Record<string, string> = {
      ce_specversion: '1.0',
      ce_id: message.eventId,
      ce_type: message.type,
      ce_source: this.source,
      ce_time: message.time.toISOString(),
      ce_subject: message.key,
      'content-type': 'application/json',
    };
    if (message.traceparent !== undefined) headers['traceparent'] = message.traceparent;
    return headers;
  }
}

function serialise({ value }: OutboxMessage): string {
  const payload = JSON.stringify(value);
  if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) throw new PayloadTooLarge();
  return payload;
}

function requireLock(locked: LockedKeys, key: string): void {
  if (!locked.has(key)) throw new Error('a message was enqueued without the lock of its key');
}
