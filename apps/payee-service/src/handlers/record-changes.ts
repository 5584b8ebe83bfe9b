import { newEventId, PAYEE_CHANGED, TOPICS } from '@kyc-relay/contracts';
import type { LockedKeys, Outbox, OutboxMessage } from '@kyc-relay/outbox';
import { publishedValue, type AppliedChange } from '../domain/decision';
import { appendHistory } from '../outbound/history.repository';

/** Writes the history of changes and publishes them, in the transaction that holds their payees. */
export async function recordChanges(
  locked: LockedKeys,
  outbox: Outbox,
  changes: readonly AppliedChange[],
  traceparent?: string,
): Promise<void> {
  await appendHistory(
    locked.tx,
    changes.map(({ payee, entry }) => ({ customerNo: payee.customerNo, entry })),
  );
  outbox.enqueue(
    locked,
    changes.map((change) => toMessage(change, traceparent)),
  );
}

/** The message that tells of a change. */
export function toMessage(change: AppliedChange, traceparent?: string): OutboxMessage {
  const eventId = newEventId();
  return {
    topic: TOPICS.payeeChanged,
    key: change.payee.customerNo,
    type: PAYEE_CHANGED,
    eventId,
    time: change.entry.at,
    value: publishedValue(change, eventId),
    traceparent,
  };
}
