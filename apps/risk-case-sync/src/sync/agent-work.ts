import type { RiskCaseSource } from '@kyc-relay/contracts';
import type { SourceJson } from '@kyc-relay/signing';
import type { PartnerQuery } from '../domain/partner-query';
import { readRow, type RowReading } from '../domain/read-row';
import type { Instant, Zone } from '../domain/zone-time';
import type { AnswerToSave, SaveFor, SaveRows } from '../handlers/save-rows';
import type { TakenAgent } from '../outbound/agents.repository';
import { AnswerSaver } from './answer-saver';
import type { PartnerCalls } from './partner-calls';

/** What the work on one agent has at hand. */
export interface AgentWorkParts {
  taken: TakenAgent;
  zone: Zone;
  calls: PartnerCalls;
  save: SaveRows;
  hashKey: string;
  /** Requests that may be under way at once. */
  parallelism: number;
  /** Told when answers could not be saved: what is still being asked for is worthless then. */
  onSaveError: (error: unknown) => void;
  /** W3C trace context of the work, where there is one. */
  traceparent?: string | undefined;
}

/** A partner's answer, its rows read. */
export interface ReadAnswer {
  readings: RowReading[];
  askedAt: Instant;
  total: number | null;
}

/** One run's work on one agent: asking and saving, which all parts of a pass share. */
export class AgentWork {
  readonly saver: AnswerSaver;

  constructor(
    readonly parts: AgentWorkParts,
    /** The run that counts it. */
    readonly runId: string,
  ) {
    this.saver = new AnswerSaver(async (answers) => {
      try {
        await parts.save.run(answers, this.saveFor());
      } catch (error) {
        parts.onSaveError(error);
        throw error;
      }
    });
  }

  get agent(): string {
    return this.parts.taken.agent;
  }

  /** Asks until there is a good answer. @throws Unanswered, Withdrawn */
  async ask(query: PartnerQuery): Promise<ReadAnswer> {
    const { answer, askedAt } = await this.parts.calls.ask(query);
    return { readings: readRows(answer.rows, this.parts.zone), askedAt, total: answer.total };
  }

  /** Saves an answer; resolves when there is room for more. */
  async add(answer: Omit<AnswerToSave, 'source'>): Promise<void> {
    await this.saver.add({ ...answer, source: PULL });
  }

  private saveFor(): SaveFor {
    const { taken, zone, hashKey, traceparent } = this.parts;
    return { taken, zone, hashKey, runId: this.runId, traceparent };
  }
}

const PULL: RiskCaseSource = 'PULL';

/** Reads the rows of an answer. */
export function readRows(rows: readonly SourceJson[], zone: Zone): RowReading[] {
  return rows.map((row) => readRow(row, zone));
}
