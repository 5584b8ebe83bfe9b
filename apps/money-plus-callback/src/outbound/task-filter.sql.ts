import type { TaskFilter } from '../domain/task-filter';

/** The conditions of a filter on `tasks t`, and their parameters from $1 on. */
export function filterConditions(filter: TaskFilter): { conditions: string[]; parameters: unknown[] } {
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  const add = (value: unknown, condition: (parameter: string) => string): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition(`$${parameters.length}`));
  };
  add(filter.state, (p) => `t.state = ${p}`);
  add(filter.bizId, (p) => `t.biz_id = ${p}`);
  add(filter.shopeeUid, (p) => `t.shopee_uid = ${p}`);
  add(filter.kind, (p) => `t.kind = ${p}`);
  add(filter.from, (p) => `t.created_at >= ${p}`);
  add(filter.to, (p) => `t.created_at < ${p}`);
  return { conditions, parameters };
}
