/**
 * The tables of deliveries, called by the context's first migration; a change of shape gets a new migration.
 *
 * - `tasks`: one callback to one business each. `position` orders a user's tasks; a redrive takes a new one, at the end.
 *   `body` holds the exact bytes of every attempt, until they are purged.
 * - `lanes`: one row per user and business, the unit of claiming: what its first pending task is (`head_kind`), when it is
 *   due (null: nothing pending), and who works on it. A claim moves `due_at` to the end of the lease, so an abandoned lane
 *   becomes due by itself. `lease_epoch` counts claims; only the last claimer may acknowledge.
 * - `attempts`: every call that was made. `circuits`: only endpoints whose last attempts failed by an outage have a row.
 * - `user_versions`: the last version seen of each user, to notice a lost message.
 */
export function deliveryTablesV1(schema: string): string[] {
  return [
    `create sequence ${schema}.task_positions`,
    `create table ${schema}.tasks (
       task_id uuid primary key,
       event_id uuid not null,
       biz_id text collate "C" not null,
       shopee_uid text collate "C" not null,
       kind text not null check (kind in ('STATUS', 'INFO')),
       version bigint not null,
       body bytea,
       traceparent text,
       state text not null default 'PENDING' check (state in ('PENDING', 'DELIVERED', 'FAILED', 'CANCELLED')),
       position bigint not null default nextval('${schema}.task_positions'),
       attempt_count integer not null default 0,
       attempts_recorded integer not null default 0,
       attempts_before integer not null default 0,
       redriven boolean not null default false,
       forced boolean not null default false,
       created_at timestamptz not null default now(),
       queued_at timestamptz not null default now(),
       finished_at timestamptz,
       check ((state = 'PENDING') = (finished_at is null)),
       check (state <> 'PENDING' or body is not null)
     ) with (
       autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 10000,
       autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 10000
     )`,
    // The body is small, and compressing it would cost more than it saves.
    `alter table ${schema}.tasks alter column body set storage external`,
    // The head of a lane.
    `create index tasks_lane on ${schema}.tasks (shopee_uid, biz_id, position) where state = 'PENDING'`,
    // The oldest pending task of a business: whom a probe calls, and how old the backlog is. Every position is above 0;
    // saying so keeps the index from whoever looks for the head of a lane, for which the planner would take it while
    // little is pending, and then read the whole backlog for each lane.
    `create index tasks_oldest on ${schema}.tasks (biz_id, position) where state = 'PENDING' and position > 0`,
    // Whether a later change of the same user and kind exists; and the operator's list of one user.
    `create index tasks_user on ${schema}.tasks (shopee_uid, biz_id, kind, version)`,
    // The operator's list, newest first; what failed is rare, and what operators look for.
    // Tasks of one transaction share `created_at`; the version keeps a user's in order.
    `create index tasks_newest on ${schema}.tasks (created_at, version, task_id)`,
    `create index tasks_undelivered on ${schema}.tasks (created_at, version, task_id)
       where state in ('FAILED', 'CANCELLED')`,
    // Bodies that are due to be purged.
    `create index tasks_bodies on ${schema}.tasks (finished_at) where body is not null and finished_at is not null`,
    `create table ${schema}.lanes (
       shopee_uid text collate "C" not null,
       biz_id text collate "C" not null,
       head_kind text not null,
       due_at timestamptz,
       lease_owner text,
       lease_epoch bigint not null default 0,
       cancel_requested boolean not null default false,
       primary key (shopee_uid, biz_id)
     ) with (
       fillfactor = 70,
       autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
       autovacuum_analyze_scale_factor = 0.05
     )`,
    `create index lanes_due on ${schema}.lanes (biz_id, head_kind, due_at) where due_at is not null`,
    `create table ${schema}.attempts (
       task_id uuid not null,
       number integer not null,
       started_at timestamptz not null,
       duration_ms integer not null,
       http_status smallint,
       retcode double precision,
       error text,
       response_prefix text,
       counted boolean not null,
       primary key (task_id, number)
     ) with (autovacuum_vacuum_insert_scale_factor = 0.05)`,
    `create index attempts_prefixes on ${schema}.attempts (started_at) where response_prefix is not null`,
    `create table ${schema}.circuits (
       biz_id text collate "C" not null,
       origin text not null,
       failures integer not null,
       opened_at timestamptz,
       next_probe_at timestamptz,
       probe_delay_ms integer not null default 0,
       primary key (biz_id, origin),
       check ((opened_at is null) = (next_probe_at is null))
     ) with (fillfactor = 50)`,
    `create table ${schema}.user_versions (
       shopee_uid text collate "C" primary key,
       version bigint not null
     ) with (fillfactor = 70)`,
  ];
}
