import { createHash } from 'node:crypto';
import { useCleanup } from '@kyc-relay/testing';
import { ConsumerBed } from './testbed/consumer-bed';
import { messageOf } from './testbed/events';

const cleanup = useCleanup();
let bed: ConsumerBed;

beforeAll(async () => {
  bed = await ConsumerBed.create(cleanup);
});

beforeEach(async () => {
  await bed.begin();
});

const refuseOdd = ({ data }: { data: { n: number } }): { code: string; detail: string } | undefined =>
  data.n % 2 === 1 ? { code: 'test.odd', detail: 'data.n' } : undefined;

/** Headers of a message as texts. */
function texts(headers: Record<string, unknown> | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(String) : String(value),
    ]),
  );
}

describe('facts', () => {
  test('reach the handler in their order, over many chunks, each once; a graceful end commits their offsets', async () => {
    await bed.produce(...Array.from({ length: 1_300 }, (_, n) => ({ key: `k${n % 5}`, n })));
    const member = await bed.join();
    expect(await bed.awaitEffects(1_300)).toEqual(Array.from({ length: 1_300 }, (_, n) => n));
    await member.close();
    expect(await bed.committedOffset()).toBe(1_300);
    expect(await bed.countRows('inbox')).toBe(1_300);
  });
});

test('a handler can load by all that arrived, behind the claims, and decides on what is fresh', async () => {
  const loads: { arrived: number[]; claimed: unknown }[] = [];
  await bed.join(undefined, {
    load: async (arrived, tx) => {
      const claimed = await tx.query('select id from ctx.inbox order by id');
      loads.push({ arrived, claimed: claimed.map(({ id }) => id) });
    },
  });
  const first = { key: 'a', n: 1, id: 'one' };
  await bed.produce(first, first, { key: 'a', n: 2, id: 'two' });
  await bed.awaitEffects(2);
  await bed.produce(first, { key: 'a', n: 3, id: 'three' });
  await bed.awaitEffects(3);
  expect(loads).toEqual([
    { arrived: [1, 1, 2], claimed: ['one', 'two'] },
    { arrived: [1, 3], claimed: ['one', 'three', 'two'] },
  ]);
  expect(await bed.effects()).toEqual([1, 2, 3]);
});

describe('a copy', () => {
  test('in the same chunk, in a later one, and of everything read again changes nothing', async () => {
    const first = { key: 'a', n: 1, id: 'one' };
    await bed.produce(first, first, { key: 'a', n: 2, id: 'two' });
    const member = await bed.join();
    await bed.awaitEffects(2);
    await bed.produce(first, { key: 'a', n: 3, id: 'three' });
    await bed.awaitEffects(3);
    expect(await member.metric('relay_inbox_duplicates_total')).toBe(2);
    await member.close();
    await bed.rewind();
    await bed.join();
    await bed.produce({ key: 'a', n: 4 });
    await bed.awaitEffects(4);
    expect(await bed.effects()).toEqual([1, 2, 3, 4]);
    expect(await bed.deadLetters()).toEqual([]);
  });

  test('of a refused event is not refused a second time', async () => {
    const odd = { key: 'a', n: 1, id: 'odd' };
    await bed.produce(odd, odd);
    const member = await bed.join(refuseOdd);
    await bed.produce(odd, { key: 'a', n: 2 });
    await bed.awaitEffects(1);
    expect(await bed.awaitDeadLetters(1)).toHaveLength(1);
    expect(await member.metric('relay_dead_letters_total', 'test.odd')).toBe(1);
  });
});

describe('a refused message on the DLQ', () => {
  test('has the bytes it came with and exactly the headers that say why', async () => {
    const sent = messageOf({ key: 'a', n: 7, id: 'odd', headers: { 'x-own': Buffer.from([0xff, 0x00]) } });
    await bed.produceRaw([{ ...sent, headers: { ...sent.headers, twice: ['1', '2'] } }]);
    await bed.join(refuseOdd);
    const [letter] = await bed.awaitDeadLetters(1);
    expect(letter!.key).toEqual(Buffer.from('a'));
    expect(letter!.value).toEqual(Buffer.from(sent.value));
    expect(letter!.headers['x-own']).toEqual(Buffer.from([0xff, 0x00]));
    const { 'x-own': _, 'dlq-time': time, ...headers } = texts(letter!.headers);
    const { 'x-own': __, ...original } = sent.headers;
    expect(headers).toEqual({
      ...original,
      twice: ['1', '2'],
      'dlq-reason': 'test.odd',
      'dlq-detail': 'data.n',
      'dlq-service': bed.group,
      'dlq-attempts': '1',
      'dlq-topic': bed.topic,
      'dlq-partition': '0',
      'dlq-offset': '0',
    });
    expect(Math.abs(Date.parse(String(time)) - Date.now())).toBeLessThan(60_000);
  });

  test('may be anything: a binary key, no key, no value, an empty one, one of almost a megabyte', async () => {
    const large = Buffer.alloc(1_000_000, 7);
    const strange = [
      { key: Buffer.from([0xff, 0xfe]), value: Buffer.from([0x00, 0xff]) },
      { key: null, value: null },
      { key: Buffer.from('a\0b'), value: Buffer.alloc(0) },
      { key: Buffer.alloc(2_000, 'k'), value: Buffer.from('x') },
      { key: 'large', value: large },
    ];
    for (const message of strange) await bed.produceRaw([message]);
    await bed.produce({ key: 'good', n: 2 });
    await bed.join(refuseOdd);
    await bed.awaitEffects(1);
    const letters = await bed.awaitDeadLetters(strange.length);
    expect(letters.map(({ key }) => key)).toEqual(
      strange.map(({ key }) => (key === null ? null : Buffer.from(key))),
    );
    const digest = (value: Buffer | null): string | null =>
      value && createHash('sha256').update(value).digest('hex');
    expect(letters.map(({ value }) => digest(value))).toEqual(strange.map(({ value }) => digest(value)));
    for (const letter of letters)
      expect(texts(letter.headers)).toMatchObject({
        'dlq-reason': 'event.invalid',
        'dlq-detail': 'ce_specversion',
      });
  });

  test('of a malformed event comes once per place: two of the same are two, read again they are no more', async () => {
    const broken = { key: 'a', value: '{', headers: messageOf({ key: 'a', n: 1, id: 'same' }).headers };
    await bed.produceRaw([broken, broken]);
    const member = await bed.join();
    expect(await bed.awaitDeadLetters(2)).toHaveLength(2);
    await member.close();
    await bed.rewind();
    await bed.join();
    await bed.produce({ key: 'a', n: 2, id: 'same' });
    await bed.awaitEffects(1);
    expect(await bed.deadLetters()).toHaveLength(2);
  });

  test('of an unknown type comes once, however often the event does', async () => {
    const unknown = { key: 'a', n: 1, id: 'new', type: 'thing.unheard' };
    await bed.produce(unknown, unknown, { key: 'a', n: 2 });
    await bed.join();
    await bed.awaitEffects(1);
    const letters = await bed.awaitDeadLetters(1);
    expect(letters.map(({ headers }) => String(headers['dlq-reason']))).toEqual(['event.unknown-type']);
  });
});

