import type { Kafka } from 'kafkajs';

/** Asks the cluster who it is, over a connection of its own; rejects when no broker answers. */
export async function checkBroker(kafka: Kafka): Promise<void> {
  const admin = kafka.admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    await admin.describeCluster();
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
