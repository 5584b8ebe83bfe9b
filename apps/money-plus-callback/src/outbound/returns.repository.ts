import { packTexts, RowSet, type PreparedStatement, type Tx } from '@kyc-relay/persistence';
import type { ReturnRow } from '../domain/decide-return';

const ROWS = new RowSet<ReturnRow>({
  shopee_uid: 'text',
  biz_id: 'text',
  task_id: 'uuid',
  state: 'text',
  number: 'integer',
  started_at_ms: 'double precision',
  duration_ms: 'integer',
  http_status: 'smallint',
  retcode: 'double precision',
  error: 'text',
  response_prefix: 'text',
  counted: 'boolean',
  moves_on: 'boolean',
  wait_ms: 'double precision',
  resume_at: 'timestamptz',
});

/**
 * An attempt row, its task's next state and its lane's next turn, for many lanes at once. A lane whose task ended goes
 * on with its next one, which is looked for without the ended: all parts of a statement see the state before it.
 * Tasks and users stand in lists of their own, so that they are looked up by their keys however many the planner expects.
 */
export const SAVE_RETURNS: PreparedStatement = {
  name: 'money_plus save returns',
  text: `
with back as materialized (
  select * from ${ROWS.from(3)} as b
), recorded as (
  insert into money_plus.attempts
    (task_id, number, started_at, duration_ms, http_status, retcode, error, response_prefix, counted)
  select task_id, number, to_timestamp(started_at_ms / 1000), duration_ms, http_status, retcode, error,
    response_prefix, counted
  from back where number is not null
), moved as (
  update money_plus.tasks t set
    state = b.state,
    attempt_count = t.attempt_count + b.counted::integer,
    attempts_recorded = coalesce(b.number, t.attempts_recorded),
    finished_at = case when b.state <> 'PENDING' then now() end
  from back b where t.task_id = any($1::uuid[]) and t.task_id = b.task_id and b.state is not null
), turned as (
  update money_plus.lanes l set
    lease_owner = null,
    cancel_requested = false,
    head_kind = coalesce(f.kind, l.head_kind),
    due_at = case
      when not b.moves_on then greatest(b.resume_at, now() + coalesce(b.wait_ms, 0) * interval '1 millisecond')
      when f.kind is not null then now()
    end
  from back b left join lateral (
    select t.kind from money_plus.tasks t
    where b.moves_on and t.shopee_uid = b.shopee_uid and t.biz_id = b.biz_id and t.state = 'PENDING'
      and t.task_id is distinct from b.task_id
    order by t.position limit 1
  ) f on true
  where l.shopee_uid = any($2::text[]) and l.shopee_uid = b.shopee_uid and l.biz_id = b.biz_id
  returning f.kind is not null as goes_on
)
select coalesce(bool_or(goes_on), false) as goes_on from turned`,
};

/** Saves what came of claimed lanes. The lanes must be locked, and the caller must hold their leases. */
export class ReturnsRepository {
  /** @returns whether any of the lanes has another task that is due now */
  async save(tx: Tx, rows: readonly ReturnRow[]): Promise<boolean> {
    const [answer] = await tx.query<{ goes_on: boolean }>(SAVE_RETURNS, parametersOf(rows));
    if (!answer) throw new Error('an aggregate gave no row');
    return answer.goes_on;
  }
}

function parametersOf(rows: readonly ReturnRow[]): unknown[] {
  return [
    rows.flatMap((row) => row.task_id ?? []),
    packTexts([...new Set(rows.map((row) => row.shopee_uid))]),
    ...ROWS.pack(rows),
  ];
}
