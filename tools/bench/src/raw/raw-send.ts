import type { OutgoingMessage } from '@kyc-relay/outbox';
import { Partitioners, type Kafka, type Message } from 'kafkajs';

/** Sends batches one after the other as kafkajs does it by itself; returns the seconds, connecting included. */
export async function sendRaw(
  kafka: Kafka,
  batches: readonly (readonly OutgoingMessage[])[],
): Promise<number> {
  const topicMessages = batches.map((batch) => byTopic(batch));
  const startedAt = performance.now();
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  for (const messages of topicMessages) await producer.sendBatch({ acks: -1, topicMessages: messages });
  await producer.disconnect();
  return (performance.now() - startedAt) / 1000;
}

function byTopic(batch: readonly OutgoingMessage[]): { topic: string; messages: Message[] }[] {
  const topics = new Map<string, Message[]>();
  for (const { topic, key, value, headers } of batch) {
    const messages = topics.get(topic) ?? [];
    messages.push({ key, value, headers });
    topics.set(topic, messages);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}
