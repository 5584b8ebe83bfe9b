import { setTimeout as delay } from 'node:timers/promises';
import { Partitioners, type Kafka, type Message } from 'kafkajs';

/** How long a message waits for others to be published with it, unless said otherwise: hardly at all. */
const TICK_MS = 5;

/** Messages to publish at a steady rate. */
export interface OfferedLoad {
  topic: string;
  /** Messages a second. */
  rate: number;
  count: number;
  /** From one `produce` to the next, in milliseconds. */
  tickMs?: number;
  messageOf: (n: number) => Message;
}

/** What was offered: when each key's message was handed to `produce`, and how far the generator fell behind. */
export interface Offered {
  /** Milliseconds since the epoch, with a fraction, by key. */
  sentAt: Map<string, number>;
  /** The most that a message was sent later than the rate says, in milliseconds. */
  latestMs: number;
}

/** The time as the simulated Money+ stamps arrivals: milliseconds since the epoch, with a fraction. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/**
 * Publishes messages at a steady rate, whatever becomes of them: what is due at a tick goes into one `produce`, and none
 * waits for the one before. Resolves when all are acknowledged.
 */
export async function offer(kafka: Kafka, load: OfferedLoad): Promise<Offered> {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const sentAt = new Map<string, number>();
  const sends = new Set<Promise<unknown>>();
  let latestMs = 0;
  const startedAt = nowMs();
  for (let sent = 0; sent < load.count;) {
    const due = Math.min(load.count, Math.floor(((nowMs() - startedAt) * load.rate) / 1000));
    if (due > sent) {
      latestMs = Math.max(latestMs, nowMs() - startedAt - (sent * 1000) / load.rate);
      const messages = Array.from({ length: due - sent }, (_, index) => load.messageOf(sent + index));
      const at = nowMs();
      const send = producer.send({ topic: load.topic, acks: -1, messages });
      sends.add(send);
      await Promise.race([send.finally(() => sends.delete(send)), Promise.resolve()]);
      for (const { key } of messages) sentAt.set(String(key), at);
      sent = due;
    }
    await delay(load.tickMs ?? TICK_MS);
  }
  await Promise.all(sends);
  await producer.disconnect();
  return { sentAt, latestMs };
}
