import type { EventContract } from '@kyc-relay/contracts';
import { KeyRing } from '@kyc-relay/crypto';
import { Outbox, outboxTablesV1, unpackMessage, type WireMessage } from '@kyc-relay/outbox';
import { createDataSource, Database, type Tx } from '@kyc-relay/persistence';
import { Metrics, type Tracing } from '@kyc-relay/telemetry';
import {
  collectingLogger,
  createTestDatabase,
  createTestTopics,
  eventually,
  TEST_DATA_KEYS,
  testBrokers,
  testKafka,
  uniqueName,
  withAdmin,
  type Cleanup,
  type LogLine,
  type TestDatabase,
} from '@kyc-relay/testing';
import type { Producer } from 'kafkajs';
import type { Chunk, ChunkOutcome, Fact, Refusal, Subscription } from '../chunk';
import { dlqOf } from '../dead-letters';
import { inboxTablesV1 } from '../inbox-tables';
import { createKafka } from '../kafka-client';
import { KafkaStrategy } from '../kafka-strategy';
import { Counted, messageOf, type Event, type RawMessage } from './events';

/** What a consumer of these tests says of a fact before its effect is written: refused, an error, or nothing. */
export type Judge = (fact: Fact<Counted>, tx: Tx) => Refusal | undefined | Promise<Refusal | undefined>;

/** A consumer with a pool of its own, as another process would have. */
export interface Member {
  strategy: KafkaStrategy;
  log: LogLine[];
  /** The value of a metric of the topic. */
  metric(name: string, code?: string): Promise<number | undefined>;
  /** How often it has joined the group. */
  joins(): number;
  /** Closes gracefully, once. */
  close(): Promise<void>;
}

/** How a member differs from the usual one. */
export interface MemberOptions {
  owns?: Subscription['owns'];
  /** Stands beside its effects. */
  name?: string;
  tracing?: Tracing;
  /** Is called with the numbers of what arrived before its handler asks what of that is fresh. */
  load?: (arrived: number[], tx: Tx) => Promise<unknown>;
}

const KEY_RING = KeyRing.parse(TEST_DATA_KEYS);

/**
 * What the specs of the consumer share: a context's database for the file, and for each test a topic and a consumer
 * group. Dead letters are read from the outbox, where they wait sealed: no relay runs here.
 */
export class ConsumerBed {
  topic = '';
  group = '';
  private members: Member[] = [];
  private readonly closing: Promise<void>[] = [];

  private constructor(
    private readonly cleanup: Cleanup,
    readonly store: TestDatabase,
    private readonly producer: Producer,
  ) {}

  static async create(cleanup: Cleanup): Promise<ConsumerBed> {
    const store = await createTestDatabase(cleanup, {
      statements: [
        'create schema ctx',
        ...inboxTablesV1('ctx'),
        ...outboxTablesV1('ctx'),
        'create table effects (at bigint generated always as identity, key text, n int, member text)',
      ],
    });
    const producer = testKafka().producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    cleanup.defer(async () => {
      await producer.disconnect();
    });
    const bed = new ConsumerBed(cleanup, store, producer);
    cleanup.defer(async () => {
      await bed.closeMembers();
      await Promise.all(bed.closing);
    });
    return bed;
  }

  /** Makes the topic and the group of a test. The members of the test before are closed beside it. */
  async begin(partitions = 1): Promise<void> {
    this.closing.push(
      ...this.members.splice(0).map(async (member) => {
        await member.close();
      }),
    );
    await this.store.comeBack();
    await this.store.query(
      'truncate ctx.inbox, ctx.outbox, ctx.outbox_keys, ctx.parked_keys, ctx.parked_messages, effects',
    );
    this.topic = uniqueName('things');
    this.group = uniqueName('group');
    await createTestTopics(this.cleanup, { [this.topic]: { partitions } });
  }

  /** Writes messages as they are, in one send. */
  async produceRaw(messages: RawMessage[]): Promise<void> {
    await this.producer.send({ topic: this.topic, acks: -1, messages });
  }

  /** Writes events in binary mode, in one send. */
  async produce(...events: Event[]): Promise<void> {
    await this.produceRaw(events.map(messageOf));
  }

  /** Adds a member to the group and waits until it consumes. */
  async join(judge?: Judge, options?: MemberOptions): Promise<Member> {
    const member = await this.startMember(judge, options);
    await eventually(() => member.joins() > 0, { what: 'a consumer that has joined its group' });
    return member;
  }

