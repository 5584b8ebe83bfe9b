import type { PurgeRule, Tx } from '@kyc-relay/persistence';

/** One action of an operator. Nothing personal in it: ids, filters and counts. */
export interface AuditEntry {
  /** Who: the name of the token. */
  actor: string;
  /** What was done, such as `callback-task.redrive`. */
  action: string;
  /** To what: an id, or `*` when `details` holds a filter. */
  target: string;
  /** Why, in the operator's words; see `parseReason`. */
  reason: string;
  /** What else is worth knowing, such as a filter and how many it matched. */
  details?: Readonly<Record<string, unknown>>;
  /** When. */
  at: Date;
}

/**
 * The statement that makes a context's audit log; for its migration. A reason is mandatory in the table too, so that
 * no path around `parseReason` leaves one out.
 */
export function auditTable(schema: string): string {
  return `
    create table ${nameOf(schema)}.audit_log (
      id bigint generated always as identity primary key,
      actor text not null,
      action text not null,
      target text not null,
      reason text not null check (reason ~ '\\S'),
      details jsonb,
      at timestamptz not null
    )`;
}

/** Writes one action into the audit log of a context, in the transaction of the action itself. */
export async function audit(tx: Tx, schema: string, entry: AuditEntry): Promise<void> {
  const { actor, action, target, reason, details, at } = entry;
  await tx.execute(
    `insert into ${nameOf(schema)}.audit_log (actor, action, target, reason, details, at)
     values ($1, $2, $3, $4, $5, $6)`,
    [actor, action, target, reason, details === undefined ? null : JSON.stringify(details), at],
  );
}

/** What goes of a context's audit log. */
export function auditPurge(schema: string, keepDays: number): PurgeRule {
  return {
    table: `${nameOf(schema)}.audit_log`,
    what: "operators' actions",
    keepDays,
    due: 'at < {old}',
  };
}

/** Names cannot be parameters of a statement; ours are plain words and need no quotes. */
function nameOf(schema: string): string {
  if (!/^[a-z][a-z_]*$/.test(schema))
    throw new Error('the name of a schema must be lower-case letters and _');
  return schema;
}
