import { purgeAudit } from '@kyc-relay/access';
import { purgeInbox } from '@kyc-relay/messaging';
import type { Database } from '@kyc-relay/persistence';

/** How long things are kept, in days. */
export interface Retention {
  /** Bodies of ended tasks. */
  bodies: number;
  /** Beginnings of responses. */
  responses: number;
  /** Ended tasks with their attempts. */
  attempts: number;
  /** The ids of consumed events; longer than a topic keeps its messages. */
  inbox: number;
  /** The audit log. */
  audit: number;
}

/** Rows of one transaction: few enough to hold their locks for milliseconds only. */
export const PURGE_BATCH = 1_000;

const OLDER = `now() - $1 * interval '1 day'`;

/** Each removes one batch of what is older than $1 days and has nothing to do with what is pending. */
const PURGES: readonly { keeps: 'bodies' | 'responses' | 'attempts'; sql: string }[] = [
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
    const counts = [
      await purgeInbox(this.database, 'money_plus', retention.inbox, PURGE_BATCH),
      await purgeAudit(this.database, 'money_plus', retention.audit, PURGE_BATCH),
    ];
    for (const { keeps, sql } of PURGES) counts.push(await this.database.execute(sql, [retention[keeps]]));
    return counts.some((count) => count >= PURGE_BATCH);
  }
}
