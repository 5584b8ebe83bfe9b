import type { Kafka } from 'kafkajs';
import { nowMs, offer, type OfferedLoad } from '../workload/offered-load';

/** Milliseconds from the call of `produce` to `eachBatch` of kafkajs alone, at a steady rate, sorted. */
export async function hopRaw(kafka: Kafka, load: Omit<OfferedLoad, 'messageOf'>): Promise<number[]> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: load.topic, numPartitions: 6 }] });
  const consumer = kafka.consumer({ groupId: `raw-hop-${process.pid}`, maxWaitTimeInMs: 1_000 });
  await consumer.connect();
  await consumer.subscribe({ topic: load.topic, fromBeginning: true });
  const arrivedAt = new Map<string, number>();
  let last: () => void = () => undefined;
  const allArrived = new Promise<void>((resolve) => {
    last = resolve;
  });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      const at = nowMs();
      for (const { key } of batch.messages) arrivedAt.set(String(key), at);
      if (arrivedAt.size === load.count) last();
      await Promise.resolve();
    },
  });
  const { sentAt } = await offer(kafka, {
    ...load,
    messageOf: (n) => ({ key: `k${n}`, value: 'x'.repeat(400) }),
  });
  await allArrived;
  await consumer.disconnect();
  await admin.deleteTopics({ topics: [load.topic] });
  await admin.disconnect();
  return [...arrivedAt].map(([key, at]) => at - (sentAt.get(key) ?? NaN)).sort((a, b) => a - b);
}
