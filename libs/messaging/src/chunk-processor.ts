import type { KeyRing } from '@kyc-relay/crypto';
import { lockKeys, type DeadLetter, type Outbox } from '@kyc-relay/outbox';
import { isLostRace, isStoreAway, nameStoreError, type Database, type OpenTx } from '@kyc-relay/persistence';
import { TRACING_OFF, type Logger, type Metrics, type Tracing } from '@kyc-relay/telemetry';
import type { Binding, Refusal } from './chunk';
import { toDeadLetter } from './dead-letters';
import { decode, lockKeyOf, type Decoded } from './decode';
import { identityKey, InboxRepository, type EventIdentity } from './inbox.repository';
import { traceparentOf, type ReceivedMessage } from './message';
import { MessageSpans } from './message-spans';
import { ParkingRepository } from './parking.repository';

/** What a consumer is made of; its name is also the consumer group and the inbox's consumer. */
export interface ConsumerSettings {
  service: string;
  schema: string;
  database: Database;
  outbox: Outbox;
  keyRing: KeyRing;
  logger: Logger;
  metrics: Metrics;
  /** Makes a span of each message; off when absent. */
  tracing?: Tracing;
}

type Judged = Exclude<Decoded, { kind: 'FOREIGN' }>;

interface ChunkCounts {
  duplicates: number;
  refusals: Refusal[];
}

/**
 * Takes a run of messages of one partition through one transaction: parked keys aside, identities claimed in the inbox,
 * fresh facts to the handler, refusals to the DLQ by way of the outbox. Rejects with nothing done.
 */
export class ChunkProcessor {
  readonly parking: ParkingRepository;
  private readonly inbox: InboxRepository;
  private readonly duplicates;
  private readonly deadLetters;

  constructor(private readonly settings: ConsumerSettings) {
    const { metrics } = settings;
    this.duplicates = metrics.counter('relay_inbox_duplicates_total', 'Copies that changed nothing', [
      'topic',
    ]);
    this.deadLetters = metrics.counter('relay_dead_letters_total', 'Messages sent to a DLQ', [
      'topic',
      'code',
    ]);
    this.inbox = new InboxRepository(settings.schema, settings.service);
    this.parking = new ParkingRepository(settings.schema, settings.service, settings.keyRing);
  }

  /** @param attempts how often the messages have been tried, this time included; told in the DLQ */
  async process(binding: Binding, messages: readonly ReceivedMessage[], attempts = 1): Promise<void> {
    const mine = decodeMine(binding, messages);
    if (mine.length === 0) return;
    const spans = this.startSpans(binding.topic, mine);
    try {
      const counts = await this.settings.database.transaction(async (tx) => {
        const [firstRun = []] = splitBeforeReplays(mine);
        const keys = new Set(mine.map((one) => lockKeyOf(one.message.key)));
        const identities = identitiesOf(firstOfEach(firstRun).values());
        const { parked, claimed } = await this.inbox.open(tx, binding.topic, [...keys], identities);
        if (parked.size === 0) return await this.judgeRuns(tx, binding, mine, attempts, spans, claimed);
        const flowing = await this.setParkedAside(tx, mine, parked, spans);
        return await this.judgeRuns(tx, binding, flowing, attempts, spans);
      });
      spans?.commit();
      this.afterCommit(binding.topic, counts);
    } catch (error) {
      spans?.rollBack(nameStoreError(error));
      throw error;
    }
  }

  /** Parks the key of a message that keeps failing for a reason nobody foresaw; order is never silently broken. */
  async park(message: ReceivedMessage, code: string): Promise<void> {
    await this.settings.database.transaction(async (tx) => {
      await this.parking.park(tx, message, code);
    });
    this.settings.logger.error(
      {
        topic: message.topic,
        partition: message.partition,
        offset: message.offset,
        code,
        traceparent: traceparentOf(message),
      },
      'key parked: its messages wait for an operator',
    );
  }

  /**
   * Works off the head of one released key; false when there was none.
   * @throws what the handler threw, after parking the key again, or what the store did
   */
  async workOffReleased(bindings: ReadonlyMap<string, Binding>): Promise<boolean> {
    let current: { topic: string; key: string } | undefined;
    let spans: MessageSpans | undefined;
    try {
      const counts = await this.settings.database.transaction(async (tx) => {
        current = await this.parking.lockReleased(tx, [...bindings.keys()]);
        const binding = current && bindings.get(current.topic);
        if (!current || !binding) return undefined;
        const messages = await this.parking.readMessages(tx, current.topic, current.key, 100);
        const mine = decodeMine(binding, messages);
        spans = this.startSpans(current.topic, mine);
        const outcome = await this.judgeRuns(tx, binding, mine, 1, spans);
        await this.parking.remove(tx, current.topic, current.key, messages);
        return outcome;
      });
      spans?.commit();
      if (current && counts) this.afterCommit(current.topic, counts);
      return current !== undefined;
    } catch (error) {
      spans?.rollBack(nameStoreError(error));
      // A store that is away, or a lost race, says nothing about the message: the key stays released, for the next look.
      if (current && !isStoreAway(error) && !isLostRace(error))
        await this.parking.parkAgain(
          this.settings.database,
          current.topic,
          current.key,
          'released-and-failed',
        );
      throw error;
    }
  }

