import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@kyc-relay/persistence';
import { readHistory, type HistoryItem } from '../outbound/case-history.repository';
import { RunsRepository, type RunItem } from '../outbound/runs.repository';

/** The end of a page of runs. */
export interface RunPageEnd {
  /** With microseconds, as the store writes it. */
  startedAt: string;
  runId: string;
}

export type { HistoryItem };

/** One run as operators see it. */
export type RunView = Omit<RunItem, 'errors' | 'cursor'> & {
  /** What failed, by its name, and how often. */
  errors: { code: string; count: number }[];
};

/** What operators see of the sync. */
@Injectable()
export class ViewSync {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RunsRepository) private readonly runs: RunsRepository,
  ) {}

  /** A page of runs, newest first; `end` is absent on the last page. */
  async listRuns(
    agent: string | undefined,
    after: RunPageEnd | undefined,
    limit: number,
  ): Promise<{ items: RunView[]; end?: RunPageEnd }> {
    const found = await this.runs.list(agent, after, limit + 1);
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map(({ cursor: _, errors, ...item }) => ({
        ...item,
        errors: Object.entries(errors).map(([code, count]) => ({ code, count })),
      })),
      ...(found.length > limit && last ? { end: { startedAt: last.cursor, runId: last.run_id } } : {}),
    };
  }

  /** A page of a case's history, oldest first. */
  async history(
    flowNo: string,
    after: number,
    limit: number,
  ): Promise<{ items: HistoryItem[]; next?: number }> {
    return await readHistory(this.database, flowNo, { after, limit });
  }
}
