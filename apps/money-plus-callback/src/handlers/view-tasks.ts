import type { ErrorClass } from '../domain/judge-answer';
import type { PageEnd, TaskFilter } from '../domain/task-filter';
import type { TaskKind, TaskState } from '../domain/task';
import type { TaskRow, TaskViewRepository } from '../outbound/task-view.repository';

/** A task as the operator API shows it. Times are RFC 3339 UTC. */
export interface TaskItem {
  task_id: string;
  event_id: string;
  biz_id: string;
  shopee_uid: string;
  kind: TaskKind;
  state: TaskState;
  /** Attempts that counted, over all rounds. */
  attempt_count: number;
  /** Null unless the task is the first of its lane and waits. */
  next_attempt_at: string | null;
  created_at: string;
  finished_at: string | null;
}

/** An attempt as the operator API shows it. */
export interface AttemptItem {
  number: number;
  started_at: string;
  duration_ms: number;
  http_status: number | null;
  retcode: number | null;
  error: ErrorClass | null;
  response_prefix: string | null;
}

export type TaskDetails = TaskItem & { attempts: AttemptItem[] };

/** Shows tasks to operators. */
export class ViewTasks {
  constructor(private readonly tasks: TaskViewRepository) {}

  /** A page of tasks, newest first, and where it ended; a null end means that it is the last. */
  async list(
    filter: TaskFilter,
    after: PageEnd | null,
    limit: number,
  ): Promise<{ items: TaskItem[]; end: PageEnd | null }> {
    const rows = await this.tasks.list(filter, after, limit + 1);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      items: shown.map(toItem),
      end: last ? { createdUs: last.created_us, version: last.version, taskId: last.task_id } : null,
    };
  }

  async item(taskId: string): Promise<TaskItem | undefined> {
    const row = await this.tasks.find(taskId);
    return row && toItem(row);
  }

  /** One task with its attempts, at most the last 1,000. */
  async details(taskId: string): Promise<TaskDetails | undefined> {
    const item = await this.item(taskId);
    if (!item) return undefined;
    const attempts = await this.tasks.attempts(taskId);
    return {
      ...item,
      attempts: attempts.map((attempt) => ({ ...attempt, started_at: attempt.started_at.toISOString() })),
    };
  }
}

function toItem(row: TaskRow): TaskItem {
  return {
    task_id: row.task_id,
    event_id: row.event_id,
    biz_id: row.biz_id,
    shopee_uid: row.shopee_uid,
    kind: row.kind,
    state: row.state,
    attempt_count: row.attempt_count,
    next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}
