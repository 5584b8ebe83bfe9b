import { createGate, eventually, useCleanup } from '@kyc-relay/testing';
import { ConsumerBed, type Judge } from './testbed/consumer-bed';
import { messageOf } from './testbed/events';

const cleanup = useCleanup();
let bed: ConsumerBed;

beforeAll(async () => {
  bed = await ConsumerBed.create(cleanup);
});

beforeEach(async () => {
  await bed.begin();
});

/** A handler with a mistake that shows for some facts, until it is corrected. */
class Mistake {
  /** How often each number was tried. */
  readonly tries = new Map<number, number>();
  isCorrected = false;

  constructor(private readonly shows: (n: number) => boolean) {}

  readonly judge: Judge = ({ data: { n } }) => {
    if (this.isCorrected || !this.shows(n)) return undefined;
    this.tries.set(n, (this.tries.get(n) ?? 0) + 1);
    throw new TypeError('cannot read properties of undefined');
  };
}

async function release(key = 'a'): Promise<void> {
  await bed.store.query(`update ctx.parked_keys set state = 'RELEASED' where key = $1`, [key]);
}

async function parkedKeys(): Promise<object[]> {
  return await bed.store.query('select key, state, code from ctx.parked_keys order by key');
}

async function awaitParked(messages: number): Promise<void> {
  await eventually(async () => (await bed.countRows('parked_messages')) === messages);
}

/** Numbered events of a key. */
const events = (key: string, ...numbers: number[]): { key: string; n: number }[] =>
  numbers.map((n) => ({ key, n }));

describe('a message that keeps failing for a reason nobody foresaw', () => {
  test('is tried a bounded number of times, then its key waits; all other keys flow, before and behind it', async () => {
    const mistake = new Mistake((n) => n === 2);
    await bed.produce(...events('a', 1, 2, 3), ...events('b', 10), ...events('a', 4), ...events('b', 11));
    const member = await bed.join(mistake.judge);
    await awaitParked(3);
    // Once in the chunk, then five times alone.
    expect(mistake.tries.get(2)).toBe(6);
    await bed.produce(...events('a', 5), ...events('b', 12));
    await bed.awaitEffects(4);
    await awaitParked(4);
    expect(await bed.effects('a')).toEqual([1]);
    expect(await bed.effects('b')).toEqual([10, 11, 12]);
    expect(await parkedKeys()).toEqual([{ key: 'a', state: 'PARKED', code: 'TypeError' }]);
    expect(await bed.deadLetters()).toEqual([]);
    expect(await member.metric('relay_parked_keys')).toBe(1);
    await member.close();
    expect(await bed.committedOffset()).toBe(8);
  });

  test('waits sealed, with nothing of it in the log', async () => {
    const secret = '900517-14-5678';
    const mistake = new Mistake(() => true);
    await bed.produce({ key: 'a', n: 1, headers: { 'x-secret': secret } });
    const member = await bed.join(mistake.judge);
    await awaitParked(1);
    const [row] = await bed.store.query<{ payload: Buffer }>('select payload from ctx.parked_messages');
    expect(row!.payload.includes(secret)).toBe(false);
    expect(row!.payload.includes(Buffer.from(secret).toString('base64'))).toBe(false);
    expect(JSON.stringify(member.log)).not.toContain(secret);
  });

  test('but succeeds in the end is done once, and no key waits', async () => {
    let tries = 0;
    await bed.produce(...events('a', 1, 2, 3));
    const member = await bed.join(({ data }) => {
      if (data.n === 2 && (tries += 1) < 4) throw new RangeError('passing');
      return undefined;
    });
    expect(await bed.awaitEffects(3)).toEqual([1, 2, 3]);
    expect(await member.metric('relay_parked_keys')).toBe(0);
  });

  test('of any class of error does not stop the consumer', async () => {
    const errors = [new SyntaxError('x'), 'a text', undefined];
    await bed.produce(...errors.map((_, n) => ({ key: `k${n}`, n })), { key: 'good', n: 99 });
    await bed.join(({ data }) => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a careless library might do
      if (data.n < errors.length) throw errors[data.n];
      return undefined;
    });
    await bed.awaitEffects(1, 'good');
    await awaitParked(errors.length);
    await bed.produce({ key: 'good', n: 100 });
    await bed.awaitEffects(2, 'good');
  });

  test('without a key, or with a binary one, waits like any other', async () => {
    const mistake = new Mistake(() => true);
    await bed.produce({ key: 'a', n: 1 });
    await bed.join(mistake.judge);
    await awaitParked(1);
    // Malformed ones have nothing to fail on; behind a parked key they wait too, elsewhere they are refused.
    await bed.produceRaw([
      { key: 'a', value: '{' },
      { key: null, value: '{' },
    ]);
    await bed.awaitDeadLetters(1);
    await awaitParked(2);
    expect((await bed.deadLetters()).map(({ key }) => key)).toEqual([null]);
  });

  test('read again after a crash waits once', async () => {
    const mistake = new Mistake((n) => n === 1);
    await bed.produce(...events('a', 1, 2));
    const member = await bed.join(mistake.judge);
    await awaitParked(2);
    await member.close();
    await bed.rewind();
    await bed.produce({ key: 'b', n: 3 });
    await bed.join(mistake.judge);
    await bed.awaitEffects(1);
    expect(await bed.countRows('parked_messages')).toBe(2);
  });
});

