import type { Database } from '@kyc-relay/persistence';
import type { ErrorClass } from '../domain/judge-answer';
import type { PageEnd, TaskFilter } from '../domain/task-filter';
import type { TaskKind, TaskState } from '../domain/task';
import { filterConditions } from './task-filter.sql';

/** A task as operators see it. */
export interface TaskRow {
  task_id: string;
  event_id: string;
  biz_id: string;
  shopee_uid: string;
  kind: TaskKind;
  state: TaskState;
  attempt_count: number;
  /** When the task's next attempt is due; null unless it is the first of its lane and waits. */
  next_attempt_at: Date | null;
  created_at: Date;
  finished_at: Date | null;
  /** Creation in Unix microseconds, for the cursor. */
  created_us: string;
  /** The version of the change, for the cursor. */
  version: string;
}

/** An attempt as operators see it. */
export interface AttemptRow {
  number: number;
  started_at: Date;
  duration_ms: number;
  http_status: number | null;
  retcode: number | null;
  error: ErrorClass | null;
  response_prefix: string | null;
}

/** Probes during a long outage can make very many attempts; the latest tell the story. */
const MOST_ATTEMPTS = 1_000;

const COLUMNS = `
  t.task_id, t.event_id, t.biz_id, t.shopee_uid, t.kind, t.state, t.attempt_count, t.version, t.created_at, t.finished_at,
  (extract(epoch from t.created_at) * 1000000)::bigint::text as created_us,
  case when t.state = 'PENDING' and (l.lease_owner is null or l.due_at <= now())
    and not exists (select from money_plus.tasks e
      where e.shopee_uid = t.shopee_uid and e.biz_id = t.biz_id and e.state = 'PENDING' and e.position < t.position)
    then l.due_at end as next_attempt_at
from money_plus.tasks t
left join money_plus.lanes l on l.shopee_uid = t.shopee_uid and l.biz_id = t.biz_id`;

/** Reads tasks for operators. */
export class TaskViewRepository {
  constructor(private readonly database: Database) {}

  /** Tasks of a filter, newest first, after the end of the page before. */
  async list(filter: TaskFilter, after: PageEnd | null, limit: number): Promise<TaskRow[]> {
    const { conditions, parameters } = filterConditions(filter);
    if (after) {
      parameters.push(after.createdUs, after.version, after.taskId);
      conditions.push(
        `(t.created_at, t.version, t.task_id) < (
          timestamptz 'epoch' + $${parameters.length - 2}::bigint * interval '1 microsecond',
          $${parameters.length - 1}::bigint, $${parameters.length}::uuid)`,
      );
    }
    parameters.push(limit);
    return await this.database.query<TaskRow>(
      `select ${COLUMNS} ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
       order by t.created_at desc, t.version desc, t.task_id desc limit $${parameters.length}`,
      parameters,
    );
  }

  /** One task; undefined when there is none. */
  async find(taskId: string): Promise<TaskRow | undefined> {
    const [row] = await this.database.query<TaskRow>(`select ${COLUMNS} where t.task_id = $1`, [taskId]);
    return row;
  }

  /** The attempts of a task in order, at most the last 1,000. */
  async attempts(taskId: string): Promise<AttemptRow[]> {
    const latest = await this.database.query<AttemptRow>(
      `select number, started_at, duration_ms, http_status, retcode, error, response_prefix
       from money_plus.attempts where task_id = $1 order by number desc limit ${MOST_ATTEMPTS}`,
      [taskId],
    );
    return latest.reverse();
  }
}
