import type { ReceivedRequest } from '@kyc-relay/simulators';

/** Milliseconds from the call of `produce` to the whole body at the receiver, sorted; of the users that were offered. */
export function latenciesOf(
  sentAt: ReadonlyMap<string, number>,
  received: readonly ReceivedRequest[],
): number[] {
  const latencies: number[] = [];
  for (const { shopee_uid: uid, arrived_at: arrivedAt } of received) {
    const at = uid === null ? undefined : sentAt.get(uid);
    if (at !== undefined) latencies.push(arrivedAt - at);
  }
  return latencies.sort((a, b) => a - b);
}
