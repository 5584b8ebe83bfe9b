import { connect, type Socket } from 'node:net';
import { seededRandom } from '@kyc-relay/contracts';
import { PublishRefused, type WireMessage } from '@kyc-relay/outbox';
import {
  collectingLogger,
  createTestTopics,
  readTopics,
  testBrokers,
  testKafka,
  uniqueName,
  useCleanup,
  type ReadMessage,
  type TopicReader,
} from '@kyc-relay/testing';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { SerialProducer } from './serial-producer';

const cleanup = useCleanup();
const topic = uniqueName('sent');
let reader: TopicReader;

beforeAll(async () => {
  await createTestTopics(cleanup, { [topic]: { partitions: 3 } });
  reader = await readTopics(cleanup, [topic]);
});

function start(kafka = testKafka()): SerialProducer {
  const producer = new SerialProducer(kafka, collectingLogger().logger);
  cleanup.defer(async () => {
    await producer.stop();
  });
  return producer;
}

function messageOf(key: string, n: number, more: Partial<WireMessage> = {}): WireMessage {
  return { topic, key, value: Buffer.from(String(n)), headers: {}, ...more };
}

const ofKey = (key: string) => (message: ReadMessage) => message.key?.toString() === key;
const numbersIn = (messages: readonly ReadMessage[]): number[] => messages.map(({ value }) => Number(value));

/** A client whose producers say how many of their sends are under way. */
function watched(kafka: Kafka): { kafka: Kafka; most: () => number; sends: () => number } {
  let now = 0;
  let most = 0;
  let sends = 0;
  const producerOf = (config: Parameters<Kafka['producer']>[0]): Producer => {
    const producer = kafka.producer(config);
    const send = producer.sendBatch.bind(producer);
    return Object.assign(producer, {
      sendBatch: async (batch: Parameters<Producer['sendBatch']>[0]) => {
        sends += 1;
        now += 1;
        most = Math.max(most, now);
        try {
          return await send(batch);
        } finally {
          now -= 1;
        }
      },
    });
  };
  return { kafka: { producer: producerOf } as unknown as Kafka, most: () => most, sends: () => sends };
}

describe('sends', () => {
  test('are one at a time; callers of the same moment share one, and each keeps its order', async () => {
    const { kafka, most, sends } = watched(testKafka());
    const producer = start(kafka);
    const keys = Array.from({ length: 8 }, (_, number) => `one-at-a-time-${number}`);
    await Promise.all(
      keys.map(async (key) => {
        for (let n = 0; n < 40; n += 2) await producer.publish([messageOf(key, n), messageOf(key, n + 1)]);
      }),
    );
    expect(most()).toBe(1);
    expect(sends()).toBeLessThan(80);
    for (const key of keys)
      expect(numbersIn(await reader.read(topic, 40, ofKey(key)))).toEqual(
        Array.from({ length: 40 }, (_, n) => n),
      );
    expect(producer.queued).toBe(0);
  });

  test('carry keys, values and headers as they are', async () => {
    const producer = start();
    const binary = Buffer.from([0, 0xff]);
    await producer.publish([
      {
        topic,
        key: 'as-it-is',
        value: binary,
        headers: { a: 'text', b: binary, c: ['1', Buffer.from('2')], d: '' },
      },
      { topic, key: null, value: null, headers: { nothing: 'as-it-is' } },
    ]);
    const [sent] = await reader.read(topic, 1, ofKey('as-it-is'));
    expect(sent!.value).toEqual(binary);
    expect(sent!.headers).toEqual({
      a: Buffer.from('text'),
      b: binary,
      c: [Buffer.from('1'), Buffer.from('2')],
      d: Buffer.alloc(0),
    });
    const [empty] = await reader.read(topic, 1, ({ headers }) => headers?.['nothing'] !== undefined);
    expect([empty!.key, empty!.value]).toEqual([null, null]);
  });

  test("go to the partition that Kafka's own default partitioner picks for the key", async () => {
    // The hashes are those of the tests of the Java client (UtilsTest.testMurmur2).
    const hashes: [string, number][] = [
      ['21', -973932308],
      ['foobar', -790332482],
      ['a-little-bit-long-string', -985981536],
      ['a-little-bit-longer-string', -1486304829],
      ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
      ['abc', 479470107],
    ];
    await start().publish(hashes.map(([key]) => messageOf(key, 0)));
    for (const [key, hash] of hashes) {
      const [sent] = await reader.read(topic, 1, ofKey(key));
      expect(sent!.partition).toBe((hash & 0x7fffffff) % 3);
    }
  });

  test('whose answers are lost at any moment lose nothing and keep each caller in order', async () => {
    const random = seededRandom(42);
    const sockets = new Set<Socket>();
    const kafka = new Kafka({
      clientId: 'cut',
      brokers: testBrokers(),
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, factor: 0.2, multiplier: 1.5, retries: 10 },
      socketFactory: ({ host, port, onConnect }) => {
        const socket = connect({ host, port }, onConnect);
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
        return socket;
      },
    });
    const resetAll = (): void => {
      for (const socket of sockets)
        socket.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    };
    const producer = start(kafka);
    const keys = Array.from({ length: 6 }, (_, number) => `cut-${number}`);
    let sent = 0;
    const sendUntilTaken = async (message: WireMessage): Promise<void> => {
      for (;;) {
        try {
          if (random() < 0.04) setTimeout(resetAll, random() * 4);
          await producer.publish([message]);
          sent += 1;
          return;
        } catch (error) {
          if (error instanceof PublishRefused) throw error;
        }
      }
    };
    await Promise.all(
      keys.map(async (key) => {
        for (let n = 0; n < 60; n += 1) await sendUntilTaken(messageOf(key, n));
      }),
    );
    expect(sent).toBe(360);
    for (const key of keys) {
      const all = Array.from({ length: 60 }, (_, n) => n);
      await reader.read(topic, 60, ofKey(key));
      const numbers = numbersIn(reader.messages(topic).filter(ofKey(key)));
      // Copies may be there; the first of each stands in order.
      expect([...new Set(numbers)]).toEqual(all);
    }
  });
});