  /** Adds a member and does not wait for it. */
  async startMember(judge: Judge = () => undefined, options: MemberOptions = {}): Promise<Member> {
    const { logger, lines } = collectingLogger();
    const metrics = new Metrics();
    const { topic, group } = this;
    const database = new Database(
      createDataSource({ url: this.store.url, schema: 'ctx', applicationName: 'consumer', poolSize: 6 }),
    );
    await database.dataSource.initialize();
    const strategy = new KafkaStrategy(
      createKafka({ brokers: testBrokers(), clientId: group, logger }),
      [topic],
      {
        service: group,
        schema: 'ctx',
        database,
        outbox: new Outbox('ctx', '/test', KEY_RING),
        keyRing: KEY_RING,
        logger,
        metrics,
        ...(options.tracing && { tracing: options.tracing }),
      },
    );
    const contract: EventContract = {
      topic,
      types: new Map([['counted', Counted]]),
      unknownFields: 'refused',
      keyOf: (data) => (data as Counted).key,
    };
    const handle = writeEffects(judge, options);
    strategy.addHandler(topic, handle as never, true, { contract, owns: options.owns });
    strategy.listen((error) => {
      if (error instanceof Error) throw error;
    });
    let closed: Promise<void> | undefined;
    const member: Member = {
      strategy,
      log: lines,
      metric: async (name, code) => await valueOf(metrics, name, topic, code),
      joins: () => lines.filter((line) => line.msg === 'consumer has joined its group').length,
      close: async () => {
        closed ??= strategy.close().then(async () => {
          await database.close();
        });
        await closed;
      },
    };
    this.members.push(member);
    return member;
  }

  /** Closes all members of the test. */
  async closeMembers(): Promise<void> {
    await Promise.all(
      this.members.splice(0).map(async (member) => {
        await member.close();
      }),
    );
  }

  /** Effects, or those of a key, in the order in which they were written. */
  async effects(key?: string): Promise<number[]> {
    const rows = await this.store.query<{ n: number }>(
      'select n from effects where $1::text is null or key = $1 order by at',
      [key ?? null],
    );
    return rows.map((row) => row.n);
  }

  /** Waits until so many effects are there. */
  async awaitEffects(count: number, key?: string): Promise<number[]> {
    return await eventually(
      async () => {
        const found = await this.effects(key);
        if (found.length < count) throw new Error(`${found.length} of ${count} effects`);
        return found;
      },
      { timeoutMs: 30_000 },
    );
  }

  /** The dead letters so far, in their order. */
  async deadLetters(): Promise<WireMessage[]> {
    const rows = await this.store.query<{ event_id: string; payload: Buffer }>(
      'select event_id, payload from ctx.outbox where sealed and topic = $1 order by id',
      [dlqOf(this.topic)],
    );
    return rows.map((row) => {
      const place = { table: 'ctx.outbox', column: 'payload', row: row.event_id };
      return unpackMessage(dlqOf(this.topic), KEY_RING.open(row.payload, place).toString());
    });
  }

  /** Waits for dead letters. */
  async awaitDeadLetters(count: number): Promise<WireMessage[]> {
    return await eventually(
      async () => {
        const found = await this.deadLetters();
        if (found.length < count) throw new Error(`${found.length} of ${count} dead letters`);
        return found;
      },
      { timeoutMs: 30_000 },
    );
  }

  async countRows(table: string, where = 'true'): Promise<number> {
    const rows = await this.store.query<{ n: number }>(
      `select count(*)::int as n from ctx.${table} where ${where}`,
    );
    return rows[0]?.n ?? 0;
  }

  /** The committed offset of a partition; undefined before the first commit. */
  async committedOffset(partition = 0): Promise<number | undefined> {
    const [topic] = await withAdmin(
      async (admin) => await admin.fetchOffsets({ groupId: this.group, topics: [this.topic] }),
    );
    const offset = topic?.partitions.find((one) => one.partition === partition)?.offset;
    return offset === undefined || offset === '-1' ? undefined : Number(offset);
  }

  /** How many members the broker counts in the group. */
  async groupMembers(): Promise<number | undefined> {
    const { groups } = await withAdmin(async (admin) => await admin.describeGroups([this.group]));
    return groups[0]?.members.length;
  }

  /** Makes the group read everything again; no member may be there. */
  async rewind(): Promise<void> {
    await withAdmin(async (admin) => {
      await admin.deleteGroups([this.group]);
    });
  }
}

/** A handler that asks the judge about each fact and writes the effects of those it does not refuse. */
function writeEffects(judge: Judge, { name = 'one', load }: MemberOptions) {
  return async ({ arrived, facts: ask, tx }: Chunk): Promise<ChunkOutcome> => {
    const loading = load?.(
      (arrived as readonly Fact<Counted>[]).map(({ data }) => data.n),
      tx,
    );
    const [asked] = await Promise.all([ask(), loading]);
    const facts = asked as Fact<Counted>[];
    const outcomes: (Refusal | undefined)[] = [];
    for (const fact of facts) outcomes.push(await judge(fact, tx));
    const accepted = facts.filter((_, index) => !outcomes[index]);
    await tx.execute(
      `insert into effects (key, n, member)
       select key, n, $3 from unnest($1::text[], $2::int[]) with ordinality as e (key, n, nr) order by nr`,
      [accepted.map((fact) => fact.key), accepted.map((fact) => fact.data.n), name],
    );
    return outcomes;
  };
}

async function valueOf(
  metrics: Metrics,
  name: string,
  topic: string,
  code: string | undefined,
): Promise<number | undefined> {
  const metric = (await metrics.registry.getMetricsAsJSON()).find((one) => one.name === name);
  const values = (metric?.values ?? []) as { value: number; labels: Record<string, string> }[];
  return values.find(
    ({ labels }) => labels['topic'] === topic && (code === undefined || labels['code'] === code),
  )?.value;
}
