import type { Kafka } from 'kafkajs';

/** Reads `count` messages of a topic and does nothing with them; returns messages a second from the first batch on. */
export async function consumeRaw(kafka: Kafka, topic: string, count: number): Promise<number> {
  const consumer = kafka.consumer({ groupId: `raw-${topic}-${process.pid}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let startedAt = 0;
  let seen = 0;
  let first = 0;
  const seconds = await new Promise<number>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        partitionsConsumedConcurrently: 3,
        eachBatch: async ({ batch }) => {
          if (startedAt === 0) {
            startedAt = performance.now();
            first = batch.messages.length;
          }
          seen += batch.messages.length;
          if (seen >= count) resolve((performance.now() - startedAt) / 1000);
          await Promise.resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return (seen - first) / seconds;
}
