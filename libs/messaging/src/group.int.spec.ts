import { seededRandom } from '@kyc-relay/contracts';
import { createGate, createTestTopics, eventually, testKafka, useCleanup } from '@kyc-relay/testing';
import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';
import { KafkaStrategy } from './kafka-strategy';
import { ConsumerBed } from './testbed/consumer-bed';
import type { Event } from './testbed/events';

const cleanup = useCleanup();
let bed: ConsumerBed;

beforeAll(async () => {
  bed = await ConsumerBed.create(cleanup);
});

const numbers = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

describe('a group whose members come and go', () => {
  test('does every fact once and keeps the order of each key', async () => {
    await bed.begin(4);
    const random = seededRandom(11);
    const keys = numbers(12).map((n) => `k${n}`);
    const slowly = async (): Promise<undefined> => {
      if (random() < 0.01) await bed.store.query('select pg_sleep(0.02)');
      return undefined;
    };
    const first = await bed.join(slowly, { name: 'first' });
    const produced: Event[] = numbers(150).flatMap((n) => keys.map((key) => ({ key, n })));
    const produceSome = async (parts: number): Promise<void> => {
      for (let part = 0; part < parts; part += 1) await bed.produce(...produced.splice(0, 60));
    };
    await produceSome(8);
    const second = await bed.join(slowly, { name: 'second' });
    await produceSome(8);
    await first.close();
    await produceSome(7);
    await bed.join(slowly, { name: 'third' });
    await produceSome(7);
    expect(produced).toEqual([]);
    await bed.awaitEffects(1_800);
    await second.close();
    for (const key of keys) expect(await bed.effects(key)).toEqual(numbers(150));
    const members = await bed.store.query('select distinct member from effects');
    expect(members.length).toBeGreaterThan(1);
    expect(await bed.deadLetters()).toEqual([]);
    expect(await bed.countRows('parked_keys')).toBe(0);
  });

  test('loses and doubles nothing when a member is put out of the group in the middle of a chunk', async () => {
    await bed.begin();
    const working = createGate();
    const mayEnd = createGate();
    await bed.produce(...numbers(5).map((n) => ({ key: 'a', n })));
    const slow = await bed.join(
      async () => {
        working.open();
        await mayEnd.opened;
        return undefined;
      },
      { name: 'slow' },
    );
    await working.opened;
    // The new member gets the partition once the slow one has missed the rebalance.
    const other = await bed.join(() => undefined, { name: 'other' });
    await bed.produce(...numbers(5, 5).map((n) => ({ key: 'a', n })));
    // It now waits for the identities that the slow one has claimed and not committed.
    await eventually(async () => {
      const waiting = await bed.store.query(
        `select from pg_stat_activity
         where datname = current_database() and application_name = 'consumer' and wait_event_type = 'Lock'`,
      );
      return waiting.length > 0;
    });
    mayEnd.open();
    expect(await bed.awaitEffects(10)).toEqual(numbers(10));
    await bed.produce(...numbers(5, 10).map((n) => ({ key: 'a', n })));
    expect(await bed.awaitEffects(15)).toEqual(numbers(15));
    expect(slow.strategy.isAlive() && other.strategy.isAlive()).toBe(true);
  });
});

describe('the offsets of a group', () => {
  test('are told to the broker also when nothing more comes', async () => {
    await bed.begin();
    await bed.join();
    await bed.produce(...numbers(3).map((n) => ({ key: 'a', n })));
    await bed.awaitEffects(3);
    await eventually(async () => (await bed.committedOffset()) === 3);
  });
});

describe('the end of a consumer', () => {
  test('lets the chunk in work commit, takes no further one, and commits the offset', async () => {
    await bed.begin();
    const working = createGate();
    const mayEnd = createGate();
    await bed.produce(...numbers(1_200).map((n) => ({ key: 'a', n })));
    const member = await bed.join(async ({ data }) => {
      if (data.n === 0) {
        working.open();
        await mayEnd.opened;
      }
      return undefined;
    });
    await working.opened;
    const closed = member.close();
    mayEnd.open();
    await closed;
    const effects = await bed.effects();
    expect(effects).toEqual(numbers(effects.length));
    expect(effects.length).toBeLessThan(1_200);
    expect(await bed.committedOffset()).toBe(effects.length);
  });

  test('during its start leaves no member in the group', async () => {
    await bed.begin();
    for (const turns of [0, 1, 5, 20]) {
      const member = await bed.startMember();
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await member.close();
    }
    expect(await bed.groupMembers()).toBe(0);
    await bed.join();
    await bed.produce({ key: 'a', n: 1 });
    await bed.awaitEffects(1);
    expect(await bed.groupMembers()).toBe(1);
  });
});

describe('the start of a consumer', () => {
  test('before its topic is there waits for it', async () => {
    await bed.begin();
    const topic = `${bed.topic}.later`;
    bed.topic = topic;
    const member = await bed.startMember();
    await eventually(() =>
      member.log.some((line) => line.msg === 'consumer could not start; it tries again'),
    );
    await createTestTopics(cleanup, { [topic]: {} });
    await bed.produce({ key: 'a', n: 1 });
    expect(await bed.awaitEffects(1)).toEqual([1]);
  });

  test('while others hold its group with another protocol comes up once they are gone', async () => {
    await bed.begin();
    const assigner: PartitionAssigner = () => ({
      name: 'ForeignAssigner',
      version: 1,
      assign: async () => await Promise.resolve([]),
      protocol: ({ topics }) => ({
        name: 'ForeignAssigner',
        metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
      }),
    });
    const foreign = testKafka().consumer({
      groupId: bed.group,
      partitionAssigners: [assigner],
      maxWaitTimeInMs: 50,
    });
    await foreign.connect();
    await foreign.subscribe({ topics: [bed.topic] });
    await foreign.run({
      eachMessage: async () => {
        await Promise.resolve();
      },
    });
    const member = await bed.startMember();
    await eventually(() =>
      member.log.some((line) => line.msg === 'consumer ended by an error; it starts anew'),
    );
    await foreign.disconnect();
    await bed.produce({ key: 'a', n: 1 });
    expect(await bed.awaitEffects(1)).toEqual([1]);
  });

  test('fails when a topic has no handler, and when a handler has no topic', async () => {
    await bed.begin();
    const member = await bed.startMember();
    const settings = (
      member.strategy as unknown as { settings: ConstructorParameters<typeof KafkaStrategy>[2] }
    ).settings;
    const strategyOf = (topics: string[]): KafkaStrategy => {
      const strategy = new KafkaStrategy(testKafka(), topics, settings);
      strategy.addHandler('handled', (async () => await Promise.resolve([])) as never, true, {
        contract: { topic: 'handled', types: new Map(), unknownFields: 'refused', keyOf: () => '' },
      });
      return strategy;
    };
    const failureOf = (topics: string[]): unknown => {
      let failure: unknown;
      strategyOf(topics).listen((error) => (failure = error));
      return failure;
    };
    expect(String(failureOf(['handled', 'missing']))).toContain('no handler for the topic missing');
    expect(String(failureOf([]))).toContain('handled, which is not subscribed');
  });
});
