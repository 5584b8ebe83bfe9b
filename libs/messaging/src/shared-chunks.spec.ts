import type { Binding } from './chunk';
import type { RunOutcome } from './chunk-worker';
import type { ReceivedMessage } from './message';
import { SharedChunks } from './shared-chunks';

const bindingOf = (topic: string): Binding =>
  ({ topic, handle: async () => await Promise.resolve([]) }) as unknown as Binding;
const TOPIC = bindingOf('one');
const OTHER = bindingOf('other');

const messagesOf = (partition: number, count: number): ReceivedMessage[] =>
  Array.from({ length: count }, (_, offset) => ({
    topic: 'one',
    partition,
    offset: String(offset),
    key: null,
    value: null,
    headers: {},
  }));

/** A worker that notes its chunks and ends each when told. */
class Worker {
  readonly chunks: {
    topic: string;
    messages: readonly ReceivedMessage[];
    end: (outcome: RunOutcome) => void;
  }[] = [];

  async run(binding: Binding, messages: readonly ReceivedMessage[]): Promise<RunOutcome> {
    return await new Promise((resolve) => {
      this.chunks.push({ topic: binding.topic, messages, end: resolve });
    });
  }

  get sizes(): number[] {
    return this.chunks.map(({ messages }) => messages.length);
  }
}

const turn = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 2));
};

let worker: Worker;
let chunks: SharedChunks;

beforeEach(() => {
  worker = new Worker();
  chunks = new SharedChunks(worker);
});

test('runs of one fetch share a chunk, each in its order', async () => {
  const runs = [chunks.run(TOPIC, messagesOf(0, 2)), chunks.run(TOPIC, messagesOf(1, 1))];
  await turn();
  expect(
    worker.chunks.map(({ messages }) => messages.map((one) => `${one.partition}:${one.offset}`)),
  ).toEqual([['0:0', '0:1', '1:0']]);
  worker.chunks[0]?.end({ done: 3, storeAway: false });
  expect(await Promise.all(runs)).toEqual([
    { done: 2, storeAway: false },
    { done: 1, storeAway: false },
  ]);
});

test('each run hears what became of its own messages when the store went away', async () => {
  const runs = [2, 3, 1].map(
    async (count, partition) => await chunks.run(TOPIC, messagesOf(partition, count)),
  );
  await turn();
  worker.chunks[0]?.end({ done: 3, storeAway: true });
  expect(await Promise.all(runs)).toEqual([
    { done: 2, storeAway: false },
    { done: 1, storeAway: true },
    { done: 0, storeAway: true },
  ]);
});

test('topics do not share, and a chunk is not larger than it may be', async () => {
  void chunks.run(TOPIC, messagesOf(0, 300));
  void chunks.run(OTHER, messagesOf(0, 1));
  void chunks.run(TOPIC, messagesOf(1, 250));
  void chunks.run(TOPIC, messagesOf(2, 200));
  await turn();
  expect(worker.sizes).toEqual([500, 1, 250]);
  expect(worker.chunks.map(({ topic }) => topic)).toEqual(['one', 'other', 'one']);
});

test('no more chunks are under way at once than connections are meant for it; what waits goes on', async () => {
  const runs = [0, 1, 2, 3, 4].map(async (partition) => await chunks.run(TOPIC, messagesOf(partition, 400)));
  await turn();
  expect(worker.sizes).toEqual([400, 400, 400]);
  for (let next = 0; next < 5; next += 1) {
    worker.chunks[next]?.end({ done: 400, storeAway: false });
    await turn();
  }
  expect(worker.sizes).toHaveLength(5);
  expect(await Promise.all(runs)).toHaveLength(5);
});
