import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import type { KeyRing } from '@kyc-relay/crypto';
import type { Database } from '@kyc-relay/persistence';
import type { Logger, Metrics } from '@kyc-relay/telemetry';
import { PublishRefused, type BatchPublisher, type OutgoingMessage } from './batch-publisher';
import { openDeadLetter } from './dead-letter';
import { LeaderLock } from './leader-lock';
import { RelayMetrics } from './relay-metrics';
import { RelayStore, type OutboxRow } from './relay-store';
import { SentRows } from './sent-rows';

/** Rows of one read. */
const READ_ROWS = 1_000;
/** The next rows are read when no more than this wait to be sent: two sends take about as long as a read. */
const READ_AHEAD_ROWS = 500;
/** Rows of one send: kafkajs gets slower by the square of what it sorts into partitions, and holds it all in memory. */
const BATCH_ROWS = 250;
/** Kafka gets one record batch per partition and send, which is not split: keep even a one-key batch below its limit. */
const BATCH_BYTES = 768_000;
/** The slow poll behind the wake-ups: finds rows whose wake-up was lost and keys that were released. */
const POLL_MS = 1_000;
/** From one look at the outbox to the next there is at least this, however often somebody wakes the relay. */
const ROUND_MS = 100;
const MAX_BACKOFF_MS = 5_000;

/** What a relay needs to run. */
export interface RelaySettings {
  database: Database;
  schema: string;
  url: string;
  publisher: BatchPublisher;
  /** Milliseconds from one look to the next at the least; less is sooner told and costs more. */
  roundMs?: number;
  keyRing: KeyRing;
  logger: Logger;
  metrics: Metrics;
}

/**
 * Publishes a context's outbox in id order, one batch in flight, from one leader at a time; deletes what Kafka has
 * acknowledged. A crash after the send and before the delete sends a batch again: consumers deduplicate by `ce_id`.
 */
export class OutboxRelay {
  private readonly store: RelayStore;
  private readonly lock: LeaderLock;
  private readonly metrics: RelayMetrics;
  private wakeWaiter: (() => void) | undefined;
  private woken = false;
  private stopping = false;
  private readonly ending = new AbortController();
  private work: Promise<void> = Promise.resolve();
  private readonly sent: SentRows;
  /** Failures in a row: of sends, reads and deletions. */
  private failures = 0;
  private parked = false;
  private parkedCheckedAt = 0;

  constructor(private readonly settings: RelaySettings) {
    this.store = new RelayStore(settings.database, settings.schema);
    this.sent = new SentRows(this.store, settings.logger, () => {
      this.failures = 0;
    });
    this.lock = new LeaderLock(
      {
        url: settings.url,
        channel: `outbox_${settings.schema}`,
        applicationName: `outbox relay of ${settings.schema}`,
      },
      {
        onLead: () => {
          const before = this.work;
          this.work = before.then(async () => {
            await this.lead();
          });
        },
        onWake: () => {
          this.wakeUp();
        },
        onLost: () => {
          this.wakeUp();
        },
      },
    );
    this.metrics = new RelayMetrics(settings.metrics, settings.schema, this.store);
  }

  start(): void {
    this.lock.start();
  }

  /** Call after a commit that enqueued something. */
  wake(): void {
    this.lock.wake();
  }

  /** Ends after the batch in flight; rows that are left are published by the next leader. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.ending.abort();
    this.wakeUp();
    await this.work;
    await this.lock.stop();
  }

  private mayLead(): boolean {
    return this.lock.isLeader && !this.stopping;
  }

  private async lead(): Promise<void> {
    this.settings.logger.info({ schema: this.settings.schema }, 'outbox relay leads');
    while (this.mayLead()) {
      try {
        const startedAt = performance.now();
        await this.publishWhileAny();
        // What comes meanwhile shares the next batch.
        const rest = (this.settings.roundMs ?? ROUND_MS) - (performance.now() - startedAt);
        if (rest >= 1)
          await setTimeoutAsync(rest, undefined, { signal: this.ending.signal }).catch(() => undefined);
        await this.sleep(POLL_MS);
      } catch (error) {
        this.failures += 1;
        this.settings.logger.warn({ err: error, failures: this.failures }, 'outbox relay waits');
        await this.backOff();
      }
    }
    await this.sent.settle();
  }

  /** Wake-ups do not shorten this wait: under load they would turn it into a busy loop. The stop does. */
  private async backOff(): Promise<void> {
    const ms = Math.min(MAX_BACKOFF_MS, 50 * 2 ** Math.min(this.failures, 10));
    await setTimeoutAsync(ms, undefined, { signal: this.ending.signal }).catch(() => undefined);
  }

