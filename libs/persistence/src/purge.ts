import type { Tx } from './session';

/**
 * What of a table goes when: the one declaration that a service's own purge and the operators' command work from.
 * Its texts are SQL, written in code alone; `{old}` stands for the instant before which things are no longer kept.
 */
export interface PurgeRule {
  /** The table with its schema. */
  table: string;
  /** What goes, for people; unlike that of any other rule of the table. */
  what: string;
  /** Days that it is kept. */
  keepDays: number;
  /** Which rows are due, such as `received_at < {old}`. A row that is locked just now is left for the next time. */
  due: string;
  /** The order that an index gives, where the planner would not find it by `due` alone. */
  orderBy?: string;
  /** What becomes of a due row that stays: its `set` list. Absent: the row is deleted. */
  set?: string;
  /** Columns of the purged rows that `also` reads. */
  columns?: string;
  /** What goes with them from other tables: statements that read the purged rows as `gone`. */
  also?: readonly string[];
}

/** Rows of one batch: few enough to hold their locks for milliseconds, and little for a standby to copy at once. */
export const PURGE_BATCH = 1_000;

/**
 * Purges one batch of a rule in one statement, thus wholly or not at all.
 *
 * @param rows most rows of the batch
 * @returns how many rows were purged; fewer than `rows` when there are no more
 */
export async function purgeBatch(tx: Tx, rule: PurgeRule, rows: number = PURGE_BATCH): Promise<number> {
  const { table, keepDays, orderBy, set, columns = '1', also = [] } = rule;
  const [found] = await tx.query<{ gone: number }>(
    `with due as materialized (
       select ctid as place from ${table} where ${conditionOf(rule)}
       ${orderBy === undefined ? '' : `order by ${orderBy}`} limit $2 for update skip locked
     ), gone as (
       ${set === undefined ? `delete from ${table}` : `update ${table} set ${set}`}
       where ctid = any (array (select place from due)) returning ${columns}
     ) ${also.map((statement, index) => `, also_${index} as (${statement})`).join(' ')}
     select count(*)::int as gone from gone`,
    [keepDays, rows],
  );
  return found?.gone ?? 0;
}

/** How many rows a rule would purge now; changes and locks nothing. */
export async function countDue(tx: Tx, rule: PurgeRule): Promise<number> {
  const rows = await tx.query<{ due: string }>(
    `select count(*) as due from ${rule.table} where ${conditionOf(rule)}`,
    [rule.keepDays],
  );
  return Number(rows[0]?.due ?? 0);
}

function conditionOf({ due }: PurgeRule): string {
  return due.replaceAll('{old}', 'now() - make_interval(days => $1::int)');
}
