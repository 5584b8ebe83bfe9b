import { Injectable } from '@nestjs/common';
import type { RiskCaseSource } from '@kyc-relay/contracts';
import type { Outbox } from '@kyc-relay/outbox';
import { isLostRace, type Database, type OpenTx } from '@kyc-relay/persistence';
import { createHmac } from 'node:crypto';
import type { RowReading } from '../domain/read-row';
import type { Instant, Zone } from '../domain/zone-time';
import type { AgentsRepository, TakenAgent } from '../outbound/agents.repository';
import { LostInsert, type CasesRepository } from '../outbound/cases.repository';
import type { OddRow, OddRowsRepository } from '../outbound/odd-rows.repository';
import { readPushNotes } from '../outbound/push-notes.repository';
import type { RunsRepository } from '../outbound/runs.repository';
import type { WindowsRepository } from '../outbound/windows.repository';
import { CaseChanges } from './case-changes';

/** One answer of the partner, read. */
export interface AnswerToSave {
  readings: readonly RowReading[];
  /** When it was asked for, by the store's clock. */
  askedAt: Instant;
  source: RiskCaseSource;
  /** The page of a window that it is. */
  page?: { windowId: string; page: number; total: number | null };
  /** Cases that it was to hold and did not: the partner no longer returns them. */
  missing?: readonly string[];
}

/** For whom answers are saved. */
export interface SaveFor {
  taken: TakenAgent;
  zone: Zone;
  /** Tells rows apart that have no number; a secret, since such a row can hold an identity number. */
  hashKey: string;
  /** The run that counts them; undefined for what a push caused beside a run. */
  runId?: string | undefined;
  /** W3C trace context of the work that asked, where there is one; what changed is told under it. */
  traceparent?: string | undefined;
}

/** What the stores of a save are. */
export interface SaveStores {
  database: Database;
  outbox: Outbox;
  agents: AgentsRepository;
  cases: CasesRepository;
  oddRows: OddRowsRepository;
  windows: WindowsRepository;
  runs: RunsRepository;
}

/** Two replicas can insert one case at the same time, each for its agent; a third time is a bug. */
const MOST_TRIES = 5;

/** The one way into the copy, for what is pulled and what is read back: one transaction for answers that came together. */
@Injectable()
export class SaveRows {
  constructor(private readonly stores: SaveStores) {}

  /**
   * Saves answers: what changed is published with the rows, and what was read is noted with them.
   * @throws AgentTaken when another replica works on the agent by now; nothing is saved then
   */
  async run(answers: readonly AnswerToSave[], saveFor: SaveFor): Promise<void> {
    // The answer that was asked for first is decided first.
    const ordered = [...answers].sort((a, b) => a.askedAt - b.askedAt);
    for (let tries = 1; ; tries += 1) {
      try {
        await this.stores.database.transaction(async (tx) => {
          await this.save(tx, ordered, saveFor);
        });
        return;
      } catch (error) {
        if (tries >= MOST_TRIES || !(error instanceof LostInsert || isLostRace(error))) throw error;
      }
    }
  }

  private async save(tx: OpenTx, answers: readonly AnswerToSave[], saveFor: SaveFor): Promise<void> {
    const { agents, cases, oddRows, windows, runs, outbox } = this.stores;
    const { taken, zone, runId, traceparent } = saveFor;
    await agents.hold(tx, taken);
    const flowNos = [...new Set(answers.flatMap(flowNosOf))];
    const notes = await readPushNotes(tx, flowNos);
    const changes = await CaseChanges.open(tx, cases, zone, flowNos, notes);
    const now = Date.now();
    for (const { readings, askedAt, source } of answers)
      for (const reading of readings)
        if (reading.kind === 'CASE')
          changes.take(reading, { agent: taken.agent, askedAt, source, now, traceparent });
    const counts = await changes.save(outbox);
    const odd = answers.flatMap(({ readings }) =>
      readings.flatMap((reading) => toOddRow(reading, saveFor) ?? []),
    );
    await oddRows.keep(tx, odd);
    let missing = 0;
    for (const answer of answers)
      missing += await cases.markMissing(tx, answer.missing ?? [], answer.askedAt);
    await windows.notePages(
      tx,
      answers.flatMap(({ page, readings }) =>
        page ? { ...page, keys: keysOf(readings, saveFor.hashKey) } : [],
      ),
    );
    if (runId !== undefined) {
      const readings = answers.flatMap((answer) => answer.readings);
      await runs.count(tx, runId, {
        ...counts,
        missing,
        requests: answers.length,
        rows: readings.length,
        oddRows: odd.length,
        escapedRows: readings.filter((reading) => reading.kind === 'CASE' && reading.escaped).length,
      });
    }
  }
}

/** What tells the rows of a page apart: their numbers, or for a row without one a keyed hash of it. */
export function keysOf(readings: readonly RowReading[], hashKey: string): string[] {
  return readings.map((reading) =>
    reading.kind === 'CASE' ? reading.flowNo : `odd:${hashOf(reading.raw, hashKey)}`,
  );
}

function flowNosOf({ readings }: AnswerToSave): string[] {
  return readings.flatMap((reading) => (reading.kind === 'CASE' ? reading.flowNo : []));
}

function toOddRow(reading: RowReading, { taken, hashKey }: SaveFor): OddRow | undefined {
  if (reading.kind === 'CASE') return undefined;
  return { agent: taken.agent, hash: hashOf(reading.raw, hashKey), reason: reading.reason, raw: reading.raw };
}

function hashOf(raw: string, hashKey: string): string {
  return createHmac('sha256', hashKey).update(raw).digest('hex');
}
