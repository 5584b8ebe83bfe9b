import type { TaskFilter } from '../domain/task-filter';
import type { TaskState } from '../domain/task';

/** Written out and no parameter: only then does the planner see that the index of the undelivered tasks has them all. */
const STATES: Record<TaskState, string> = {
  PENDING: `t.state = 'PENDING'`,
  DELIVERED: `t.state = 'DELIVERED'`,
  FAILED: `t.state = 'FAILED'`,
  CANCELLED: `t.state = 'CANCELLED'`,
};

/** The conditions of a filter on `tasks t`, and their parameters from $1 on. */
export function filterConditions(filter: TaskFilter): { conditions: string[]; parameters: unknown[] } {
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  const add = (value: unknown, condition: (parameter: string) => string): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition(`$${parameters.length}`));
  };
  if (filter.state !== undefined) conditions.push(STATES[filter.state]);
  add(filter.bizId, (p) => `t.biz_id = ${p}`);
  add(filter.shopeeUid, (p) => `t.shopee_uid = ${p}`);
  add(filter.kind, (p) => `t.kind = ${p}`);
  add(filter.from, (p) => `t.created_at >= ${p}`);
  add(filter.to, (p) => `t.created_at < ${p}`);
  return { conditions, parameters };
}
