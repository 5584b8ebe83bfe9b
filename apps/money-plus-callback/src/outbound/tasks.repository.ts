import { RowSet, type PreparedStatement, type Tx } from '@kyc-relay/persistence';
import type { TaskKind } from '../domain/task';
import type { ClaimWish, LeasedLane } from './lanes.repository';

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

const ROWS = new RowSet<NewTask>({
  task_id: 'uuid',
  event_id: 'uuid',
  biz_id: 'text',
  shopee_uid: 'text',
  kind: 'text',
  version: 'bigint',
  body: 'bytea',
  traceparent: 'text',
});

/** A lane that had nothing pending and is due by a new task, or leased for it. */
export interface FreshLane extends LeasedLane {
  /** The new task that comes first. */
  task_id: string;
  leased: boolean;
}

/**
 * Tasks in the order of the array, which is that of the topic, so that positions follow it; then the lanes, in the order
 * in which everybody locks lanes. A lane that has a pending task already keeps its turn, but its row is locked all the
 * same: whoever takes the lane back at this moment must either see the new task or come first.
 *
 * Lanes that had nothing pending are leased as far as is wished, the first tasks first, unless their endpoint is down. A lease
 * counts from the statement on, not from the beginning of the transaction, which whoever wishes does not know.
 */
const CREATE: PreparedStatement = {
  name: 'money_plus create tasks',
  text: `
with wish as materialized (
  select w.* from json_to_recordset($1::json)
    as w (biz_id text, kind text, origin text, quota integer, lease_ms integer)
  where not exists (select from money_plus.circuits c
    where c.biz_id = w.biz_id and c.origin = w.origin and c.opened_at is not null)
), created as (
  insert into money_plus.tasks (${ROWS.names})
  select ${ROWS.names} from ${ROWS.from(3)} as n order by ordinality
  on conflict (task_id) do nothing
  returning task_id, biz_id, shopee_uid, kind, position
), first as materialized (
  select distinct on (shopee_uid, biz_id) shopee_uid, biz_id, kind, task_id, position
  from created order by shopee_uid, biz_id, position
), laned as (
  insert into money_plus.lanes as l (shopee_uid, biz_id, head_kind, due_at, lease_owner, lease_epoch)
  select f.shopee_uid, f.biz_id, f.kind,
    case when w.quota is null then now() else clock_timestamp() + w.lease_ms * interval '1 millisecond' end,
    case when w.quota is not null then $2 end, (w.quota is not null)::integer
  from (select *, row_number() over (partition by biz_id, kind order by position) as place from first) f
    left join wish w on w.biz_id = f.biz_id and w.kind = f.kind and w.quota >= f.place
  order by f.shopee_uid, f.biz_id
  on conflict (shopee_uid, biz_id) do update set head_kind = excluded.head_kind, due_at = excluded.due_at,
    lease_owner = excluded.lease_owner, lease_epoch = l.lease_epoch + excluded.lease_epoch
  where l.due_at is null
  returning shopee_uid, biz_id, head_kind, lease_owner, lease_epoch, cancel_requested
)
select l.shopee_uid, l.biz_id, l.head_kind as kind, l.lease_epoch, l.cancel_requested, f.task_id,
  l.lease_owner is not null as leased
from laned l join first f on f.shopee_uid = l.shopee_uid and f.biz_id = l.biz_id
order by f.position`,
};

/** The tasks as the intake writes them. */
export class TasksRepository {
  /**
   * Makes tasks that are due at once; one that is there already stays as it is.
   * @param wishes how many of the lanes that had nothing pending to lease in the owner's name
   * @returns those lanes, in the order of the tasks; the locks of all lanes concerned are held
   */
  async create(
    tx: Tx,
    tasks: readonly NewTask[],
    { wishes, owner }: { wishes: readonly ClaimWish[]; owner: string },
  ): Promise<FreshLane[]> {
    return await tx.query<FreshLane>(CREATE, [JSON.stringify(wishes), owner, ...ROWS.pack(tasks)]);
  }
}