describe('a message that the broker will never take', () => {
  const tooLarge = messageOf('too-large', 0, { value: Buffer.alloc(1_200_000) });

  test('is refused as such, and the next one is taken', async () => {
    const producer = start();
    await expect(producer.publish([tooLarge])).rejects.toMatchObject({
      name: 'PublishRefused',
      code: 'MESSAGE_TOO_LARGE',
    });
    await producer.publish([messageOf('after-refusal', 1)]);
    await reader.read(topic, 1, ofKey('after-refusal'));
  });

  test('is refused to its sender alone, not to those whose messages shared its send', async () => {
    const producer = start();
    const outcomes = await Promise.allSettled([
      producer.publish([messageOf('innocent', 1)]),
      // Together over the limit of a batch, though the sizes alone would let them share.
      producer.publish([messageOf('guilty', 1, { headers: { large: Buffer.alloc(1_100_000) } })]),
      producer.publish([messageOf('innocent', 2)]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([...new Set(numbersIn(await reader.read(topic, 2, ofKey('innocent'))))]).toEqual([1, 2]);
  });
});

describe('many small messages', () => {
  test('share sends that the broker takes, large headers and keys counted', async () => {
    const producer = start();
    const key = `sizes-${'k'.repeat(200)}`;
    const large = { ce_id: 'i'.repeat(1_000), ce_source: 's'.repeat(1_000) };
    await Promise.all(
      Array.from({ length: 90 }, async (_, caller) => {
        const own = Array.from({ length: 10 }, (__, index) =>
          messageOf(key, caller * 10 + index, { headers: large }),
        );
        await producer.publish(own);
      }),
    );
    const numbers = numbersIn(await reader.read(topic, 900, ofKey(key)));
    expect(numbers).toEqual(Array.from({ length: 900 }, (_, n) => n));
  });
});

describe('a topic that is not there', () => {
  test('is no refusal of the message: it may be made yet', async () => {
    const producer = start();
    const failure: unknown = await producer
      .publish([messageOf('x', 1, { topic: uniqueName('missing') })])
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(PublishRefused);
    await producer.publish([messageOf('after-missing', 1)]);
  });
});

describe('stop', () => {
  test('waits for what is being sent', async () => {
    const producer = start();
    let isSent = false;
    const sending = producer.publish([messageOf('last', 1)]).then(() => (isSent = true));
    await producer.stop();
    await sending;
    expect(isSent).toBe(true);
    await reader.read(topic, 1, ofKey('last'));
  });
});
