import { createHash, randomUUID } from 'node:crypto';
import { dlqOf, isDlqHeader, readHeaders, receive, type ReceivedMessage } from '@kyc-relay/messaging';
import { packMessage, type BatchPublisher, type WireMessage } from '@kyc-relay/outbox';
import type { Kafka } from 'kafkajs';

/** Which dead letters are meant; what is left out does not matter. */
export interface DeadLetterFilter {
  code?: string | undefined;
  key?: string | undefined;
}

/** How many dead letters are read or replayed at a time. */
const BATCH = 200;
/** How long the broker may keep a fetch that finds nothing. */
const FETCH_WAIT_MS = 100;

/**
 * Reads the DLQ of a topic from its beginning to its end as of now, in the order of each partition, and hands over what
 * fits the filter batch by batch, so that a DLQ of any length fits in memory.
 */
export async function readDeadLetters(
  kafka: Kafka,
  topic: string,
  filter: DeadLetterFilter,
  take: (letters: ReceivedMessage[]) => Promise<void>,
): Promise<void> {
  const dlq = dlqOf(topic);
  const groupId = `dlq-reader-${randomUUID()}`;
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ends = new Map((await admin.fetchTopicOffsets(dlq)).map((one) => [one.partition, one]));
    const open = new Set(
      [...ends.values()].filter((one) => BigInt(one.low) < BigInt(one.high)).map((p) => p.partition),
    );
    if (open.size === 0) return;
    // A fetch that waits for messages to come would hold up the end by the default of five seconds.
    const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: FETCH_WAIT_MS });
    await consumer.connect();
    await consumer.subscribe({ topic: dlq, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const fail = (error: unknown): void => {
        reject(error instanceof Error ? error : new Error('reading the DLQ failed'));
      };
      consumer
        .run({
          autoCommit: false,
          eachBatch: async (payload) => {
            const { batch } = payload;
            const end = BigInt(ends.get(batch.partition)?.high ?? '0');
            const letters = batch.messages
              .filter((message) => BigInt(message.offset) < end)
              .map((message) => receive(dlq, batch.partition, message))
              .filter((letter) => fits(letter, filter));
            try {
              for (let start = 0; start < letters.length; start += BATCH) {
                await take(letters.slice(start, start + BATCH));
                await payload.heartbeat();
              }
            } catch (error) {
              fail(error);
              return;
            }
            if (BigInt(batch.lastOffset()) + 1n >= end) open.delete(batch.partition);
            if (open.size === 0) resolve();
          },
        })
        .catch(fail);
    }).finally(async () => {
      await consumer.disconnect();
    });
    await admin.deleteGroups([groupId]).catch(() => undefined);
  } finally {
    await admin.disconnect();
  }
}

/** The message as it was before it was dead. */
function toOriginal(letter: ReceivedMessage): WireMessage {
  return {
    topic: readHeaders(letter)['dlq-topic'] ?? letter.topic.replace(/\.dlq$/, ''),
    key: letter.key,
    value: letter.value,
    headers: Object.fromEntries(Object.entries(letter.headers).filter(([name]) => !isDlqHeader(name))),
  };
}

/** The message as it was before it was dead, marked as a replay, on its way back to its topic. */
export function toReplay(letter: ReceivedMessage, now: Date): WireMessage {
  const original = toOriginal(letter);
  return { ...original, headers: { ...original.headers, 'dlq-replay': now.toISOString() } };
}

/**
 * Tells whether a letter is the first of its message. A replay that is refused again leaves one more letter of the same
 * bytes; if each were sent, every replay would double their number. A letter costs some 50 bytes of memory.
 */
export function firstOfEach(): (letter: ReceivedMessage) => boolean {
  const seen = new Set<string>();
  return (letter) => {
    const original = toOriginal(letter);
    const digest = createHash('sha256')
      .update(`${original.topic}\n${packMessage(original)}`)
      .digest('base64');
    const isFirst = !seen.has(digest);
    seen.add(digest);
    return isFirst;
  };
}

/** Sends dead letters back to where they came from. */
export async function replay(
  publisher: BatchPublisher,
  letters: readonly ReceivedMessage[],
  now: Date,
): Promise<void> {
  await publisher.publish(letters.map((letter) => toReplay(letter, now)));
}

function fits(letter: ReceivedMessage, filter: DeadLetterFilter): boolean {
  if (filter.code !== undefined && readHeaders(letter)['dlq-reason'] !== filter.code) return false;
  return filter.key === undefined || letter.key?.toString('utf8') === filter.key;
}
