import type { KeyRing } from '@kyc-relay/crypto';
import { lockKeys, type DeadLetter, type Outbox } from '@kyc-relay/outbox';
import { isLostRace, isStoreAway, nameStoreError, type Database, type OpenTx } from '@kyc-relay/persistence';
import { TRACING_OFF, type Logger, type Metrics, type Tracing } from '@kyc-relay/telemetry';
import type { Binding, Refusal } from './chunk';
import { toDeadLetter } from './dead-letters';
import { lockKeyOf } from './decode';
import { identityKey, InboxRepository } from './inbox.repository';
import {
  decodeMine,
  factsOf,
  firstOfEach,
  identitiesOf,
  isFact,
  isReplay,
  splitBeforeReplays,
  type Judged,
} from './judged';
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

interface ChunkCounts {
  duplicates: number;
  refusals: Refusal[];
}

/** One try at a chunk. */
interface Work {
  tx: OpenTx;
  binding: Binding;
  /** How often the messages have been tried, this time included. */
  attempts: number;
  spans: MessageSpans | undefined;
}

/** What nobody has judged before, and how many are copies of something. */
interface Claimed {
  fresh: readonly Judged[];
  duplicates: number;
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
      const counts = await this.settings.database.transaction(
        async (tx) => await this.judgeAll({ tx, binding, attempts, spans }, mine),
      );
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
        const outcome = await this.judgeReleased({ tx, binding, attempts: 1, spans }, mine);
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

  /** Judges messages whose keys may be parked: those are set aside, behind what waits already. */
  private async judgeAll(work: Work, judged: readonly Judged[]): Promise<ChunkCounts> {
    const [first = [], ...others] = splitBeforeReplays(judged);
    const keys = new Set(judged.map((one) => lockKeyOf(one.message.key)));
    const opening = this.inbox.open(work.tx, work.binding.topic, [...keys], identitiesOf(first));
    const claimFirst = async (): Promise<Claimed> => {
      const { parked, claimed } = await opening;
      // While a key is parked nothing was claimed: the others of the run are still to be.
      return parked.size === 0
        ? await this.claim(work, first, claimed)
        : await this.claim(work, await this.setParkedAside(work, first, parked));
    };
    const counts = await this.judge(work, first, claimFirst());
    const { parked } = await opening;
    for (const run of others) {
      const flowing = await this.setParkedAside(work, run, parked);
      addCounts(counts, await this.judge(work, flowing, this.claim(work, flowing)));
    }
    return counts;
  }

  /** Judges messages of a key that was parked, of which none is set aside any more. */
  private async judgeReleased(work: Work, judged: readonly Judged[]): Promise<ChunkCounts> {
    const counts: ChunkCounts = { duplicates: 0, refusals: [] };
    for (const run of splitBeforeReplays(judged))
      addCounts(counts, await this.judge(work, run, this.claim(work, run)));
    return counts;
  }

  private async setParkedAside(
    { tx, spans }: Work,
    judged: readonly Judged[],
    parked: ReadonlySet<string>,
  ): Promise<readonly Judged[]> {
    if (parked.size === 0) return judged;
    const flowing: Judged[] = [];
    for (const one of judged) {
      if (parked.has(lockKeyOf(one.message.key))) {
        await this.parking.park(tx, one.message, 'behind-parked');
        spans?.note(one, 'PARKED');
      } else flowing.push(one);
    }
    return flowing;
  }

  /** @param claimed what of the run is claimed already; undefined when nothing was tried */
  private async claim(
    { tx, spans }: Work,
    run: readonly Judged[],
    claimed?: ReadonlySet<string>,
  ): Promise<Claimed> {
    const first = firstOfEach(run);
    const mine = claimed ?? (await this.inbox.claim(tx, identitiesOf(run)));
    const replays = [...first.values()].filter(
      (one) => isReplay(one) && !mine.has(identityKey(one.identity)),
    );
    const reopened = await this.inbox.reopen(tx, identitiesOf(replays));
    const fresh = [...first].filter(([key]) => mine.has(key) || reopened.has(key)).map(([, one]) => one);
    spans?.noteCopies(run, fresh);
    return { fresh, duplicates: run.length - fresh.length };
  }

  /**
   * Lets the handler judge a run. It is called before it is known what of the run is fresh, so that what it loads travels with
   * the question.
   */
  private async judge(
    { tx, binding, attempts, spans }: Work,
    run: readonly Judged[],
    claiming: Promise<Claimed>,
  ): Promise<ChunkCounts> {
    // Its error is thrown where it is awaited; until then it must not end the process as an unhandled one.
    claiming.catch(() => undefined);
    const arrived = factsOf(run);
    const outcomes =
      arrived.length === 0
        ? []
        : await binding.handle({ arrived, facts: async () => factsOf((await claiming).fresh), tx });
    const { fresh, duplicates } = await claiming;
    const refused: { one: Judged; refusal: Refusal }[] = [];
    for (const [index, one] of fresh.filter(isFact).entries()) {
      const refusal = outcomes[index];
      if (refusal) refused.push({ one, refusal });
    }
    for (const one of fresh) if (one.kind === 'MALFORMED') refused.push({ one, refusal: one.refusal });
    for (const { one, refusal } of refused) spans?.note(one, 'REFUSED', refusal.code);
    this.deadLetter(tx, refused, attempts);
    return { duplicates, refusals: refused.map(({ refusal }) => refusal) };
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

function addCounts(sum: ChunkCounts, more: ChunkCounts): void {
  sum.duplicates += more.duplicates;
  sum.refusals.push(...more.refusals);
}
