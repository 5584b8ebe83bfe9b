import { LockedKeys, type Outbox } from '@kyc-relay/outbox';
import type { Database, Tx } from '@kyc-relay/persistence';
import { CLOSED_CIRCUIT, readSign } from '../domain/circuit';
import type { ClaimedLane, LaneReturn } from '../domain/claimed-lane';
import { decideReturn, type Ending, type ReturnDecision } from '../domain/decide-return';
import { finishedMessage } from '../domain/finished-message';
import { foldCircuit } from '../domain/fold-circuits';
import {
  endpointKey,
  type CircuitChange,
  type CircuitsRepository,
  type EndpointKey,
} from '../outbound/circuits.repository';
import type { LanesRepository } from '../outbound/lanes.repository';
import type { ReturnsRepository } from '../outbound/returns.repository';

/** What the return of lanes came to. */
export interface ReturnSummary {
  /** Lanes whose lease was lost to another claim meanwhile; nothing of them was saved. */
  lost: number;
  /** Whether a returned lane has another task that is due now. */
  goesOn: boolean;
  /** For each lane whose task is to be retried: when it is due again, in milliseconds from now. */
  waitsMs: number[];
  /** Tasks that ended FAILED. */
  failed: { taskId: string; bizId: string; error: string | null; traceparent: string | null }[];
  /** Endpoints whose circuit opened. */
  opened: EndpointKey[];
  /** Endpoints whose circuit closed. */
  closed: EndpointKey[];
}

/** What attempts did to the circuits. */
interface CircuitSteps {
  /** Whether each attempt counts; one that is missing does. */
  counted: Map<LaneReturn, boolean>;
  opened: EndpointKey[];
  closed: EndpointKey[];
}

/**
 * Takes back lanes in one transaction: attempts on record, next states, circuits, ends told. Everything about one call
 * is one commit, and only now may the user's next callback start.
 */
export class ReturnLanes {
  constructor(
    private readonly database: Database,
    private readonly lanes: LanesRepository,
    private readonly circuits: CircuitsRepository,
    private readonly returns: ReturnsRepository,
    private readonly outbox: Outbox,
    private readonly random: () => number,
  ) {}

  /** Takes the lanes back; one whose lease another claim has taken meanwhile is left alone. */
  async run(returned: readonly LaneReturn[]): Promise<ReturnSummary> {
    const uids = [...new Set(returned.map(({ lane }) => lane.shopeeUid))];
    const { goesOn, ...summary } = await this.database.transaction(async (tx) => {
      const locked = await this.lanes.lockOfUsers(tx, uids);
      const byLane = new Map(locked.map((lane) => [laneKey(lane.shopee_uid, lane.biz_id), lane]));
      const held = returned.flatMap((one) => {
        const lane = byLane.get(laneKey(one.lane.shopeeUid, one.lane.bizId));
        return lane?.lease_owner === one.lane.owner && lane.lease_epoch === one.lane.epoch
          ? [{ one, lane }]
          : [];
      });
      const { counted, opened, closed } = await this.stepCircuits(
        tx,
        held.map(({ one }) => one),
        locked.some((lane) => lane.any_circuit),
      );
      const decisions = held.map(({ one, lane }) =>
        decideReturn(one, lane.cancel_requested, counted.get(one) ?? true, this.random()),
      );
      const goesOn = this.returns.save(
        tx,
        decisions.map(({ row }) => row),
      );
      // It travels with the messages and the commit, and fails with them.
      goesOn.catch(() => undefined);
      const endings = decisions.flatMap(({ ending }) => (ending ? [ending] : []));
      const at = locked[0]?.at ?? new Date();
      this.outbox.enqueue(
        LockedKeys.heldBy(tx, uids),
        endings.map((ending) => tell(ending, at)),
      );
      return {
        lost: returned.length - held.length,
        goesOn,
        opened,
        closed,
        ...summarise(decisions, endings),
      };
    });
    return { ...summary, goesOn: await goesOn };
  }

  /** Steps the circuits of the endpoints that were called. */
  private async stepCircuits(
    tx: Tx,
    returned: readonly LaneReturn[],
    anyCircuit: boolean,
  ): Promise<CircuitSteps> {
    const calls = returned.filter((one) => one.kind === 'attempted' || one.lane.probeOf !== null);
    const failing = calls.filter((one) => one.kind === 'attempted' && readSign(one.verdict) === 'DOWN');
    const steps: CircuitSteps = { counted: new Map(), opened: [], closed: [] };
    // The usual case costs nothing: no endpoint is failing and none of these calls failed.
    if (!anyCircuit && failing.length === 0) return steps;

    const groups = new Map<string, LaneReturn[]>();
    for (const one of calls)
      groups.set(endpointKey(one.lane), [...(groups.get(endpointKey(one.lane)) ?? []), one]);
    const endpointsOf = (some: readonly LaneReturn[]): ClaimedLane[] => [
      ...new Map(some.map(({ lane }) => [endpointKey(lane), lane])).values(),
    ];
    const stored = await this.circuits.lock(tx, endpointsOf(calls), endpointsOf(failing));
    const changes: CircuitChange[] = [];
    for (const [key, group] of groups) {
      const before = stored.get(key);
      const {
        circuit,
        counted: flags,
        probeInMs,
      } = foldCircuit(
        before ?? CLOSED_CIRCUIT,
        group.map((one) => ({
          isProbe: one.lane.probeOf !== null,
          verdict: one.kind === 'attempted' ? one.verdict : null,
        })),
      );
      for (const [index, one] of group.entries()) steps.counted.set(one, flags[index] ?? true);
      const lane = group[0]?.lane;
      if (!before || !lane) continue;
      const endpoint = { bizId: lane.bizId, origin: lane.origin };
      changes.push({ ...endpoint, circuit, probeInMs });
      if (circuit.open && !before.open) steps.opened.push(endpoint);
      if (!circuit.open && before.open) steps.closed.push(endpoint);
    }
    await this.circuits.save(tx, changes);
    return steps;
  }
}

function laneKey(shopeeUid: string, bizId: string): string {
  return `${shopeeUid}\n${bizId}`;
}

function tell(ending: Ending, finishedAt: Date): ReturnType<typeof finishedMessage> {
  const { lane, head } = ending;
  return finishedMessage({
    taskId: head.taskId,
    eventId: head.eventId,
    bizId: lane.bizId,
    shopeeUid: lane.shopeeUid,
    kind: head.kind,
    outcome: ending.outcome,
    attemptCount: ending.attemptCount,
    finishedAt,
    error: ending.error,
    traceparent: head.traceparent,
  });
}

function summarise(
  decisions: readonly ReturnDecision[],
  endings: readonly Ending[],
): Pick<ReturnSummary, 'waitsMs' | 'failed'> {
  return {
    waitsMs: decisions.flatMap(({ row }) => (row.wait_ms === null ? [] : [row.wait_ms])),
    failed: endings
      .filter(({ outcome }) => outcome === 'FAILED')
      .map(({ head, lane, error }) => ({
        taskId: head.taskId,
        bizId: lane.bizId,
        error,
        traceparent: head.traceparent,
      })),
  };
}
