import type { Database } from '@kyc-relay/persistence';

/** How long what is kept, in days. */
export interface Retention {
  /** Histories of cases, pushes, and rows that are no case. */
  historyDays: number;
  /** Finished runs. */
  runDays: number;
  /** The audit log. */
  auditDays: number;
}

/** How new an agent's copy is. */
export interface CopyAge {
  agent: string;
  /** When the copy was as the partner's, or since when it is being made. */
  since: Date;
}

/** Rows of one batch: short locks, and little for the replicas to copy at once. */
const BATCH = 500;

/** What goes on beside the sync: old rows go, and what an SRE watches is counted. */
export class UpkeepRepository {
  constructor(private readonly database: Database) {}

  /** Removes a batch of each kind; true when there may be more. */
  async purgeBatch({ historyDays, runDays, auditDays }: Retention): Promise<boolean> {
    const counts = [
      await this.purge('case_history', 'ctid', 'observed_at', historyDays),
      await this.purge('pushes', 'id', 'received_at', historyDays),
      await this.purge('odd_rows', 'id', 'last_seen_at', historyDays),
      await this.purge('sync_runs', 'run_id', 'finished_at', runDays),
      await this.purge('push_bodies', 'body_hash', 'received_at', 1),
      await this.purge('audit_log', 'id', 'at', auditDays),
    ];
    return counts.some((count) => count >= BATCH);
  }

  /** How new the copies are. */
  async copyAges(agents: readonly string[]): Promise<CopyAge[]> {
    return await this.database.query<CopyAge>(
      `select agent, coalesce(copied_at, created_at) as since from risk.agents where agent = any($1::text[])`,
      [agents],
    );
  }

  /** Cases that were created before and are not final yet. */
  async countPending(createdBefore: Date): Promise<number> {
    return await this.count(
      `select count(*)::int as cases from risk.cases where status <> 'SHTG' and created_at < $1`,
      [createdBefore],
    );
  }

  /** Cases that the partner no longer returns, by agent. */
  async countMissing(agents: readonly string[]): Promise<{ agent: string; cases: number }[]> {
    return await this.database.query(
      `select a.agent, (select count(*)::int from risk.cases c where c.agent = a.agent and c.missing_since is not null) as cases
       from unnest($1::text[]) as a (agent)`,
      [agents],
    );
  }

  private async count(sql: string, parameters: readonly unknown[]): Promise<number> {
    const rows = await this.database.query<{ cases: number }>(sql, parameters);
    return rows[0]?.cases ?? 0;
  }

  /** Names of tables and columns are written here alone. */
  private async purge(table: string, key: string, column: string, days: number): Promise<number> {
    return await this.database.execute(
      `delete from risk.${table} where ${key} = any(array(
         select ${key} from risk.${table} where ${column} < now() - make_interval(days => $1) limit $2 for update skip locked))`,
      [days, BATCH],
    );
  }
}
