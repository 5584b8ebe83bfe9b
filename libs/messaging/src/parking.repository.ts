import { newEventId } from '@kyc-relay/contracts';
import type { KeyRing } from '@kyc-relay/crypto';
import { packMessage, unpackMessage } from '@kyc-relay/outbox';
import type { Database, Tx } from '@kyc-relay/persistence';
import { lockKeyOf } from './decode';
import type { ReceivedMessage } from './message';

interface ParkedRow {
  message_id: string;
  partition: number;
  offset: string;
  payload: Buffer;
}

/** Keys of one consumer that wait for an operator, and their messages, sealed because they may hold identity numbers. */
export class ParkingRepository {
  constructor(
    private readonly schema: string,
    private readonly consumer: string,
    private readonly keyRing: KeyRing,
  ) {}

  /** Parks the message's key, if it is not parked yet, and puts the message behind what waits there. */
  async park(tx: Tx, message: ReceivedMessage, code: string): Promise<void> {
    const key = lockKeyOf(message.key);
    await tx.execute(
      `insert into ${this.schema}.parked_keys (consumer, topic, key, code) values ($1, $2, $3, $4)
       on conflict do nothing`,
      [this.consumer, message.topic, key, code],
    );
    const messageId = newEventId();
    const sealed = this.keyRing.seal(packMessage(message), this.placeOf(messageId));
    await tx.execute(
      `insert into ${this.schema}.parked_messages
         (consumer, topic, key, "partition", "offset", message_id, payload)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [this.consumer, message.topic, key, message.partition, message.offset, messageId, sealed],
    );
  }

  /** A released key of these topics, locked by this transaction; undefined when there is none (or others work on it). */
  async lockReleased(tx: Tx, topics: readonly string[]): Promise<{ topic: string; key: string } | undefined> {
    const rows = await tx.query<{ topic: string; key: string }>(
      `select topic, key from ${this.schema}.parked_keys
       where consumer = $1 and topic = any($2::text[]) and state = 'RELEASED'
       order by parked_at limit 1 for update skip locked`,
      [this.consumer, topics],
    );
    return rows[0];
  }

  /** The first messages that wait under a key, in their order. */
  async readMessages(tx: Tx, topic: string, key: string, limit: number): Promise<ReceivedMessage[]> {
    const rows = await tx.query<ParkedRow>(
      `select message_id, "partition", "offset", payload from ${this.schema}.parked_messages
       where consumer = $1 and topic = $2 and key = $3 order by "partition", "offset" limit $4`,
      [this.consumer, topic, key, limit],
    );
    return rows.map((row) => {
      const wire = unpackMessage(
        topic,
        this.keyRing.open(row.payload, this.placeOf(row.message_id)).toString(),
      );
      return {
        ...wire,
        key: wire.key === null ? null : Buffer.from(wire.key),
        partition: row.partition,
        offset: row.offset,
      };
    });
  }

  /** Takes worked-off messages away, and the key itself once nothing waits under it. */
  async remove(tx: Tx, topic: string, key: string, messages: readonly ReceivedMessage[]): Promise<void> {
    await tx.execute(
      `delete from ${this.schema}.parked_messages m
       using unnest($3::int[], $4::bigint[]) as d ("partition", "offset")
       where m.consumer = $1 and m.topic = $2 and m."partition" = d."partition" and m."offset" = d."offset"`,
      [this.consumer, topic, messages.map((m) => m.partition), messages.map((m) => m.offset)],
    );
    await tx.execute(
      `delete from ${this.schema}.parked_keys k where consumer = $1 and topic = $2 and key = $3 and not exists
         (select from ${this.schema}.parked_messages m
          where m.consumer = k.consumer and m.topic = k.topic and m.key = k.key)`,
      [this.consumer, topic, key],
    );
  }

  /** Puts a released key back to parked: its first message still fails. */
  async parkAgain(database: Database, topic: string, key: string, code: string): Promise<void> {
    await database.execute(
      `update ${this.schema}.parked_keys set state = 'PARKED', code = $4
       where consumer = $1 and topic = $2 and key = $3`,
      [this.consumer, topic, key, code],
    );
  }

  /** How many keys are parked, per topic. */
  async count(database: Database): Promise<{ topic: string; keys: number }[]> {
    return await database.query<{ topic: string; keys: number }>(
      `select topic, count(*)::int as keys from ${this.schema}.parked_keys where consumer = $1 group by topic`,
      [this.consumer],
    );
  }

  private placeOf(messageId: string): { table: string; column: string; row: string } {
    return { table: `${this.schema}.parked_messages`, column: 'payload', row: messageId };
  }
}