describe('a key that an operator releases', () => {
  test('is worked off in order before anything newer of it, each message once', async () => {
    const mistake = new Mistake((n) => n === 1);
    await bed.produce(...events('a', 1, 2, 3));
    await bed.join(mistake.judge);
    await awaitParked(3);
    mistake.isCorrected = true;
    await release();
    // Newer ones arrive while it waits to be worked off.
    for (let n = 4; n <= 12; n += 1) await bed.produce({ key: 'a', n });
    expect(await bed.awaitEffects(12)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(await parkedKeys()).toEqual([]);
    expect(await bed.countRows('parked_messages')).toBe(0);
  });

  test('with many messages is worked off in order, also by two replicas', async () => {
    const mistake = new Mistake((n) => n === 0);
    const all = Array.from({ length: 350 }, (_, n) => n);
    await bed.produce(...events('a', ...all));
    await bed.join(mistake.judge);
    await bed.join(mistake.judge);
    await awaitParked(350);
    mistake.isCorrected = true;
    await release();
    await bed.produce(...events('a', 350, 351));
    expect(await bed.awaitEffects(352)).toEqual([...all, 350, 351]);
    expect(await parkedKeys()).toEqual([]);
  });

  test('whose message still fails waits again; nothing is lost, doubled or out of order', async () => {
    const mistake = new Mistake((n) => n === 2);
    await bed.produce(...events('a', 2, 3));
    await bed.join(mistake.judge);
    await awaitParked(2);
    await release();
    await eventually(async () => JSON.stringify(await parkedKeys()).includes('released-and-failed'));
    expect(await parkedKeys()).toEqual([{ key: 'a', state: 'PARKED', code: 'released-and-failed' }]);
    expect(await bed.effects()).toEqual([]);
    mistake.isCorrected = true;
    await release();
    expect(await bed.awaitEffects(2)).toEqual([2, 3]);
  });

  test('sends what is refused meanwhile to the DLQ and goes on', async () => {
    let isBroken = true;
    await bed.produce(...events('a', 1, 2, 3));
    await bed.join(({ data }) => {
      if (isBroken) throw new TypeError('x');
      return data.n === 2 ? { code: 'test.two' } : undefined;
    });
    await awaitParked(3);
    isBroken = false;
    await release();
    expect(await bed.awaitEffects(2)).toEqual([1, 3]);
    const [letter] = await bed.awaitDeadLetters(1);
    expect(String(letter!.headers['dlq-offset'])).toBe('1');
  });

  test('stays released when the store goes away while it is worked off, and is worked off later', async () => {
    const mistake = new Mistake((n) => n === 1);
    await bed.produce(...events('a', 1, 2));
    let isCut = false;
    const cut = createGate();
    await bed.join(async (fact, tx) => {
      const refusal = await mistake.judge(fact, tx);
      if (mistake.isCorrected && !isCut) {
        isCut = true;
        await bed.store.terminate('consumer');
        cut.open();
      }
      return refusal;
    });
    await awaitParked(2);
    mistake.isCorrected = true;
    await release();
    await cut.opened;
    expect(await bed.awaitEffects(2)).toEqual([1, 2]);
    expect(await parkedKeys()).toEqual([]);
  });
});

describe('a key that an operator drops', () => {
  test('flows again with what comes after', async () => {
    const mistake = new Mistake((n) => n === 1);
    await bed.produce(...events('a', 1, 2));
    await bed.join(mistake.judge);
    await awaitParked(2);
    await bed.store.query('delete from ctx.parked_keys');
    await bed.store.query('delete from ctx.parked_messages');
    await bed.produce(...events('a', 3));
    expect(await bed.awaitEffects(1)).toEqual([3]);
  });
});

test('a copy of a message that was worked off changes nothing', async () => {
  const mistake = new Mistake((n) => n === 1);
  const event = { key: 'a', n: 1, id: 'same' };
  await bed.produceRaw([messageOf(event)]);
  await bed.join(mistake.judge);
  await awaitParked(1);
  mistake.isCorrected = true;
  await bed.produceRaw([messageOf(event)]);
  await awaitParked(2);
  await release();
  await bed.awaitEffects(1);
  await bed.produceRaw([messageOf(event), messageOf({ key: 'a', n: 2 })]);
  expect(await bed.awaitEffects(2)).toEqual([1, 2]);
});
