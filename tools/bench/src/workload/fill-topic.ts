import { Partitioners, type Kafka, type Message } from 'kafkajs';

const BATCH = 1_000;

/** Appends `count` messages to a topic, in order. */
export async function fillTopic(
  kafka: Kafka,
  topic: string,
  count: number,
  messageOf: (n: number) => Message,
): Promise<void> {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  for (let start = 0; start < count; start += BATCH) {
    const messages = Array.from({ length: Math.min(BATCH, count - start) }, (_, index) =>
      messageOf(start + index),
    );
    await producer.send({ topic, acks: -1, messages });
  }
  await producer.disconnect();
}
