import { newEventId, TOPICS, type CallbackFinishedDto } from '@kyc-relay/contracts';
import type { OutboxMessage } from '@kyc-relay/outbox';
import type { TaskKind, TaskOutcome } from './task';

/** A task that has just ended. */
export interface FinishedTask {
  taskId: string;
  eventId: string;
  bizId: string;
  shopeeUid: string;
  kind: TaskKind;
  outcome: TaskOutcome;
  /** Attempts that counted, over all rounds. */
  attemptCount: number;
  finishedAt: Date;
  /** Error class of the last attempt, or why it was cancelled; null when delivered. */
  error: string | null;
  traceparent: string | null;
}

/** The message that tells a task's end on `money-plus.callback-finished.v1`. */
export function finishedMessage(task: FinishedTask): OutboxMessage {
  const eventId = newEventId();
  const value: CallbackFinishedDto = {
    event_id: eventId,
    task_id: task.taskId,
    callback_event_id: task.eventId,
    biz_id: task.bizId,
    shopee_uid: task.shopeeUid,
    kind: task.kind,
    outcome: task.outcome,
    attempt_count: task.attemptCount,
    finished_at: task.finishedAt.toISOString(),
    ...(task.error === null ? {} : { error: task.error }),
  };
  return {
    topic: TOPICS.moneyPlusCallbackFinished,
    key: task.shopeeUid,
    type: 'money-plus.callback-finished',
    eventId,
    time: task.finishedAt,
    value,
    ...(task.traceparent === null ? {} : { traceparent: task.traceparent }),
  };
}
