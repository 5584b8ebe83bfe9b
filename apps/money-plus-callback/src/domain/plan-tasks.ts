import {
  buildInfoBody,
  buildStatusBody,
  type InfoChange,
  type StatusChange,
  type StatusSubscription,
} from './callback-body';
import type { TaskKind } from './task';
import { taskIdOf } from './task-id';

/** One callback that a change causes. */
export interface PlannedTask {
  taskId: string;
  eventId: string;
  bizId: string;
  shopeeUid: string;
  kind: TaskKind;
  version: number;
  /** The exact text of every attempt. */
  body: string;
}

/** A change as it stands on `kyc.user-events.v1`, with what decides who is called. */
export type SubscribedStatusChange = StatusChange & {
  version: number;
  subscriptions: readonly StatusSubscription[];
};
export type SubscribedInfoChange = InfoChange & {
  version: number;
  subscriptions: readonly { biz_id: string }[];
};

// Ids are stored as UUIDs, which have no case: the id in the body is written as the one in `webhook-id`.

/** One callback for each business that the status change concerns, whether the registry knows it now or not. */
export function planStatusTasks(change: SubscribedStatusChange): PlannedTask[] {
  const told = { ...change, event_id: change.event_id.toLowerCase() };
  return change.subscriptions.map((subscription) =>
    planTask(told, 'STATUS', subscription.biz_id, buildStatusBody(told, subscription)),
  );
}

/** One callback for each business that the info change concerns, unless nothing of it may be told. */
export function planInfoTasks(change: SubscribedInfoChange): PlannedTask[] {
  const told = { ...change, event_id: change.event_id.toLowerCase() };
  return change.subscriptions.flatMap(({ biz_id: bizId }) => {
    const body = buildInfoBody(told, bizId);
    return body === null ? [] : [planTask(told, 'INFO', bizId, body)];
  });
}

function planTask(
  change: { event_id: string; shopee_uid: string; version: number },
  kind: TaskKind,
  bizId: string,
  body: string,
): PlannedTask {
  return {
    taskId: taskIdOf(change.event_id, bizId),
    eventId: change.event_id,
    bizId,
    shopeeUid: change.shopee_uid,
    kind,
    version: change.version,
    body,
  };
}
