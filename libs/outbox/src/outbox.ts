import type { KeyRing } from '@kyc-relay/crypto';
import { RowSet, type PreparedStatement } from '@kyc-relay/persistence';
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
  /** W3C trace context of the work that sends it, where there is one. */
  traceparent?: string | undefined;
}

const ROWS = new RowSet<{
  event_id: string;
  topic: string;
  key: string;
  headers: Record<string, string>;
  payload: string | Buffer;
  sealed: boolean;
}>({
  event_id: 'uuid',
  topic: 'text',
  key: 'text',
  headers: 'json',
  payload: 'bytea',
  sealed: 'boolean',
});

/** A broker takes 1 MiB by default, headers and overhead included; what is larger must fail where it is made. */
const MAX_PAYLOAD_BYTES = 900_000;

/** Thrown when a payload is too large to be published; the transaction that made it must not commit. */
export class PayloadTooLarge extends Error {
  readonly code = 'outbox.payload-too-large';
}

/** The way out of a service: rows written in the caller's transaction, published by the relay. */
export class Outbox {
  private readonly insert: PreparedStatement;
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
      text: `insert into ${schema}.outbox (${ROWS.names})
        select ${ROWS.names} from ${ROWS.from()} as m order by ordinality`,
    };
  }

  /** Sets what {@link wake} does; the relay of this process registers itself here. */
  onWake(listener: () => void): void {
    this.onCommitted = listener;
  }

  /** Tells the relay, after a commit of {@link insertWith}, that there is something to publish. */
  wake(): void {
    this.onCommitted();
  }

  /**
   * Writes messages in the given order, in the transaction that holds the locks; its commit wakes the relay.
   * @throws PayloadTooLarge for a value over 900 kB; Error for a key whose lock is not held (a bug).
   */
  enqueue(locked: LockedKeys, messages: readonly OutboxMessage[]): void {
    if (messages.length === 0) return;
    for (const { key } of messages) requireLock(locked, key);
    locked.tx.write(this.insert, this.pack(messages));
    this.wakeAfter(locked);
  }

  /**
   * The part of a statement that writes messages of keys that the same statement holds: it has locked their rows, or has
   * just made them, which nobody else can see before the commit. The messages get their ids in the order of the array.
   *
   * @param held name of the common table expression that locks or makes rows and returns the `key` of each, no two alike;
   *   messages of other keys are not written
   * @param first number of the first of the statement's parameters that {@link pack} makes
   */
  insertWith(held: string, first: number): string {
    return `insert into ${this.schema}.outbox (event_id, topic, key, headers, payload)
      select m.event_id, m.topic, m.key, m.headers, m.payload
      from ${ROWS.from(first)} as m join ${held} on ${held}.key = m.key collate "C"
      order by m.ordinality`;
  }

  /**
   * Messages as parameters of a statement.
   * @throws PayloadTooLarge for a value over 900 kB
   */
  pack(messages: readonly OutboxMessage[]): Buffer[] {
    return ROWS.pack(
      messages.map((message) => {
        const payload = JSON.stringify(message.value);
        if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) throw new PayloadTooLarge();
        const { eventId, topic, key } = message;
        return { event_id: eventId, topic, key, headers: this.headersOf(message), payload, sealed: false };
      }),
    );
  }

  /** Writes dead letters, sealed until they are published. */
  enqueueDeadLetters(locked: LockedKeys, letters: readonly DeadLetter[]): void {
    if (letters.length === 0) return;
    const rows = letters.map((letter) => {
      requireLock(locked, letter.lockKey);
      return {
        event_id: letter.eventId,
        topic: letter.topic,
        key: letter.lockKey,
        headers: {},
        payload: sealDeadLetter(this.keyRing, this.schema, letter),
        sealed: true,
      };
    });
    locked.tx.write(this.insert, ROWS.pack(rows));
    this.wakeAfter(locked);
  }

  private wakeAfter({ tx }: LockedKeys): void {
    tx.onEnd((isCommitted) => {
      if (isCommitted) this.wake();
    });
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

function requireLock(locked: LockedKeys, key: string): void {
  if (!locked.has(key)) throw new Error('a message was enqueued without the lock of its key');
}
