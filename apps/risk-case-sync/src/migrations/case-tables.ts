/**
 * The copy of the partner's cases, called by the context's first migration; a change of shape gets a new migration.
 *
 * - `cases`: what a case is found and judged by, narrow, so that paging reads little and a case that was only seen again is
 *   updated in place. `asked_at` is when the answer it is from was asked for: an older answer never overwrites it. It is in
 *   no index, as every reading changes it. `measure` and `remark` are what pushes had said when it was last decided.
 * - `case_contents`: the row as the partner last gave it, sealed, and the normalised case beside it, masked.
 * - `day_counts`: how many cases an agent has by day of creation (in the partner's zone) and status, so that totals and deep
 *   pages need not count. Kept in the transaction that writes the cases.
 * - `odd_rows`: rows that are no case, sealed, each once.
 */
export function caseTablesV1(schema: string): string[] {
  return [
    `create table ${schema}.cases (
       flow_no text collate "C" primary key,
       agent text collate "C" not null,
       status text collate "C" not null,
       merc_num text collate "C" not null,
       created_at timestamptz not null,
       created_day date not null,
       version integer not null,
       asked_at timestamptz not null,
       changed_at timestamptz not null,
       missing_since timestamptz,
       measure text,
       remark text
     ) with (
       fillfactor = 85,
       autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05,
       autovacuum_vacuum_insert_scale_factor = 0.05
     )`,
    // The order that is served, alone, by status and by merchant; the newest are asked for most.
    `create index cases_newest on ${schema}.cases (agent, created_at desc, flow_no desc)`,
    `create index cases_of_status on ${schema}.cases (agent, status, created_at desc, flow_no desc)`,
    `create index cases_of_merchant on ${schema}.cases (agent, merc_num, created_at desc, flow_no desc) include (status)`,
    // What a pass asks for again: every open case, and the final ones in turn, those first that changed long ago.
    `create index cases_open on ${schema}.cases (agent, flow_no) include (created_at) where status <> 'SHTG'`,
    `create index cases_final on ${schema}.cases (agent, changed_at, flow_no) where status = 'SHTG'`,
    `create index cases_missing on ${schema}.cases (agent) where missing_since is not null`,
    `create table ${schema}.case_contents (
       flow_no text collate "C" primary key,
       raw bytea not null,
       content jsonb not null
     ) with (autovacuum_vacuum_scale_factor = 0.05)`,
    // Sealed bytes do not compress, and compressing the content would cost more than it saves.
    `alter table ${schema}.case_contents alter column raw set storage external, alter column content set storage external`,
    `create table ${schema}.case_history (
       flow_no text collate "C" not null,
       event_id uuid not null,
       version integer not null,
       source text not null check (source in ('PULL', 'PUSH')),
       observed_at timestamptz not null,
       changes jsonb not null,
       primary key (flow_no, version)
     ) with (autovacuum_vacuum_insert_scale_factor = 0.05)`,
    `create index case_history_observed on ${schema}.case_history using brin (observed_at)`,
    `create table ${schema}.day_counts (
       agent text collate "C" not null,
       day date not null,
       status text collate "C" not null,
       cases bigint not null,
       primary key (agent, day, status)
     ) with (fillfactor = 70)`,
    `create table ${schema}.odd_rows (
       id uuid primary key,
       agent text collate "C" not null,
       row_hash text not null,
       reason text not null,
       raw bytea not null,
       first_seen_at timestamptz not null default now(),
       last_seen_at timestamptz not null default now(),
       unique (agent, row_hash)
     )`,
  ];
}
