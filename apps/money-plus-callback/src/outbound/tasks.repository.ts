import type { OpenTx, PreparedStatement } from '@kyc-relay/persistence';
import type { TaskKind } from '../domain/task';

/** A task to be made. */
export interface NewTask {
  task_id: string;
  event_id: string;
  biz_id: string;
  shopee_uid: string;
  kind: TaskKind;
  version: number;
  body: string;
  traceparent: string | null;
}

/**
 * Tasks in the order of the array, which is that of the topic, so that positions follow it; then the lanes, in the order
 * in which everybody locks lanes. A lane that has a pending task already keeps its turn, but its row is locked all the
 * same: whoever takes the lane back at this moment must either see the new task or come first.
 */
const CREATE: PreparedStatement = {
  name: 'money_plus create tasks',
  text: `
with given as (
  select * from rows from (json_to_recordset($1::json) as (task_id uuid, event_id uuid, biz_id text, shopee_uid text,
      kind text, version bigint, body text, traceparent text))
    with ordinality as g (task_id, event_id, biz_id, shopee_uid, kind, version, body, traceparent, ordinality)
), created as (
  insert into money_plus.tasks (task_id, event_id, biz_id, shopee_uid, kind, version, body, traceparent)
  select task_id, event_id, biz_id, shopee_uid, kind, version, convert_to(body, 'UTF8'), traceparent
  from given order by ordinality
  on conflict (task_id) do nothing
  returning biz_id, shopee_uid, kind, position
), laned as (
  insert into money_plus.lanes as l (shopee_uid, biz_id, head_kind, due_at)
  select distinct on (shopee_uid, biz_id) shopee_uid, biz_id, kind, now()
  from created order by shopee_uid, biz_id, position
  on conflict (shopee_uid, biz_id) do update set head_kind = excluded.head_kind, due_at = excluded.due_at
  where l.due_at is null
)
select`,
};

/** The tasks as the intake writes them. */
export class TasksRepository {
  /** Makes tasks that are due at once; one that is there already stays as it is. */
  create(tx: OpenTx, tasks: readonly NewTask[]): void {
    if (tasks.length > 0) tx.write(CREATE, [JSON.stringify(tasks)]);
  }
}
