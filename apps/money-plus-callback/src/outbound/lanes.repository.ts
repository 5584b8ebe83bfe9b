import { packTexts, type Database, type PreparedStatement, type Tx } from '@kyc-relay/persistence';
import type { ClaimedLane, HeadTask } from '../domain/claimed-lane';
import type { TaskKind } from '../domain/task';

/** So many lanes of one business and kind are wanted, for a lease of this length. */
export interface ClaimWish {
  biz_id: string;
  kind: TaskKind;
  /** The origin that tasks of this kind go to; nothing is claimed while its circuit is open. */
  origin: string;
  quota: number;
  lease_ms: number;
}

/** An endpoint to probe should its circuit be open and the time have come. */
export interface ProbeWish {
  biz_id: string;
  origin: string;
  kinds: TaskKind[];
  lease_ms: number;
}

/** Which lane. */
export type LaneKey = Pick<ClaimedLane, 'shopeeUid' | 'bizId'>;

/** A lane as a claim returns it. */
export interface LeasedLane {
  shopee_uid: string;
  biz_id: string;
  kind: TaskKind;
  lease_epoch: string;
  cancel_requested: boolean;
  /** Only of a probe: when the lane would have been due. */
  resume_at?: Date;
}

/** A lane as it is found locked. */
export interface LockedLane {
  shopee_uid: string;
  biz_id: string;
  lease_owner: string | null;
  lease_epoch: string;
  cancel_requested: boolean;
  /** Nothing is pending. */
  resting: boolean;
  /** Whether the lease has not run out. */
  leased: boolean;
  /** Whether any circuit has a row at all: while none has, an answer that proves an endpoint up changes nothing. */
  any_circuit: boolean;
  /** The time of the transaction, which tasks that end in it carry. */
  at: Date;
}

/**
 * Several replicas claim beside each other: locked rows are skipped, the rest is theirs. One statement serves all
 * businesses, each with its own quota, so that none can fill a claim. The circuits are looked at first (materialized),
 * so that lanes of a dead endpoint are not even locked. The update finds the rows by their place, which cannot change
 * while they are locked: the planner knows too little of `due` to choose the primary key, and would read all lanes.
 */
const CLAIM: PreparedStatement = {
  name: 'money_plus claim lanes',
  text: `
with wish as materialized (
  select w.* from json_to_recordset($1::json)
    as w (biz_id text, kind text, origin text, quota integer, lease_ms integer)
  where not exists (select from money_plus.circuits c
    where c.biz_id = w.biz_id and c.origin = w.origin and c.opened_at is not null)
), due as (
  select l.ctid from wish w cross join lateral (
    select ctid from money_plus.lanes
    where biz_id = w.biz_id and head_kind = w.kind and due_at <= now()
    order by due_at limit w.quota for update skip locked
  ) l
)
update money_plus.lanes l set
  due_at = now() + (select max(w.lease_ms) from wish w where w.biz_id = l.biz_id) * interval '1 millisecond',
  lease_owner = $2,
  lease_epoch = l.lease_epoch + 1
where l.ctid = any (array (select ctid from due))
returning l.shopee_uid, l.biz_id, l.head_kind as kind, l.lease_epoch, l.cancel_requested`,
};

/**
 * The oldest head task of an endpoint whose circuit is open and whose probe is due (`position > 0` says which index finds
 * it). The update of `next_probe_at` is what
 * one replica wins; it is set to the end of the lease and, when the probe comes back, to its real value.
 */
const CLAIM_PROBES: PreparedStatement = {
  name: 'money_plus claim probes',
  text: `
with wish as materialized (
  select w.* from json_to_recordset($1::json) as w (biz_id text, origin text, kinds text[], lease_ms integer)
  join money_plus.circuits c on c.biz_id = w.biz_id and c.origin = w.origin
  where c.next_probe_at <= now()
), head as materialized (
  select w.biz_id, w.origin, w.lease_ms, l.shopee_uid, l.due_at as resume_at
  from wish w cross join lateral (
    select l.shopee_uid, l.due_at
    from money_plus.tasks t join money_plus.lanes l on l.shopee_uid = t.shopee_uid and l.biz_id = t.biz_id
    where t.biz_id = w.biz_id and t.state = 'PENDING' and t.position > 0 and t.kind = any(w.kinds)
      and (l.lease_owner is null or l.due_at <= now())
      and not exists (select from money_plus.tasks e
        where e.shopee_uid = t.shopee_uid and e.biz_id = t.biz_id and e.state = 'PENDING' and e.position < t.position)
    order by t.position limit 1 for update of l skip locked
  ) l
), won as (
  update money_plus.circuits c set next_probe_at = now() + head.lease_ms * interval '1 millisecond'
  from head where c.biz_id = head.biz_id and c.origin = head.origin and c.next_probe_at <= now()
  returning c.biz_id, c.origin
)
update money_plus.lanes l
set due_at = now() + head.lease_ms * interval '1 millisecond', lease_owner = $2, lease_epoch = l.lease_epoch + 1
from head join won on won.biz_id = head.biz_id and won.origin = head.origin
where l.shopee_uid = head.shopee_uid and l.biz_id = head.biz_id
returning l.shopee_uid, l.biz_id, l.head_kind as kind, l.lease_epoch, l.cancel_requested, head.resume_at`,
};

