import { newEventId } from '@kyc-relay/contracts';
import type { Database, Tx } from '@kyc-relay/persistence';

/** How a run ended, or that it works. */
export type RunState = 'RUNNING' | 'DONE' | 'INCOMPLETE' | 'FAILED';

/** What is added to a run's counts. */
export interface RunCounts {
  requests: number;
  rows: number;
  opened: number;
  changed: number;
  oddRows: number;
  escapedRows: number;
  missing: number;
  gaps: number;
}

/** A run that works. */
export interface WorkingRun {
  runId: string;
  /** When it was started, by the store's clock. */
  startedAt: Date;
}

/** One run as operators see it. */
export interface RunItem {
  run_id: string;
  firstLevelAgentNum: string;
  state: RunState;
  started_at: Date;
  finished_at: Date | null;
  requests: number;
  rows: number;
  opened: number;
  changed: number;
  odd_rows: number;
  escaped_rows: number;
  missing: number;
  gaps: number;
  windows_left: number;
  lag_seconds: number | null;
  errors: Record<string, number>;
  /** When it was started, with microseconds, for paging. */
  cursor: string;
}

/** The runs of the sync, one per pass over an agent. */
export class RunsRepository {
  constructor(private readonly database: Database) {}

  /** The run that works on an agent: one that was broken off or asked for, or a new one. */
  async startOrJoin(tx: Tx, agent: string): Promise<WorkingRun> {
    await tx.execute(
      `insert into risk.sync_runs (run_id, agent) values ($1, $2) on conflict (agent) where state = 'RUNNING' do nothing`,
      [newEventId(), agent],
    );
    const rows = await tx.query<{ run_id: string; started_at: Date }>(
      `select run_id, started_at from risk.sync_runs where agent = $1 and state = 'RUNNING'`,
      [agent],
    );
    const [row] = rows;
    // It ended between the two statements: then it has not seen what it was asked for.
    return row ? { runId: row.run_id, startedAt: row.started_at } : await this.startOrJoin(tx, agent);
  }

  /** Adds to a run's counts. */
  async count(tx: Tx, runId: string, counts: Partial<RunCounts>): Promise<void> {
    await tx.execute(
      `update risk.sync_runs set requests = requests + $2, rows = rows + $3, opened = opened + $4, changed = changed + $5,
         odd_rows = odd_rows + $6, escaped_rows = escaped_rows + $7, missing = missing + $8, gaps = gaps + $9
       where run_id = $1`,
      [
        runId,
        counts.requests ?? 0,
        counts.rows ?? 0,
        counts.opened ?? 0,
        counts.changed ?? 0,
        counts.oddRows ?? 0,
        counts.escapedRows ?? 0,
        counts.missing ?? 0,
        counts.gaps ?? 0,
      ],
    );
  }

  /** Counts requests that failed, by why. */
  async countFailure(runId: string, code: string): Promise<void> {
    await this.database.execute(
      `update risk.sync_runs set requests = requests + 1,
         errors = jsonb_set(errors, array[$2], to_jsonb(coalesce((errors ->> $2)::int, 0) + 1))
       where run_id = $1`,
      [runId, code],
    );
  }

  /** How many gaps a run has had. */
  async gapsOf(runId: string): Promise<number> {
    const rows = await this.database.query<{ gaps: number }>(
      `select gaps from risk.sync_runs where run_id = $1`,
      [runId],
    );
    return rows[0]?.gaps ?? 0;
  }

  /**
   * Ends a run, says how old the copy is by then, and when the next one is due.
   * @param isCopied whether everything was read, so that the copy is as new as the run's start
   */
  async finish(
    tx: Tx,
    run: { agent: string; runId: string },
    end: { state: Exclude<RunState, 'RUNNING'>; isCopied: boolean; nextInSeconds: number },
  ): Promise<void> {
    await tx.execute(
      `update risk.agents a set
         copied_at = case when $2 then r.started_at else a.copied_at end,
         next_run_at = now() + make_interval(secs => $3)
       from risk.sync_runs r where a.agent = $4 and r.run_id = $1`,
      [run.runId, end.isCopied, end.nextInSeconds, run.agent],
    );
    await tx.execute(
      `update risk.sync_runs r set state = $2, finished_at = now(),
         lag_seconds = extract(epoch from now() - a.copied_at)
       from risk.agents a where r.run_id = $1 and a.agent = r.agent`,
      [run.runId, end.state],
    );
  }

  /** Ends the runs of agents that left the registry. */
  async endForgotten(known: readonly string[]): Promise<void> {
    await this.database.execute(
      `update risk.sync_runs set state = 'FAILED', finished_at = now(), errors = errors || '{"AGENT_GONE": 1}'
       where state = 'RUNNING' and agent <> all($1::text[])`,
      [known],
    );
  }

  /** A page of runs, newest first. */
  async list(
    agent: string | undefined,
    after: { startedAt: string; runId: string } | undefined,
    limit: number,
  ): Promise<RunItem[]> {
    return await this.database.query<RunItem>(
      `select r.run_id, to_char(r.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as cursor, r.agent as "firstLevelAgentNum", r.state, r.started_at, r.finished_at, r.requests, r.rows, r.opened,
         r.changed, r.odd_rows, r.escaped_rows, r.missing, r.gaps, r.errors,
         case when r.state = 'RUNNING'
           then (select count(*)::int from risk.sync_windows w where w.agent = r.agent) else 0 end as windows_left,
         case when r.state = 'RUNNING' then extract(epoch from now() - a.copied_at)::int else r.lag_seconds end as lag_seconds
       from risk.sync_runs r join risk.agents a on a.agent = r.agent
       where ($1::text is null or r.agent = $1)
         and ($2::timestamptz is null or (r.started_at, r.run_id) < ($2, $3::uuid))
       order by r.started_at desc, r.run_id desc limit $4`,
      [agent ?? null, after?.startedAt ?? null, after?.runId ?? null, limit],
    );
  }
}
