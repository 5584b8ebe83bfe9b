import { newEventId, seededRandom } from '@kyc-relay/contracts';
import { KeyRing } from '@kyc-relay/crypto';
import { createDataSource, Database } from '@kyc-relay/persistence';
import { Metrics } from '@kyc-relay/telemetry';
import {
  collectingLogger,
  createTestDatabase,
  TEST_DATA_KEYS,
  type Cleanup,
  type LogLine,
  type TestDatabase,
} from '@kyc-relay/testing';
import type { BatchPublisher, OutgoingMessage } from '../batch-publisher';
import { lockKeys } from '../locked-keys';
import { Outbox } from '../outbox';
import { OutboxRelay } from '../outbox-relay';
import { outboxTablesV1 } from '../outbox-tables';

/** What the specs of the relay share: a context with an outbox, a topic that is a list, and relays as replicas have them. */

export const TOPIC = 'things.v1';

/** A value of these tests: the n-th of its key. */
export interface Numbered {
  key: string;
  n: number;
}

/** Takes messages as a broker would, in the order in which sends end well. */
export class RecordingPublisher implements BatchPublisher {
  readonly batches: (readonly OutgoingMessage[])[] = [];
  calls = 0;
  /** Runs before a batch is taken; an error of it refuses the batch. */
  before: (batch: readonly OutgoingMessage[]) => unknown = () => undefined;
  /** Runs after it is taken; an error of it is a lost answer. */
  after: () => unknown = () => undefined;

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    this.calls += 1;
    await this.before(messages);
    this.batches.push(messages);
    await this.after();
  }

  get messages(): OutgoingMessage[] {
    return this.batches.flat();
  }

  /** The numbers of a key in the order in which they were taken, copies included. */
  numbersOf(key: string): number[] {
    return this.messages
      .map(numbered)
      .filter((one) => one.key === key)
      .map((one) => one.n);
  }
}

/** The value of a message of these tests. */
export function numbered(message: OutgoingMessage): Numbered {
  return JSON.parse(String(message.value)) as Numbered;
}

/** A relay with what it runs on. */
export interface Replica {
  relay: OutboxRelay;
  database: Database;
  metrics: Metrics;
  log: LogLine[];
  /** Stops the relay and closes its connections, once. */
  stop(): Promise<void>;
}

/** One context in a database of its own. */
export interface RelayScene {
  store: TestDatabase;
  writers: Database;
  outbox: Outbox;
  startReplica(publisher: BatchPublisher): Promise<Replica>;
  /** Writes values in one transaction. */
  write(values: readonly object[], key?: string): Promise<void>;
  countRows(): Promise<number>;
  /** Stops the replicas that are running and takes everything out again; for after each test. */
  reset(): Promise<void>;
}