/**
 * The first pending task of each lane given by user and business. Read after the claim has committed: only then do all earlier changes of the lane show, and later ones need our lease.
 */
export const HEADS: PreparedStatement = {
  name: 'money_plus read heads',
  text: `
select t.* from unnest($1::text[], $2::text[]) with ordinality as l (shopee_uid, biz_id, ordinality)
left join lateral (
  select t.task_id, t.event_id, t.kind, t.version, t.body, t.traceparent,
    t.attempt_count, t.attempts_recorded, t.attempts_before,
    t.redriven and not t.forced and exists (select from money_plus.tasks n
      where n.shopee_uid = t.shopee_uid and n.biz_id = t.biz_id and n.kind = t.kind and n.version > t.version
        and n.state in ('PENDING', 'DELIVERED')) as superseded
  from money_plus.tasks t
  where t.shopee_uid = l.shopee_uid and t.biz_id = l.biz_id and t.state = 'PENDING'
  order by t.position limit 1
) t on true
order by l.ordinality`,
};

const LOCK_OF_USERS: PreparedStatement = {
  name: 'money_plus lock lanes',
  text: `select shopee_uid, biz_id, lease_owner, lease_epoch, cancel_requested, due_at is null as resting,
      lease_owner is not null and due_at > now() as leased,
      exists (select from money_plus.circuits) as any_circuit, now() as at
    from money_plus.lanes where shopee_uid = any($1::text[]) order by shopee_uid, biz_id for update`,
};

interface HeadRow {
  task_id: string | null;
  event_id: string;
  kind: TaskKind;
  version: string;
  body: Buffer;
  traceparent: string | null;
  attempt_count: number;
  attempts_recorded: number;
  attempts_before: number;
  superseded: boolean;
}

/** The lanes: who may work on which user's callbacks. */
export class LanesRepository {
  constructor(private readonly database: Database) {}

  /** Leases due lanes, at most as many of each business and kind as wished, the longest due first. */
  async claim(wishes: readonly ClaimWish[], owner: string): Promise<LeasedLane[]> {
    return await this.database.query<LeasedLane>(CLAIM, [JSON.stringify(wishes), owner]);
  }

  /** Leases the oldest head of each endpoint whose circuit is open and due for a probe that this replica wins. */
  async claimProbes(wishes: readonly ProbeWish[], owner: string): Promise<LeasedLane[]> {
    return await this.database.query<LeasedLane>(CLAIM_PROBES, [JSON.stringify(wishes), owner]);
  }

  /** The first pending task of each leased lane, in the same order; null where there is none. */
  async readHeads(lanes: readonly LeasedLane[]): Promise<(HeadTask | null)[]> {
    const rows = await this.database.query<HeadRow>(HEADS, [
      packTexts(lanes.map((lane) => lane.shopee_uid)),
      packTexts(lanes.map((lane) => lane.biz_id)),
    ]);
    return rows.map(toHead);
  }

  /** Makes the lanes due that are leased in this name, but for those in hand; returns how many. */
  async freeOwn(tx: Tx, owner: string, inHand: readonly LaneKey[]): Promise<number> {
    return await tx.execute(
      `update money_plus.lanes set due_at = now(), lease_owner = null
       where lease_owner = $1 and due_at > now()
         and (shopee_uid, biz_id) not in (select * from unnest($2::text[], $3::text[]))`,
      [owner, inHand.map(({ shopeeUid }) => shopeeUid), inHand.map(({ bizId }) => bizId)],
    );
  }

  /**
   * Locks all lanes of these users, in one order everywhere. Whoever holds them decides alone about the users' tasks,
   * and may publish about the users: the user is the Kafka key.
   */
  async lockOfUsers(tx: Tx, shopeeUids: readonly string[]): Promise<LockedLane[]> {
    return await tx.query<LockedLane>(LOCK_OF_USERS, [packTexts(shopeeUids)]);
  }
}

function toHead(row: HeadRow): HeadTask | null {
  if (row.task_id === null) return null;
  return {
    taskId: row.task_id,
    eventId: row.event_id,
    kind: row.kind,
    version: row.version,
    body: row.body,
    traceparent: row.traceparent,
    attempts: {
      counted: row.attempt_count,
      recorded: row.attempts_recorded,
      countedBefore: row.attempts_before,
    },
    superseded: row.superseded,
  };
}
