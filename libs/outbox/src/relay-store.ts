import type { Database } from '@kyc-relay/persistence';

/** One row of the outbox as the relay reads it. */
export interface OutboxRow {
  id: string;
  event_id: string;
  topic: string;
  key: string;
  headers: Record<string, string>;
  /** The payload, where it is not sealed: the driver's form of bytes has twice their length. Null where it is large. */
  text: string | null;
  /** The payload, where it is sealed. Null where it is large. */
  bytes: Buffer | null;
  sealed: boolean;
}

/** Payloads above this are read on their own when their turn comes: 1,000 rows of 900 kB would not fit in memory. */
const INLINE_BYTES = 16_384;

/** The relay's statements on one context's outbox. */
export class RelayStore {
  constructor(
    private readonly database: Database,
    private readonly schema: string,
  ) {}

  /**
   * The first rows in id order without those in flight. Reading on from the last id instead would skip rows that
   * commit late with a lower id, and so break the order of a key.
   */
  async readBatch(inFlight: readonly string[], limit: number, anyParked: boolean): Promise<OutboxRow[]> {
    const notParked = anyParked
      ? `and not exists (select from ${this.schema}.outbox_parked_keys p where p.topic = o.topic and p.key = o.key)`
      : '';
    return await this.database.query<OutboxRow>(
      `select id, event_id, topic, key, headers, sealed,
         case when not sealed and octet_length(payload) <= ${INLINE_BYTES} then convert_from(payload, 'UTF8') end as text,
         case when sealed and octet_length(payload) <= ${INLINE_BYTES} then payload end as bytes
       from ${this.schema}.outbox o
       where id <> all($1::bigint[]) ${notParked} order by id limit $2`,
      [listOf(inFlight), limit],
    );
  }

  /** Null when an operator dropped the row meanwhile. */
  async readPayload(id: string): Promise<Buffer | null> {
    const rows = await this.database.query<{ payload: Buffer }>(
      `select payload from ${this.schema}.outbox where id = $1`,
      [id],
    );
    return rows[0]?.payload ?? null;
  }

  async delete(ids: readonly string[]): Promise<void> {
    await this.database.execute(`delete from ${this.schema}.outbox where id = any($1::bigint[])`, [
      listOf(ids),
    ]);
  }

  async parkKey(topic: string, key: string, code: string): Promise<void> {
    await this.database.execute(
      `insert into ${this.schema}.outbox_parked_keys (topic, key, code) values ($1, $2, $3) on conflict do nothing`,
      [topic, key, code],
    );
  }

  async hasParkedKeys(): Promise<boolean> {
    const rows = await this.database.query(`select from ${this.schema}.outbox_parked_keys limit 1`);
    return rows.length > 0;
  }

  /** How many rows wait, and for how many seconds the first has. */
  async measureBacklog(): Promise<{ rows: number; oldestSeconds: number }> {
    const found = await this.database.query<{ rows: string; oldest: number | null }>(
      `select count(*) as rows,
         extract(epoch from clock_timestamp() - (select created_at from ${this.schema}.outbox order by id limit 1))::float8
           as oldest
       from ${this.schema}.outbox`,
    );
    const first = found[0];
    return { rows: Number(first?.rows ?? 0), oldestSeconds: Math.max(0, first?.oldest ?? 0) };
  }
}

/** Ids as an array of Postgres in its text form; the driver would look into each for what has to be quoted. */
function listOf(ids: readonly string[]): string {
  return `{${ids.join(',')}}`;
}
