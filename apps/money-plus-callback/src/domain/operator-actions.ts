import type { TaskState } from './task';

/** Why an operator's action on a task is refused; the stable code in the answer. */
export type ActionRefusal =
  | 'callback.not-ended'
  | 'callback.delivered'
  | 'callback.superseded'
  | 'callback.body-purged'
  | 'callback.not-pending';

/** What a redrive is decided by. */
export interface RedriveCandidate {
  state: TaskState;
  /** A later change of the same user and kind was delivered, is pending, or is redriven by the same call. */
  superseded: boolean;
  /** The body is kept for a limited time after the task's end; without it there is nothing to send. */
  hasBody: boolean;
}

/**
 * Whether a task may be sent again: only after an end without delivery, and not when the receiver has newer news,
 * unless the operator insists. Null means yes.
 */
export function refuseRedrive(task: RedriveCandidate, force: boolean): ActionRefusal | null {
  if (task.state === 'PENDING') return 'callback.not-ended';
  if (task.state === 'DELIVERED') return 'callback.delivered';
  if (!task.hasBody) return 'callback.body-purged';
  return task.superseded && !force ? 'callback.superseded' : null;
}

/** Whether a task may be cancelled: only while it is pending. Null means yes. */
export function refuseCancel(state: TaskState): ActionRefusal | null {
  return state === 'PENDING' ? null : 'callback.not-pending';
}

/** The refusals in words, for the people who read the answer. */
export const REFUSAL_TEXTS: Readonly<Record<ActionRefusal, string>> = {
  'callback.not-ended': 'the task is still pending',
  'callback.delivered': 'the task was delivered',
  'callback.superseded': 'a later change of the same user and kind was delivered or is pending',
  'callback.body-purged': 'the body is no longer kept',
  'callback.not-pending': 'the task has ended',
};
