import type { Database } from '@kyc-relay/persistence';

/** How long things are kept, in days. */
export interface Retention {
  bodies: number;
  responses: number;
  attempts: number;
}

/** Rows of one transaction: few enough to hold their locks for milliseconds only. */
export const PURGE_BATCH = 1_000;

const OLDER = `now() - $1 * interval '1 day'`;

/** Each removes one batch of what is older than $1 days and has nothing to do with what is pending. */
const PURGES: readonly { keeps: keyof Retention; sql: string }[] = [
  {
    keeps: 'bodies',
    sql: `update money_plus.tasks set body = null where task_id = any (array (
      select task_id from money_plus.tasks where body is not null and finished_at is not null
        and finished_at < ${OLDER} order by finished_at limit ${PURGE_BATCH} for update skip locked))`,
  },
  {
    keeps: 'responses',
    sql: `update money_plus.attempts set response_prefix = null where ctid = any (array (
      select ctid from money_plus.attempts where response_prefix is not null and started_at < ${OLDER}
      order by started_at limit ${PURGE_BATCH} for update skip locked))`,
  },
  {
    keeps: 'attempts',
    sql: `with gone as (
      delete from money_plus.tasks where task_id = any (array (
        select task_id from money_plus.tasks where created_at < ${OLDER} and finished_at < ${OLDER}
        order by created_at limit ${PURGE_BATCH} for update skip locked))
      returning task_id
    ), attempts as (
      delete from money_plus.attempts a using gone where a.task_id = gone.task_id
    )
    select 1 from gone`,
  },
];

/** Removes what is no longer to be kept. */
export class RetentionRepository {
  constructor(private readonly database: Database) {}

  /** Removes one batch of each kind; returns whether there may be more. */
  async purgeBatch(retention: Retention): Promise<boolean> {
    let more = false;
    for (const { keeps, sql } of PURGES) {
      if ((await this.database.execute(sql, [retention[keeps]])) >= PURGE_BATCH) more = true;
    }
    return more;
  }
}