export async function createRelayScene(cleanup: Cleanup): Promise<RelayScene> {
  const keyRing = KeyRing.parse(TEST_DATA_KEYS);
  const store = await createTestDatabase(cleanup, {
    statements: [
      'create schema ctx',
      ...outboxTablesV1('ctx'),
      'create table counters (key text primary key, n int not null)',
    ],
  });
  const open = async (applicationName: string): Promise<Database> => {
    const database = new Database(
      createDataSource({ url: store.url, schema: 'ctx', applicationName, poolSize: 8 }),
    );
    await database.dataSource.initialize();
    return database;
  };
  const writers = await open('writers');
  cleanup.defer(async () => {
    await writers.close();
  });
  const outbox = new Outbox('ctx', '/kyc-relay/tester', keyRing);
  const running: Replica[] = [];
  return {
    store,
    writers,
    outbox,
    startReplica: async (publisher) => {
      const database = await open('replica');
      const metrics = new Metrics();
      const { logger, lines } = collectingLogger();
      const relay = new OutboxRelay({
        database,
        schema: 'ctx',
        url: store.url,
        publisher,
        keyRing,
        logger,
        metrics,
      });
      relay.start();
      let stopped: Promise<void> | undefined;
      const stop = async (): Promise<void> => {
        stopped ??= relay.stop().then(async () => {
          await database.close();
        });
        await stopped;
      };
      cleanup.defer(stop);
      const replica = { relay, database, metrics, log: lines, stop };
      running.push(replica);
      return replica;
    },
    write: async (values, key) => {
      await writers.transaction((tx) => {
        const keyOf = (value: object): string => key ?? (value as Numbered).key;
        const locked = lockKeys(tx, 'ctx', values.map(keyOf));
        outbox.enqueue(
          locked,
          values.map((value) => ({
            topic: TOPIC,
            key: keyOf(value),
            type: 'thing.done',
            eventId: newEventId(),
            time: new Date(),
            value,
          })),
        );
      });
    },
    countRows: async () => {
      const rows = await store.query<{ n: number }>('select count(*)::int as n from ctx.outbox');
      return rows[0]?.n ?? 0;
    },
    reset: async () => {
      await store.comeBack();
      await Promise.all(
        running.splice(0).map(async (replica) => {
          await replica.stop();
        }),
      );
      await store.query('truncate ctx.outbox, ctx.outbox_keys, ctx.outbox_parked_keys, counters');
    },
  };
}

/**
 * Writers that take random keys in transactions of random length, of which every tenth is rolled back. The number in a
 * message is taken under the key's lock, so numbers follow the order of commits.
 */
export async function writeConcurrently(
  scene: RelayScene,
  seed: number,
  writers: number,
  transactions: number,
  afterCommit: () => void,
): Promise<void> {
  const random = seededRandom(seed);
  const keys = Array.from({ length: 25 }, (_, number) => `key-${number}`);
  const writeOnce = async (): Promise<void> => {
    const some = keys.filter(() => random() < 0.12);
    const isKept = random() < 0.9;
    const pause = random() * 0.004;
    await scene.writers.transaction(async (tx) => {
      const locked = lockKeys(tx, 'ctx', some);
      const values = await tx.query<{ key: string; n: number }>(
        `insert into counters as c (key, n) select key, 1 from unnest($1::text[]) as key
         on conflict (key) do update set n = c.n + 1 returning key, n`,
        [some],
      );
      scene.outbox.enqueue(
        locked,
        values.map((value) => ({
          topic: TOPIC,
          key: value.key,
          type: 't',
          eventId: newEventId(),
          time: new Date(),
          value,
        })),
      );
      await tx.query('select pg_sleep($1)', [pause]);
      if (!isKept) throw new Error('rolled back');
    });
    afterCommit();
  };
  await Promise.all(
    Array.from({ length: writers }, async () => {
      for (let count = 0; count < transactions; count += 1)
        await writeOnce().catch((error: unknown) => {
          if (!(error instanceof Error && error.message === 'rolled back')) throw error;
        });
    }),
  );
}

/** What each key must have in the end: every number once, in order. */
export async function expectedNumbers(scene: RelayScene): Promise<Map<string, number[]>> {
  const counters = await scene.store.query<{ key: string; n: number }>('select key, n from counters');
  return new Map(counters.map(({ key, n }) => [key, Array.from({ length: n }, (_, index) => index + 1)]));
}

/** The first copy of each message, by `ce_id`; a copy that differs from the first fails the test. */
export function withoutCopies(messages: readonly OutgoingMessage[]): OutgoingMessage[] {
  const first = new Map<string, OutgoingMessage>();
  for (const message of messages) {
    const id = String(message.headers['ce_id']);
    const before = first.get(id);
    if (before) expect(message).toEqual(before);
    else first.set(id, message);
  }
  return [...first.values()];
}

export function numbersByKey(messages: readonly OutgoingMessage[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const message of messages) {
    const { key, n } = numbered(message);
    found.set(key, [...(found.get(key) ?? []), n]);
  }
  return found;
}
