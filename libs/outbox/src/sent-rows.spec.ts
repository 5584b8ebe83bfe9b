import { collectingLogger } from '@kyc-relay/testing';
import { SentRows } from './sent-rows';

const idsOf = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, n) => String(from + n));
const rowsOf = (ids: readonly string[]): { id: string }[] => ids.map((id) => ({ id }));

/** A store that notes deletions, which a test may hold up or let fail. */
class Store {
  readonly deletions: string[][] = [];
  failure: Error | undefined;
  wait: Promise<void> = Promise.resolve();

  async delete(ids: readonly string[]): Promise<void> {
    this.deletions.push([...ids]);
    await this.wait;
    if (this.failure) throw this.failure;
  }
}

let store: Store;
let deleted: number;
let sent: SentRows;

beforeEach(() => {
  store = new Store();
  deleted = 0;
  sent = new SentRows(store, collectingLogger().logger, () => (deleted += 1));
});

async function send(ids: string[]): Promise<void> {
  sent.add(rowsOf(ids));
  await sent.deleteSoon(ids);
}

test('a few rows wait for others and are deleted with them; until then no read finds them', async () => {
  await send(['1']);
  await send(['2', '3']);
  expect(store.deletions).toEqual([]);
  expect(sent.ids).toEqual(['1', '2', '3']);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(store.deletions).toEqual([['1', '2', '3']]);
  expect(sent.isEmpty).toBe(true);
  expect(deleted).toBe(1);
});

test('many rows are deleted at once', async () => {
  await send(idsOf(1_000));
  expect(store.deletions).toEqual([idsOf(1_000)]);
  await sent.settle();
});

test('no more than two deletions are under way: who sends faster waits', async () => {
  let goOn: () => void = () => undefined;
  store.wait = new Promise((resolve) => {
    goOn = resolve;
  });
  await send(idsOf(500));
  await send(idsOf(500, 500));
  const third = send(idsOf(500, 1_000));
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(store.deletions).toHaveLength(2);
  goOn();
  await third;
  expect(store.deletions).toHaveLength(3);
  await sent.settle();
});

test('a deletion that fails is told once, and its rows are read again', async () => {
  store.failure = new Error('the store is away');
  await send(['1']);
  await sent.settle();
  expect(sent.isEmpty).toBe(true);
  expect(deleted).toBe(0);
  expect(() => {
    sent.throwUndeleted();
  }).toThrow('the store is away');
  expect(() => {
    sent.throwUndeleted();
  }).not.toThrow();
});

test('rows that were not sent after all are read again', () => {
  sent.add(rowsOf(['1', '2']));
  sent.forget(['1']);
  expect(sent.ids).toEqual(['2']);
});
