import { audit } from '@kyc-relay/access';
import { LockedKeys, type Outbox } from '@kyc-relay/outbox';
import type { Database, OpenTx } from '@kyc-relay/persistence';
import { finishedMessage } from '../domain/finished-message';
import { decideCancel, type CancelDecision } from '../domain/operator-actions';
import type { TaskFilter } from '../domain/task-filter';
import type { LanesRepository, LockedLane } from '../outbound/lanes.repository';
import type { ActionTask, TaskActionsRepository } from '../outbound/task-actions.repository';
import type { ActionResult, BulkResult, OperatorAction } from './redrive-tasks';

interface Decided {
  task: ActionTask;
  decision: CancelDecision;
}

/** Ends pending tasks without delivery; one in a call ends after it, unless it succeeds. */
export class CancelTasks {
  constructor(
    private readonly database: Database,
    private readonly lanes: LanesRepository,
    private readonly actions: TaskActionsRepository,
    private readonly outbox: Outbox,
    private readonly wakeEngine: () => void,
  ) {}

  async one(taskId: string, action: OperatorAction): Promise<ActionResult> {
    const [decided] = await this.database.transaction(async (tx) => {
      const all = await this.cancel(tx, [taskId]);
      if (all.some(isAccepted)) {
        await audit(tx, 'money_plus', { ...action, action: 'callback-task.cancel', target: taskId });
      }
      return all;
    });
    this.wakeEngine();
    if (!decided) return { kind: 'unknown' };
    const { decision } = decided;
    return decision === 'NOW' || decision === 'AFTER_CALL'
      ? { kind: 'done' }
      : { kind: 'refused', code: decision };
  }

  async byFilter(filter: TaskFilter, dryRun: boolean, action: OperatorAction): Promise<BulkResult> {
    const ids = await this.actions.findCancellable(filter);
    if (dryRun) {
      const tasks = await this.actions.read(ids);
      return summarise(tasks.map((task) => ({ task, decision: decideCancel(task.state, false) })));
    }
    const result = await this.database.transaction(async (tx) => {
      const decided = await this.cancel(tx, ids);
      const summary = summarise(decided);
      const taskIds = decided.filter(isAccepted).map(({ task }) => task.taskId);
      await audit(tx, 'money_plus', {
        ...action,
        action: 'callback-task.cancel',
        target: '*',
        details: { filter, matched: summary.matched, task_ids: taskIds },
      });
      return summary;
    });
    this.wakeEngine();
    return result;
  }

  private async cancel(tx: OpenTx, taskIds: readonly string[]): Promise<Decided[]> {
    const uids = await this.actions.usersOf(tx, taskIds);
    const leased = leasedLanes(await this.lanes.lockOfUsers(tx, uids));
    const decided = (await this.actions.read(taskIds, tx)).map((task) => ({
      task,
      decision: decideCancel(task.state, task.isHead && leased.has(laneOf(task))),
    }));
    const chosen = (wanted: CancelDecision): ActionTask[] =>
      decided.filter(({ decision }) => decision === wanted).map(({ task }) => task);

    await this.actions.requestCancel(tx, chosen('AFTER_CALL'));
    const now = chosen('NOW');
    if (now.length === 0) return decided;
    const finishedAt = await this.actions.cancel(
      tx,
      now.map((task) => task.taskId),
    );
    await this.actions.turnLanes(
      tx,
      now.filter((task) => task.isHead),
    );
    this.outbox.enqueue(
      LockedKeys.heldBy(tx, uids),
      now.map((task) => finishedMessage({ ...task, outcome: 'CANCELLED', finishedAt, error: 'OPERATOR' })),
    );
    return decided;
  }
}

function isAccepted({ decision }: Decided): boolean {
  return decision === 'NOW' || decision === 'AFTER_CALL';
}

function leasedLanes(locked: readonly LockedLane[]): Set<string> {
  return new Set(
    locked
      .filter((lane) => lane.leased)
      .map((lane) => laneOf({ shopeeUid: lane.shopee_uid, bizId: lane.biz_id })),
  );
}

function laneOf(lane: { shopeeUid: string; bizId: string }): string {
  return `${lane.shopeeUid}\n${lane.bizId}`;
}

function summarise(decided: readonly Decided[]): BulkResult {
  const refused = decided.flatMap(({ task, decision }) =>
    decision === 'NOW' || decision === 'AFTER_CALL' ? [] : [{ taskId: task.taskId, code: decision }],
  );
  return { matched: decided.length, done: decided.length - refused.length, refused };
}
