import { audit } from '@kyc-relay/access';
import type { Database, Tx } from '@kyc-relay/persistence';
import { decideRedrives, type ActionRefusal, type RedriveDecision } from '../domain/operator-actions';
import type { TaskFilter } from '../domain/task-filter';
import type { LanesRepository } from '../outbound/lanes.repository';
import type { ActionTask, TaskActionsRepository } from '../outbound/task-actions.repository';

/** Who acts, and why. */
export interface OperatorAction {
  actor: string;
  reason: string;
  at: Date;
}

/** Whether one task was acted on. */
export type ActionResult = { kind: 'done' } | { kind: 'unknown' } | { kind: 'refused'; code: ActionRefusal };

/** What an action by filter came to. */
export interface BulkResult {
  /** Tasks that the filter found, at most 1,000. */
  matched: number;
  /** Tasks acted on; with `dry_run` those that would have been. */
  done: number;
  refused: { taskId: string; code: ActionRefusal }[];
}

/** Sends ended tasks again, at the ends of their lanes. */
export class RedriveTasks {
  constructor(
    private readonly database: Database,
    private readonly lanes: LanesRepository,
    private readonly actions: TaskActionsRepository,
    private readonly wakeEngine: () => void,
  ) {}

  async one(taskId: string, force: boolean, action: OperatorAction): Promise<ActionResult> {
    const decisions = await this.database.transaction(async (tx) => {
      const decided = await this.redrive(tx, [taskId], force);
      if (decided[0]?.refusal === null) {
        await audit(tx, 'money_plus', {
          ...action,
          action: 'callback-task.redrive',
          target: taskId,
          details: { force },
        });
      }
      return decided;
    });
    this.wakeEngine();
    const [decision] = decisions;
    if (!decision) return { kind: 'unknown' };
    return decision.refusal === null ? { kind: 'done' } : { kind: 'refused', code: decision.refusal };
  }

  async byFilter(
    filter: TaskFilter,
    options: { force: boolean; dryRun: boolean },
    action: OperatorAction,
  ): Promise<BulkResult> {
    const { force, dryRun } = options;
    const ids = await this.actions.findRedrivable(filter, force);
    if (dryRun) return summarise(decideRedrives(await this.actions.read(ids), force));
    const result = await this.database.transaction(async (tx) => {
      const decisions = await this.redrive(tx, ids, force);
      const summary = summarise(decisions);
      const taskIds = decisions.filter(({ refusal }) => refusal === null).map(({ task }) => task.taskId);
      await audit(tx, 'money_plus', {
        ...action,
        action: 'callback-task.redrive',
        target: '*',
        details: { filter, force, matched: summary.matched, task_ids: taskIds },
      });
      return summary;
    });
    this.wakeEngine();
    return result;
  }

  private async redrive(
    tx: Tx,
    taskIds: readonly string[],
    force: boolean,
  ): Promise<RedriveDecision<ActionTask>[]> {
    const locked = await this.lanes.lockOfUsers(tx, await this.actions.usersOf(tx, taskIds));
    const decisions = decideRedrives(await this.actions.read(taskIds, tx), force);
    const chosen = decisions.filter(({ refusal }) => refusal === null).map(({ task }) => task);
    if (chosen.length === 0) return decisions;
    await this.actions.redrive(
      tx,
      chosen.map((task) => task.taskId),
      force,
    );
    // A lane at rest has a new first task; in any other the redriven wait behind those that are there.
    const resting = locked.filter((lane) => lane.resting);
    await this.actions.turnLanes(
      tx,
      resting.map((lane) => ({ shopeeUid: lane.shopee_uid, bizId: lane.biz_id })),
    );
    return decisions;
  }
}

function summarise(decisions: readonly RedriveDecision<ActionTask>[]): BulkResult {
  const refused = decisions.flatMap(({ task, refusal }) =>
    refusal === null ? [] : [{ taskId: task.taskId, code: refusal }],
  );
  return { matched: decisions.length, done: decisions.length - refused.length, refused };
}