  /**
   * While the last batches of a read are on their way to Kafka, the next rows are read and the previous ones are deleted; a
   * read excludes every row that is taken and not yet deleted, by id.
   */
  private async publishWhileAny(): Promise<void> {
    const anyParked = await this.anyParkedKeys();
    let rows = await this.take(anyParked);
    let ahead: Promise<readonly OutboxRow[]> | undefined;
    // Reading ahead pays when there is a backlog; at low rates it would be a statement for nothing.
    let isMoreLikely = rows.length === READ_ROWS;
    if (rows.length === 0 && this.sent.isEmpty) this.failures = 0;
    try {
      while (rows.length > 0 && this.mayLead()) {
        this.sent.throwUndeleted();
        const batch = takeBatch(rows);
        const rest = rows.slice(batch.length);
        if (isMoreLikely && rest.length <= READ_AHEAD_ROWS) ahead ??= this.take(anyParked);
        // Its error is thrown where it is awaited; until then it must not end the process as an unhandled one.
        ahead?.catch(() => undefined);
        const parked = await this.publishBatch(batch);
        rows = rest;
        await this.sent.deleteSoon(batch.map((row) => row.id).filter((id) => !parked.has(id)));
        if (parked.size > 0) {
          // What was read may hold rows of the keys that are parked now.
          this.sent.forget(parked);
          this.parkedCheckedAt = 0;
          this.woken = true;
          return;
        }
        if (rows.length > 0 || !ahead) continue;
        rows = await ahead;
        ahead = undefined;
        isMoreLikely = rows.length === READ_ROWS;
      }
    } finally {
      // What was taken and not sent is read again, by the next round or the next leader.
      const unsent = [...rows, ...((await ahead?.catch(() => [])) ?? [])];
      this.sent.forget(unsent.map((row) => row.id));
    }
  }

  /** Reads the next rows; no other read finds them until they are deleted or given back. */
  private async take(anyParked: boolean): Promise<readonly OutboxRow[]> {
    const rows = await this.store.readBatch(this.sent.ids, READ_ROWS, anyParked);
    this.sent.add(rows);
    return rows;
  }

  private async anyParkedKeys(): Promise<boolean> {
    if (Date.now() - this.parkedCheckedAt >= POLL_MS) {
      this.parked = await this.store.hasParkedKeys();
      this.parkedCheckedAt = Date.now();
    }
    return this.parked;
  }

  /** Sends a batch; returns the ids that were set aside instead. */
  private async publishBatch(batch: readonly OutboxRow[]): Promise<ReadonlySet<string>> {
    try {
      const messages: OutgoingMessage[] = [];
      for (const row of batch) {
        const payload = payloadOf(row) ?? (await this.store.readPayload(row.id));
        if (payload !== null) messages.push(this.toMessage(row, payload));
      }
      await this.settings.publisher.publish(messages);
      this.metrics.countPublished(batch);
      return new Set();
    } catch (error) {
      if (!(error instanceof PublishRefused)) throw error;
      return await this.publishOneByOne(batch);
    }
  }

  /** Finds the row that Kafka refuses and sets it aside with the later rows of its topic and key. */
  private async publishOneByOne(batch: readonly OutboxRow[]): Promise<ReadonlySet<string>> {
    const parkedIds = new Set<string>();
    const parkedKeys = new Set<string>();
    for (const row of batch) {
      const place = JSON.stringify([row.topic, row.key]);
      if (parkedKeys.has(place)) {
        parkedIds.add(row.id);
        continue;
      }
      try {
        const payload = payloadOf(row) ?? (await this.store.readPayload(row.id));
        if (payload !== null) await this.settings.publisher.publish([this.toMessage(row, payload)]);
        this.metrics.countPublished([row]);
      } catch (error) {
        if (!(error instanceof PublishRefused)) throw error;
        this.settings.logger.error(
          { outboxId: row.id, topic: row.topic, code: error.code },
          'outbox key parked',
        );
        await this.store.parkKey(row.topic, row.key, error.code);
        parkedKeys.add(place);
        parkedIds.add(row.id);
      }
    }
    return parkedIds;
  }

  /** @throws PublishRefused for a sealed row that does not open */
  private toMessage(row: OutboxRow, payload: string | Buffer): OutgoingMessage {
    if (!row.sealed || typeof payload === 'string')
      return { topic: row.topic, key: row.key, value: payload, headers: row.headers };
    try {
      return openDeadLetter(this.settings.keyRing, this.settings.schema, {
        eventId: row.event_id,
        topic: row.topic,
        payload,
      });
    } catch (error) {
      this.settings.logger.error({ err: error, outboxId: row.id }, 'outbox row does not open');
      throw new PublishRefused('UNSEALABLE');
    }
  }

  private wakeUp(): void {
    this.woken = true;
    this.wakeWaiter?.();
  }

  /** Waits for a wake-up, at most `ms`; a wake-up that came while working counts. */
  private async sleep(ms: number): Promise<void> {
    if (!this.woken && !this.stopping) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wakeWaiter = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wakeWaiter = undefined;
    }
    this.woken = false;
  }
}

/** What was read of the payload; null where it is large. */
function payloadOf({ text, bytes }: OutboxRow): string | Buffer | null {
  return text ?? bytes;
}

/** The longest head of `rows` that fits one send; a large row (not read yet) travels alone. */
function takeBatch(rows: readonly OutboxRow[]): readonly OutboxRow[] {
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    if (index === BATCH_ROWS) return rows.slice(0, index);
    const payload = payloadOf(row);
    const size = payload === null ? BATCH_BYTES : Buffer.byteLength(payload) + 400;
    if (index > 0 && bytes + size > BATCH_BYTES) return rows.slice(0, index);
    bytes += size;
  }
  return rows;
}
