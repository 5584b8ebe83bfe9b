/**
 * What the partner pushes, called by the context's first migration.
 *
 * - `pushes`: every push that was taken, sealed; `outcome` says what its reading back gave.
 * - `push_bodies`: bodies of the last 24 hours by a keyed hash, to recognise repeats.
 * - `push_notes`: what only pushes say of a case, the last word of each field.
 * - `read_backs`: cases that are to be asked for because of a push. `round` counts pushes, so that a reading that was under
 *   way when another push came does not count as its own. `agents_left` are further agents to be tried for a case that no
 *   agent is known of.
 */
export function pushTablesV1(schema: string): string[] {
  return [
    `create table ${schema}.pushes (
       id uuid primary key,
       acquirer text not null,
       flow_no text collate "C" not null,
       signed boolean not null,
       body bytea not null,
       outcome text check (outcome in ('READ', 'EMPTY')),
       received_at timestamptz not null default now()
     )`,
    `create index pushes_waiting on ${schema}.pushes (flow_no) where outcome is null`,
    `create index pushes_received on ${schema}.pushes (received_at)`,
    `create table ${schema}.push_bodies (
       body_hash text primary key,
       received_at timestamptz not null default now()
     )`,
    `create index push_bodies_received on ${schema}.push_bodies (received_at)`,
    `create table ${schema}.push_notes (
       flow_no text collate "C" primary key,
       measure text,
       remark text
     )`,
    `create table ${schema}.read_backs (
       flow_no text collate "C" primary key,
       agent text collate "C" not null,
       agents_left text[] not null,
       round integer not null default 1,
       failures integer not null default 0,
       empties_left integer not null,
       due_at timestamptz not null default now()
     ) with (fillfactor = 70)`,
    `create index read_backs_due on ${schema}.read_backs (agent, due_at)`,
  ];
}
