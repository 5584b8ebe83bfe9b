import { eventually, useCleanup } from '@kyc-relay/testing';
import { ConsumerBed, type Member } from './testbed/consumer-bed';

const cleanup = useCleanup();
let bed: ConsumerBed;

beforeAll(async () => {
  bed = await ConsumerBed.create(cleanup);
});

afterEach(async () => {
  await bed.store.comeBack();
});

const numbers = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

function rests(member: Member): number {
  return member.log.filter((line) => line.msg === 'store is away: partition rests').length;
}

async function expectNothingGivenUp(): Promise<void> {
  expect(await bed.countRows('parked_keys')).toBe(0);
  expect(await bed.countRows('parked_messages')).toBe(0);
  expect(await bed.deadLetters()).toEqual([]);
}

describe('a store whose connections break', () => {
  test('in the middle of chunks, again and again: each fact is done once and in order, none is given up', async () => {
    await bed.begin(2);
    const keys = ['a', 'b', 'c', 'd'];
    let cuts = 0;
    await bed.join(async ({ data }) => {
      if (data.n % 40 === 39 && cuts < 12) {
        cuts += 1;
        await bed.store.terminate('consumer');
      }
      return undefined;
    });
    for (let part = 0; part < 10; part += 1)
      await bed.produce(...numbers(20, part * 20).flatMap((n) => keys.map((key) => ({ key, n }))));
    await bed.awaitEffects(800);
    for (const key of keys) expect(await bed.effects(key)).toEqual(numbers(200));
    expect(cuts).toBe(12);
    await expectNothingGivenUp();
  });
});

describe('a store that lets nobody in', () => {
  test('longer than a session: partitions rest, the consumer stays in its group and alive, then goes on by itself', async () => {
    await bed.begin(3);
    const member = await bed.join();
    await bed.produce(...numbers(30).map((n) => ({ key: 'a', n, partition: n % 3 })));
    await bed.awaitEffects(30);
    // A partition that was made a moment ago may not be led yet when it is fetched first: kafkajs joins again then.
    const joins = member.joins();
    await bed.store.goAway();
    await bed.produce(...numbers(30, 30).map((n) => ({ key: 'a', n, partition: n % 3 })));
    const since = performance.now();
    await eventually(() => performance.now() - since > 7_000 && rests(member) > 6);
    expect(member.strategy.isAlive()).toBe(true);
    expect(member.log.filter((line) => line.level === 'error')).toEqual([]);
    // A rest is half a second: no busy loop.
    expect(rests(member)).toBeLessThan(3 * 2 * ((performance.now() - since) / 1_000 + 1));
    await bed.store.comeBack();
    const effects = await bed.awaitEffects(60);
    expect([...effects].sort((x, y) => x - y)).toEqual(numbers(60));
    for (const partition of [0, 1, 2]) {
      const own = effects.filter((n) => n % 3 === partition);
      expect(own).toEqual([...own].sort((x, y) => x - y));
    }
    expect(member.joins()).toBe(joins);
    await expectNothingGivenUp();
  });

  test('from the middle of a run of messages done one by one: those that are done stay done, the rest follows', async () => {
    await bed.begin();
    let isChunk = true;
    await bed.produce(...numbers(10).map((n) => ({ key: `k${n}`, n })));
    const member = await bed.join(async ({ data }) => {
      if (isChunk && data.n === 9) {
        isChunk = false;
        throw new TypeError('only in the chunk');
      }
      if (!isChunk && data.n === 5 && rests(member) === 0) await bed.store.goAway();
      return undefined;
    });
    await eventually(() => rests(member) > 0);
    await bed.store.comeBack();
    expect(await bed.awaitEffects(10)).toEqual(numbers(10));
    await expectNothingGivenUp();
  });

  test('between two tries of a message that fails: the tries count only against a store that answers', async () => {
    await bed.begin();
    let tries = 0;
    let joins = 0;
    await bed.produce(...numbers(3).map((n) => ({ key: 'a', n })));
    const member = await bed.join(async ({ data }) => {
      if (data.n !== 1) return undefined;
      tries += 1;
      // In one go it would be given up at the sixth try.
      if (tries === 5) {
        joins = member.joins();
        await bed.store.goAway();
      }
      if (tries < 9) throw new TypeError('a mistake');
      return undefined;
    });
    await eventually(() => rests(member) > 0);
    await bed.store.comeBack();
    expect(await bed.awaitEffects(3)).toEqual(numbers(3));
    expect(member.joins()).toBe(joins);
    await expectNothingGivenUp();
  });

  test('does not keep a consumer from ending', async () => {
    await bed.begin();
    const member = await bed.join();
    await bed.store.goAway();
    await bed.produce({ key: 'a', n: 0 });
    await eventually(() => rests(member) > 0);
    const before = performance.now();
    await member.close();
    expect(performance.now() - before).toBeLessThan(5_000);
    await bed.store.comeBack();
    await bed.join();
    expect(await bed.awaitEffects(1)).toEqual([0]);
  });
});