  private startSpans(topic: string, judged: readonly Judged[]): MessageSpans | undefined {
    return MessageSpans.start(this.settings.tracing ?? TRACING_OFF, this.settings.service, topic, judged);
  }

  private async setParkedAside(
    tx: OpenTx,
    judged: readonly Judged[],
    parked: ReadonlySet<string>,
    spans: MessageSpans | undefined,
  ): Promise<Judged[]> {
    const flowing: Judged[] = [];
    for (const one of judged) {
      if (parked.has(lockKeyOf(one.message.key))) {
        await this.parking.park(tx, one.message, 'behind-parked');
        spans?.note(one, 'PARKED');
      } else flowing.push(one);
    }
    return flowing;
  }

  /** @param claimed what of the first run has been claimed already; undefined when nothing was tried */
  private async judgeRuns(
    tx: OpenTx,
    binding: Binding,
    judged: readonly Judged[],
    attempts: number,
    spans: MessageSpans | undefined,
    claimed?: ReadonlySet<string>,
  ): Promise<ChunkCounts> {
    const counts: ChunkCounts = { duplicates: 0, refusals: [] };
    for (const [index, run] of splitBeforeReplays(judged).entries()) {
      const fresh = await this.claimFresh(tx, run, index === 0 ? claimed : undefined);
      spans?.noteCopies(run, fresh);
      const refusals = await this.judge(tx, binding, fresh, attempts, spans);
      counts.duplicates += run.length - fresh.length;
      counts.refusals.push(...refusals);
    }
    return counts;
  }

  private async judge(
    tx: OpenTx,
    binding: Binding,
    fresh: readonly Judged[],
    attempts: number,
    spans: MessageSpans | undefined,
  ): Promise<Refusal[]> {
    const facts = fresh.filter((one) => one.kind === 'FACT');
    const outcomes =
      facts.length === 0 ? [] : await binding.handle({ facts: facts.map((one) => one.fact), tx });
    const refused: { one: Judged; refusal: Refusal }[] = [];
    for (const [index, one] of facts.entries()) {
      const refusal = outcomes[index];
      if (refusal) refused.push({ one, refusal });
    }
    for (const one of fresh) if (one.kind === 'MALFORMED') refused.push({ one, refusal: one.refusal });
    for (const { one, refusal } of refused) spans?.note(one, 'REFUSED', refusal.code);
    this.deadLetter(tx, refused, attempts);
    return refused.map(({ refusal }) => refusal);
  }

  private async claimFresh(
    tx: OpenTx,
    run: readonly Judged[],
    claimedBefore: ReadonlySet<string> | undefined,
  ): Promise<Judged[]> {
    const first = firstOfEach(run);
    const claimed = claimedBefore ?? (await this.inbox.claim(tx, identitiesOf(first.values())));
    const replays = [...first.values()].filter(
      (one) => isReplay(one) && !claimed.has(identityKey(one.identity)),
    );
    const reopened = await this.inbox.reopen(tx, identitiesOf(replays));
    return [...first].filter(([key]) => claimed.has(key) || reopened.has(key)).map(([, one]) => one);
  }

  private deadLetter(
    tx: OpenTx,
    refused: readonly { one: Judged; refusal: Refusal }[],
    attempts: number,
  ): void {
    if (refused.length === 0) return;
    this.inbox.markRefused(
      tx,
      refused.map(({ one }) => one.identity),
    );
    const context = { service: this.settings.service, attempts, now: new Date() };
    const letters: DeadLetter[] = refused.map(({ one, refusal }) =>
      toDeadLetter(one.message, refusal, context),
    );
    const locked = lockKeys(
      tx,
      this.settings.schema,
      letters.map((letter) => letter.lockKey),
    );
    this.settings.outbox.enqueueDeadLetters(locked, letters);
  }

  private afterCommit(topic: string, counts: ChunkCounts): void {
    if (counts.duplicates > 0) this.duplicates.inc({ topic }, counts.duplicates);
    for (const { code } of counts.refusals) this.deadLetters.inc({ topic, code });
  }
}

function decodeMine(binding: Binding, messages: readonly ReceivedMessage[]): Judged[] {
  const mine: Judged[] = [];
  for (const message of messages) {
    const decoded = decode(binding, message);
    if (decoded.kind !== 'FOREIGN') mine.push(decoded);
  }
  return mine;
}

/** A replay of an event that stands before it in the same chunk must see what became of the event: it opens a new run. */
function splitBeforeReplays(judged: readonly Judged[]): Judged[][] {
  const runs: Judged[][] = [];
  let run: Judged[] = [];
  const seen = new Set<string>();
  for (const one of judged) {
    const key = identityKey(one.identity);
    if (isReplay(one) && seen.has(key)) {
      runs.push(run);
      run = [];
      seen.clear();
    }
    run.push(one);
    seen.add(key);
  }
  return run.length === 0 ? runs : [...runs, run];
}

/** A copy within a run is a copy like any other: the first one counts. */
function firstOfEach(run: readonly Judged[]): Map<string, Judged> {
  const first = new Map<string, Judged>();
  for (const one of run) {
    const key = identityKey(one.identity);
    if (!first.has(key)) first.set(key, one);
  }
  return first;
}

function identitiesOf(judged: Iterable<Judged>): EventIdentity[] {
  return [...judged].map((one) => one.identity);
}

function isReplay(one: Judged): boolean {
  return one.kind === 'FACT' ? one.fact.replay : one.replay;
}
