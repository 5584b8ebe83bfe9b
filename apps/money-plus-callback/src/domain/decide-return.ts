import type { CancelCause, ClaimedLane, HeadTask, LaneReturn } from './claimed-lane';
import { concludeAttempt } from './conclude-attempt';
import type { TaskOutcome, TaskState } from './task';

/** What a returned lane leaves in the store. */
export interface ReturnRow {
  shopee_uid: string;
  biz_id: string;
  /** Null when the lane had no pending task. */
  task_id: string | null;
  /** The task's next state; null when nothing was attempted and nothing ends. */
  state: TaskState | null;
  /** The attempt, where one was made. */
  number: number | null;
  started_at_ms: number | null;
  duration_ms: number | null;
  http_status: number | null;
  retcode: number | null;
  error: string | null;
  response_prefix: string | null;
  counted: boolean;
  /** The lane goes on with its next task, or rests when there is none. */
  moves_on: boolean;
  /** When the lane is due again, while its head stays pending: after a wait, or at a time. */
  wait_ms: number | null;
  resume_at: string | null;
}

/** A task that ends with its lane's return. */
export interface Ending {
  head: HeadTask;
  lane: ClaimedLane;
  outcome: TaskOutcome;
  /** Attempts that counted, over all rounds. */
  attemptCount: number;
  /** Error class of the last attempt, or why it was cancelled; null when delivered. */
  error: string | null;
}

/** What one returned lane is decided to be. */
export interface ReturnDecision {
  row: ReturnRow;
  ending: Ending | null;
}

/**
 * Decides what a returned lane leaves behind.
 * @param cancelRequested an operator asked meanwhile to end the head
 * @param counted whether the attempt, if there was one, counts
 * @param random uniform in [0, 1), for the jitter of a retry
 */
export function decideReturn(
  one: LaneReturn,
  cancelRequested: boolean,
  counted: boolean,
  random: number,
): ReturnDecision {
  const { lane } = one;
  if (one.kind === 'attempted') {
    const { head, verdict, policy } = one;
    const conclusion = concludeAttempt(
      {
        verdict,
        before: head.attempts,
        counted,
        cancelRequested,
        retryAfterMs: one.retryAfterMs,
      },
      policy,
      random,
    );
    const waitMs = conclusion.state === 'PENDING' ? conclusion.waitMs : null;
    const row: ReturnRow = {
      ...emptyRow(lane),
      task_id: head.taskId,
      state: conclusion.state,
      number: head.attempts.recorded + 1,
      started_at_ms: one.startedAtMs,
      duration_ms: Math.round(one.durationMs),
      http_status: verdict.httpStatus,
      retcode: verdict.retcode,
      error: verdict.error,
      response_prefix: verdict.responsePrefix,
      counted,
      moves_on: conclusion.state !== 'PENDING',
      wait_ms: waitMs,
      // A probe costs its lane nothing, no time either.
      resume_at: waitMs === null ? (lane.probeOf?.resumeAt.toISOString() ?? null) : null,
    };
    if (conclusion.state === 'PENDING') return { row, ending: null };
    const error = conclusion.state === 'CANCELLED' ? 'OPERATOR' : verdict.error;
    return { row, ending: endingOf(lane, head, conclusion.state, Number(counted), error) };
  }
  // What was asked of a task during a call that did not come about still holds.
  const cause: CancelCause | null =
    one.kind === 'cancelled' ? one.cause : cancelRequested ? 'OPERATOR' : null;
  if (cause !== null && lane.head) {
    const row: ReturnRow = {
      ...emptyRow(lane),
      task_id: lane.head.taskId,
      state: 'CANCELLED',
      moves_on: true,
    };
    return { row, ending: endingOf(lane, lane.head, 'CANCELLED', 0, cause) };
  }
  const resumeAt = lane.probeOf?.resumeAt.toISOString() ?? null;
  return {
    row: {
      ...emptyRow(lane),
      task_id: lane.head?.taskId ?? null,
      moves_on: lane.head === null,
      resume_at: resumeAt,
    },
    ending: null,
  };
}

function emptyRow(lane: ClaimedLane): ReturnRow {
  return {
    shopee_uid: lane.shopeeUid,
    biz_id: lane.bizId,
    task_id: null,
    state: null,
    number: null,
    started_at_ms: null,
    duration_ms: null,
    http_status: null,
    retcode: null,
    error: null,
    response_prefix: null,
    counted: false,
    moves_on: false,
    wait_ms: null,
    resume_at: null,
  };
}

function endingOf(
  lane: ClaimedLane,
  head: HeadTask,
  outcome: TaskOutcome,
  countedNow: number,
  error: string | null,
): Ending {
  return { lane, head, outcome, attemptCount: head.attempts.counted + countedNow, error };
}
