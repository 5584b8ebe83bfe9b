import type { TaskKind, TaskState } from './task';

/** Why an operator's action on a task is refused; the stable code in the answer. */
export type ActionRefusal =
  | 'callback.not-ended'
  | 'callback.delivered'
  | 'callback.superseded'
  | 'callback.body-purged'
  | 'callback.not-pending';

/** The refusals in words, for the people who read the answer. */
export const REFUSAL_TEXTS: Readonly<Record<ActionRefusal, string>> = {
  'callback.not-ended': 'the task is still pending',
  'callback.delivered': 'the task was delivered',
  'callback.superseded': 'a later change of the same user and kind was delivered or is pending',
  'callback.body-purged': 'the body is no longer kept',
  'callback.not-pending': 'the task has ended',
};

/** What a redrive is decided by. */
export interface RedriveCandidate {
  taskId: string;
  bizId: string;
  shopeeUid: string;
  kind: TaskKind;
  state: TaskState;
  version: number;
  /** A later change of the same user and kind was delivered or is pending. */
  superseded: boolean;
  /** The body is kept for a limited time after the task's end; without it there is nothing to send. */
  hasBody: boolean;
}

/** One candidate with what is decided about it; null refusal means that it is redriven. */
export interface RedriveDecision<C> {
  task: C;
  refusal: ActionRefusal | null;
}

/**
 * Decides which tasks are sent again: only after an end without delivery, and not when the receiver has or gets newer
 * news, unless the operator insists. Of several that one call would redrive, the later is news to the earlier.
 */
export function decideRedrives<C extends RedriveCandidate>(
  candidates: readonly C[],
  force: boolean,
): RedriveDecision<C>[] {
  const judged = candidates.map((task) => ({ task, refusal: refuseRedrive(task, force) }));
  if (force) return judged;
  const newest = new Map<string, number>();
  for (const { task, refusal } of judged) {
    if (refusal === null) newest.set(newsKey(task), Math.max(newest.get(newsKey(task)) ?? 0, task.version));
  }
  return judged.map(({ task, refusal }) => ({
    task,
    refusal: refusal ?? (task.version < (newest.get(newsKey(task)) ?? 0) ? 'callback.superseded' : null),
  }));
}

/** What is decided about a cancel. `AFTER_CALL`: a call is under way, and the task ends with it unless it succeeds. */
export type CancelDecision = 'NOW' | 'AFTER_CALL' | ActionRefusal;

/** Whether a task may be cancelled: only while it is pending. */
export function decideCancel(state: TaskState, isInCall: boolean): CancelDecision {
  if (state !== 'PENDING') return 'callback.not-pending';
  return isInCall ? 'AFTER_CALL' : 'NOW';
}

function refuseRedrive(task: RedriveCandidate, force: boolean): ActionRefusal | null {
  if (task.state === 'PENDING') return 'callback.not-ended';
  if (task.state === 'DELIVERED') return 'callback.delivered';
  if (!task.hasBody) return 'callback.body-purged';
  return task.superseded && !force ? 'callback.superseded' : null;
}

function newsKey(task: RedriveCandidate): string {
  return `${task.shopeeUid}\n${task.bizId}\n${task.kind}`;
}
