/**
 * The tables of a context's intake, called by its first migration.
 *
 * - `inbox`: the events each consumer has judged; not partitioned, since a key per partition would let a copy through
 *   after midnight. `refused` rows may be judged anew by a replay from the DLQ.
 * - `parked_keys`, `parked_messages`: keys whose message keeps failing, and what waits behind it, sealed.
 */
export function inboxTablesV1(schema: string): string[] {
  return [
    `create table ${schema}.inbox (
       consumer text not null,
       source text not null,
       id text not null,
       refused boolean not null default false,
       received_at timestamptz not null default now(),
       primary key (consumer, source, id)
     ) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05)`,
    `create index inbox_received_at on ${schema}.inbox using brin (received_at)`,
    `create table ${schema}.parked_keys (
       consumer text not null,
       topic text not null,
       key text not null,
       state text not null default 'PARKED' check (state in ('PARKED', 'RELEASED')),
       code text not null,
       parked_at timestamptz not null default now(),
       primary key (consumer, topic, key)
     )`,
    `create table ${schema}.parked_messages (
       consumer text not null,
       topic text not null,
       key text not null,
       "partition" integer not null,
       "offset" bigint not null,
       message_id uuid not null,
       payload bytea not null,
       parked_at timestamptz not null default now(),
       primary key (consumer, topic, "partition", "offset")
     )`,
    `create index parked_messages_key on ${schema}.parked_messages (consumer, topic, key, "offset")`,
  ];
}
