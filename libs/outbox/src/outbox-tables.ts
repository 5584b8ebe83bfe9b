/**
 * The tables of a context's outbox. Called by the context's first migration; a change of shape gets a new function and
 * a new migration, never an edit here.
 *
 * - `outbox`: messages that are decided but not yet acknowledged by Kafka. Rows are deleted on acknowledgement, there
 *   is no status column: a queue that is read from its head needs no updates and no index but its primary key.
 * - `outbox_keys`: one row per Kafka key, locked before a message of that key is enqueued, so that within a key the
 *   order of ids is the order of commits. (A context whose aggregate is the key locks the aggregate's row instead.)
 * - `outbox_parked_keys`: keys whose next row Kafka refuses; their later rows wait behind it until an operator acts.
 */
export function outboxTablesV1(schema: string): string[] {
  return [
    `create table ${schema}.outbox (
       id bigint generated always as identity primary key,
       event_id uuid not null,
       topic text not null,
       key text not null,
       headers json not null,
       payload bytea not null,
       sealed boolean not null default false,
       created_at timestamptz not null default now()
     ) with (
       autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
       autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000
     )`,
    // Payloads are small and already compact: compressing them would cost more than it saves.
    `alter table ${schema}.outbox alter column payload set storage external`,
    `create table ${schema}.outbox_keys (key text primary key) with (fillfactor = 80)`,
    `create table ${schema}.outbox_parked_keys (
       topic text not null,
       key text not null,
       code text not null,
       parked_at timestamptz not null default now(),
       primary key (topic, key)
     )`,
  ];
}
