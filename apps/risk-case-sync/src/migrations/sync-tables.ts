/**
 * How the copy is kept, called by the context's first migration.
 *
 * - `agents`: one row per agent whose cases are copied. `epoch` counts who has worked on it: only the last may write.
 *   `planned_to` is up to where windows of discovery were planned; everything before the first of `sync_windows` is read.
 *   `copied_at` is the start of the last pass that was read to its end: so new is the copy.
 * - `rate_budgets`: when the next request to an acquirer may be sent, over all replicas.
 * - `sync_runs`: one row per pass; at most one works per agent.
 * - `sync_windows`, `window_pages`: what is still to be read, and what of it has been: a pass that is broken off goes on
 *   there. Rows go when the window is read.
 * - `month_checks`: by how many cases the partner's count of a month differed from ours when it was last compared.
 */
export function syncTablesV1(schema: string): string[] {
  return [
    `create table ${schema}.agents (
       agent text collate "C" primary key,
       acquirer text not null,
       epoch bigint not null default 0,
       planned_to timestamptz,
       next_run_at timestamptz not null default now(),
       woken_at timestamptz,
       copied_at timestamptz,
       final_changed_at timestamptz,
       final_flow_no text,
       created_at timestamptz not null default now()
     ) with (fillfactor = 50)`,
    `create table ${schema}.rate_budgets (
       acquirer text primary key,
       next_at timestamptz not null
     ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`,
    `create table ${schema}.sync_runs (
       run_id uuid primary key,
       agent text collate "C" not null,
       state text not null default 'RUNNING' check (state in ('RUNNING', 'DONE', 'INCOMPLETE', 'FAILED')),
       started_at timestamptz not null default now(),
       finished_at timestamptz,
       requests integer not null default 0,
       rows integer not null default 0,
       opened integer not null default 0,
       changed integer not null default 0,
       odd_rows integer not null default 0,
       escaped_rows integer not null default 0,
       missing integer not null default 0,
       gaps integer not null default 0,
       lag_seconds integer,
       errors jsonb not null default '{}',
       check ((state = 'RUNNING') = (finished_at is null))
     ) with (fillfactor = 70)`,
    `create unique index sync_runs_working on ${schema}.sync_runs (agent) where state = 'RUNNING'`,
    `create index sync_runs_newest on ${schema}.sync_runs (started_at, run_id)`,
    `create table ${schema}.sync_windows (
       id bigint generated always as identity primary key,
       agent text collate "C" not null,
       month date,
       from_at timestamptz not null,
       to_at timestamptz not null,
       readings integer not null default 0,
       signature text,
       check (from_at < to_at)
     )`,
    `create index sync_windows_agent on ${schema}.sync_windows (agent, from_at)`,
    `create table ${schema}.window_pages (
       window_id bigint not null references ${schema}.sync_windows on delete cascade,
       page integer not null,
       total bigint,
       keys text[] not null,
       primary key (window_id, page)
     )`,
    `create table ${schema}.month_checks (
       agent text collate "C" not null,
       month date not null,
       difference bigint not null,
       checked_at timestamptz not null,
       primary key (agent, month)
     )`,
  ];
}
