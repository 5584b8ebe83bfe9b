import type { Database, Tx } from '@kyc-relay/persistence';
import type { RedriveCandidate } from '../domain/operator-actions';
import type { TaskFilter } from '../domain/task-filter';
import { filterConditions } from './task-filter.sql';

/** A task that an operator's action concerns. */
export interface ActionTask extends RedriveCandidate {
  eventId: string;
  attemptCount: number;
  traceparent: string | null;
  /** First pending task of its lane. */
  isHead: boolean;
}

/** A user's lane with one business. */
export interface LaneKey {
  shopeeUid: string;
  bizId: string;
}

/** Tasks of one call: more would hold locks for long, and an operator repeats the call. */
export const MOST_TASKS = 1_000;

const SUPERSEDED = `exists (select from money_plus.tasks n
  where n.shopee_uid = t.shopee_uid and n.biz_id = t.biz_id and n.kind = t.kind and n.version > t.version
    and n.state in ('PENDING', 'DELIVERED'))`;

/** Finds and changes tasks for operators. What changes tasks needs the users' lanes locked. */
export class TaskActionsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Ids of tasks to redrive, of those that ended undelivered unless the filter says otherwise. What would be refused as
   * overtaken comes last, so that a repeated call goes on; with `force` the oldest come first, which keeps their order.
   */
  async findRedrivable(filter: TaskFilter, force: boolean): Promise<string[]> {
    const { conditions, parameters } = filterConditions(filter);
    if (filter.state === undefined) conditions.push(`t.state in ('FAILED', 'CANCELLED')`);
    const order = force ? 't.position' : `${SUPERSEDED}, t.position desc`;
    return await this.ids(conditions, parameters, order);
  }

  /** Ids of tasks to cancel, of the pending ones unless the filter says otherwise, the oldest first. */
  async findCancellable(filter: TaskFilter): Promise<string[]> {
    const { conditions, parameters } = filterConditions(filter);
    if (filter.state === undefined) conditions.push(`t.state = 'PENDING'`);
    return await this.ids(conditions, parameters, 't.position');
  }

  /** The users of these tasks, whose lanes are to be locked before anything is decided. */
  async usersOf(tx: Tx, taskIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ shopee_uid: string }>(
      `select distinct shopee_uid from money_plus.tasks where task_id = any($1::uuid[])`,
      [taskIds],
    );
    return rows.map((row) => row.shopee_uid);
  }

  /** The tasks as they are now, in the order of their lanes. */
  async read(taskIds: readonly string[], tx: Tx = this.database): Promise<ActionTask[]> {
    return await tx.query<ActionTask>(
      `select t.task_id as "taskId", t.event_id as "eventId", t.biz_id as "bizId", t.shopee_uid as "shopeeUid",
         t.kind, t.state, t.version::float8 as version, t.attempt_count as "attemptCount", t.traceparent,
         t.body is not null as "hasBody", ${SUPERSEDED} as superseded,
         t.state = 'PENDING' and not exists (select from money_plus.tasks e
           where e.shopee_uid = t.shopee_uid and e.biz_id = t.biz_id and e.state = 'PENDING'
             and e.position < t.position) as "isHead"
       from money_plus.tasks t where t.task_id = any($1::uuid[]) order by t.position`,
      [taskIds],
    );
  }

  /** Makes the tasks pending again, at the ends of their lanes and in the order given. */
  async redrive(tx: Tx, taskIds: readonly string[], force: boolean): Promise<void> {
    await tx.execute(
      `update money_plus.tasks t set
         state = 'PENDING', position = n.position, attempts_before = t.attempt_count, redriven = true, forced = $2,
         queued_at = now(), finished_at = null
       from (select task_id, nextval('money_plus.task_positions') as position
             from unnest($1::uuid[]) as task_id) n
       where t.task_id = n.task_id`,
      [taskIds, force],
    );
  }

  /** Ends pending tasks; returns the time that their ends carry. */
  async cancel(tx: Tx, taskIds: readonly string[]): Promise<Date> {
    await tx.execute(
      `update money_plus.tasks set state = 'CANCELLED', finished_at = now() where task_id = any($1::uuid[])`,
      [taskIds],
    );
    const [row] = await tx.query<{ at: Date }>(`select now() as at`);
    if (!row) throw new Error('a select without a table gave no row');
    return row.at;
  }

  /** Asks that the heads of lanes that are in a call end with it. */
  async requestCancel(tx: Tx, lanes: readonly LaneKey[]): Promise<void> {
    await tx.execute(
      `update money_plus.lanes l set cancel_requested = true
       from unnest($1::text[], $2::text[]) as k (shopee_uid, biz_id)
       where l.shopee_uid = k.shopee_uid and l.biz_id = k.biz_id`,
      columnsOf(lanes),
    );
  }

  /**
   * Gives lanes whose first task has changed their new turn: due now, or never while nothing is pending. A lease that had
   * run out is ended, so that its holder cannot save a result for a task that is no longer the first.
   */
  async turnLanes(tx: Tx, lanes: readonly LaneKey[]): Promise<void> {
    await tx.execute(
      `update money_plus.lanes l set
         head_kind = coalesce(h.kind, l.head_kind), due_at = case when h.kind is not null then now() end,
         lease_owner = null, cancel_requested = false
       from unnest($1::text[], $2::text[]) as k (shopee_uid, biz_id)
       left join lateral (
         select t.kind from money_plus.tasks t
         where t.shopee_uid = k.shopee_uid and t.biz_id = k.biz_id and t.state = 'PENDING'
         order by t.position limit 1
       ) h on true
       where l.shopee_uid = k.shopee_uid and l.biz_id = k.biz_id`,
      columnsOf(lanes),
    );
  }

  private async ids(
    conditions: readonly string[],
    parameters: readonly unknown[],
    order: string,
  ): Promise<string[]> {
    const rows = await this.database.query<{ task_id: string }>(
      `select t.task_id from money_plus.tasks t where ${conditions.join(' and ')} order by ${order} limit ${MOST_TASKS}`,
      parameters,
    );
    return rows.map((row) => row.task_id);
  }
}

function columnsOf(lanes: readonly LaneKey[]): [string[], string[]] {
  return [lanes.map((lane) => lane.shopeeUid), lanes.map((lane) => lane.bizId)];
}
