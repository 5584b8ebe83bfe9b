import { newEventId, RISK_CASE_CHANGED, TOPICS, type RiskCaseSource } from '@kyc-relay/contracts';
import { LockedKeys, type Outbox, type OutboxMessage } from '@kyc-relay/outbox';
import type { OpenTx } from '@kyc-relay/persistence';
import { maskContent } from '../domain/case-fields';
import { changedMessage } from '../domain/changed-message';
import type { CopiedCase } from '../domain/copied-case';
import { decideCase } from '../domain/decide-case';
import type { CaseContent, PushNotes } from '../domain/normalise-case';
import type { RowReading } from '../domain/read-row';
import { formatInstant, type Instant, type Zone } from '../domain/zone-time';
import { appendHistory, type HistoryEntry } from '../outbound/case-history.repository';
import type { CasesRepository, CaseToWrite } from '../outbound/cases.repository';
import { moveDayCounts, type CountChange } from '../outbound/day-counts.repository';

/** A row that is a case. */
type CaseReading = RowReading & { kind: 'CASE' };

/** What a row was read for. */
interface Asked {
  agent: string;
  askedAt: Instant;
  source: RiskCaseSource;
  now: Instant;
  /** W3C trace context of the work that asked, where there is one. */
  traceparent?: string | undefined;
}

/** What a transaction did to the copy. */
export interface ChangeCounts {
  opened: number;
  changed: number;
}

interface Work {
  one: CopiedCase;
  /** As it stood before this transaction; undefined for a case that was not known. */
  before: CopiedCase | undefined;
  /** Masked, where the case is to be written. */
  content: CaseContent | undefined;
}

/**
 * All that one transaction decides about cases: they are locked first, each decision builds on the one before, and
 * everything is written at the end in one statement a table.
 */
export class CaseChanges {
  private readonly works = new Map<string, Work>();
  private readonly seenAgain = new Map<string, Instant>();
  private readonly history: HistoryEntry[] = [];
  private readonly messages: OutboxMessage[] = [];
  private readonly counts: ChangeCounts = { opened: 0, changed: 0 };

  private constructor(
    private readonly tx: OpenTx,
    private readonly repository: CasesRepository,
    private readonly zone: Zone,
    private readonly notes: ReadonlyMap<string, PushNotes>,
  ) {}

  /** Locks the cases that are known of these. */
  static async open(
    tx: OpenTx,
    repository: CasesRepository,
    zone: Zone,
    flowNos: readonly string[],
    notes: ReadonlyMap<string, PushNotes>,
  ): Promise<CaseChanges> {
    const changes = new CaseChanges(tx, repository, zone, notes);
    for (const [flowNo, one] of await repository.lock(tx, flowNos))
      changes.works.set(flowNo, { one, before: one, content: undefined });
    return changes;
  }

  /**
   * Takes a row that was read.
   */
  take(reading: CaseReading, asked: Asked): void {
    const { flowNo, place, raw } = reading;
    const notes = this.notes.get(flowNo) ?? {};
    const work = this.works.get(flowNo);
    const decision = decideCase(work?.one, { reading, askedAt: asked.askedAt, notes }, this.zone);
    if (decision.kind === 'STALE') return;
    if (decision.kind === 'SAME') {
      if (work) work.one = { ...work.one, askedAt: asked.askedAt };
      this.seenAgain.set(flowNo, asked.askedAt);
      return;
    }
    const told = decision.kind === 'REWRITTEN' ? undefined : decision;
    const one: CopiedCase = {
      // A case stays where it was found, unless it says itself that it belongs to the agent that was asked for.
      agent: work && reading.agent !== asked.agent ? work.one.agent : asked.agent,
      place,
      raw,
      notes,
      askedAt: asked.askedAt,
      version: told?.version ?? work?.one.version ?? 1,
      changedAt: told ? asked.now : (work?.one.changedAt ?? asked.now),
    };
    const content = maskContent(decision.content);
    this.works.set(flowNo, { one, before: work?.before, content });
    if (told) this.tell(flowNo, one, told.changes, content, asked);
  }

  /** Writes cases, counts, history and messages. */
  async save(outbox: Outbox): Promise<ChangeCounts> {
    const inserts: CaseToWrite[] = [];
    const updates: CaseToWrite[] = [];
    for (const [flowNo, { one, before, content }] of this.works) {
      if (content === undefined) continue;
      this.seenAgain.delete(flowNo);
      (before ? updates : inserts).push({ flowNo, one, content });
    }
    await this.repository.insert(this.tx, inserts);
    await this.repository.update(this.tx, updates);
    await this.repository.touch(this.tx, this.seenAgain);
    await appendHistory(this.tx, this.history);
    // Every case of a message was locked when it was read or has just been inserted by this transaction.
    outbox.enqueue(LockedKeys.heldBy(this.tx, this.works.keys()), this.messages);
    await moveDayCounts(this.tx, this.countChanges());
    return this.counts;
  }

  private tell(
    flowNo: string,
    one: CopiedCase,
    changes: HistoryEntry['changes'],
    content: CaseContent,
    { source, now, traceparent }: Asked,
  ): void {
    const eventId = newEventId();
    if (one.version === 1) this.counts.opened += 1;
    else this.counts.changed += 1;
    this.history.push({ flowNo, eventId, version: one.version, source, observedAt: now, changes });
    this.messages.push({
      topic: TOPICS.riskCaseChanged,
      key: flowNo,
      type: RISK_CASE_CHANGED,
      eventId,
      time: new Date(now),
      value: changedMessage({
        event_id: eventId,
        flowNo,
        firstLevelAgentNum: one.agent,
        version: one.version,
        source,
        observed_at: formatInstant(now),
        changes: [...changes],
        case: { ...content },
      }),
      traceparent,
    });
  }

  private countChanges(): CountChange[] {
    const changes = new Map<string, CountChange>();
    const count = ({ agent, place }: CopiedCase, by: number): void => {
      const key = JSON.stringify([agent, place.createdDay, place.status]);
      const known = changes.get(key);
      if (known) known.by += by;
      else changes.set(key, { agent, day: place.createdDay, status: place.status, by });
    };
    for (const { one, before, content } of this.works.values()) {
      if (content === undefined) continue;
      if (before) count(before, -1);
      count(one, 1);
    }
    return [...changes.values()];
  }
}