describe('a replay from the DLQ', () => {
  const replayed = { 'dlq-replay': 'true' };
  let isForgiving = false;
  const judge = (fact: { data: { n: number } }): { code: string } | undefined =>
    isForgiving ? undefined : refuseOdd(fact);

  beforeEach(() => {
    isForgiving = false;
  });

  test('of a refused event is judged anew, and then is like any other that was accepted', async () => {
    await bed.produce({ key: 'a', n: 1, id: 'odd' });
    await bed.join(judge);
    await bed.awaitDeadLetters(1);
    isForgiving = true;
    await bed.produce({ key: 'a', n: 1, id: 'odd', headers: replayed });
    await bed.awaitEffects(1);
    await bed.produce(
      { key: 'a', n: 1, id: 'odd', headers: replayed },
      { key: 'a', n: 1, id: 'odd' },
      { key: 'a', n: 2 },
    );
    await bed.awaitEffects(2);
    expect(await bed.effects()).toEqual([1, 2]);
    expect(await bed.deadLetters()).toHaveLength(1);
  });

  test('that is refused again goes to the DLQ again, without a trace of the first time', async () => {
    await bed.produce({ key: 'a', n: 1, id: 'odd' });
    await bed.join(judge);
    await bed.awaitDeadLetters(1);
    await bed.produce({
      key: 'a',
      n: 1,
      id: 'odd',
      headers: { ...replayed, 'dlq-reason': 'old', 'dlq-offset': '0' },
    });
    const letters = await bed.awaitDeadLetters(2);
    expect(texts(letters[1]!.headers)).toMatchObject({ 'dlq-reason': 'test.odd', 'dlq-offset': '1' });
    expect(letters[1]!.headers).not.toHaveProperty('dlq-replay');
  });

  test('of an accepted event changes nothing, of an unknown one is as good as the first', async () => {
    await bed.produce({ key: 'a', n: 2, id: 'even' });
    await bed.join(judge);
    await bed.awaitEffects(1);
    await bed.produce(
      { key: 'a', n: 2, id: 'even', headers: replayed },
      { key: 'a', n: 4, id: 'new', headers: replayed },
    );
    await bed.awaitEffects(2);
    expect(await bed.effects()).toEqual([2, 4]);
  });

  test('is judged anew also when it is read in one chunk with the event itself, which is read again', async () => {
    await bed.produce({ key: 'a', n: 1, id: 'odd' });
    const member = await bed.join(judge);
    await bed.awaitDeadLetters(1);
    await member.close();
    // As after a crash before the commit of the offset, with the replay sent meanwhile.
    await bed.rewind();
    isForgiving = true;
    await bed.produce({ key: 'a', n: 1, id: 'odd', headers: replayed }, { key: 'a', n: 2 });
    await bed.join(judge);
    await bed.awaitEffects(2);
    expect(await bed.effects()).toEqual([1, 2]);
  });

  test('in one chunk with the event that is refused for the first time is judged after it', async () => {
    let judged = 0;
    await bed.produce({ key: 'a', n: 1, id: 'odd' }, { key: 'a', n: 1, id: 'odd', headers: replayed });
    await bed.join(() => {
      judged += 1;
      return judged === 1 ? { code: 'test.first' } : undefined;
    });
    await bed.awaitEffects(1);
    expect(await bed.awaitDeadLetters(1)).toHaveLength(1);
    expect(judged).toBe(2);
  });
});

describe('a message of another consumer', () => {
  test('is passed over: no effect, no memory, no dead letter, and its offset advances', async () => {
    const broken = { key: 'a', value: '{', headers: { ce_type: 'foreign' } };
    await bed.produce({ key: 'a', n: 1, type: 'foreign' });
    await bed.produceRaw([broken]);
    await bed.produce({ key: 'a', n: 2 });
    const member = await bed.join(() => undefined, { owns: (type) => type !== 'foreign' });
    expect(await bed.awaitEffects(1)).toEqual([2]);
    expect(await bed.countRows('inbox')).toBe(1);
    expect(await bed.countRows('outbox')).toBe(0);
    await member.close();
    expect(await bed.committedOffset()).toBe(3);
  });
});
