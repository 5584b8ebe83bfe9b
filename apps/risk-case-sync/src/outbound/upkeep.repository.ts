import type { Database } from '@kyc-relay/persistence';

/** How new an agent's copy is. */
export interface CopyAge {
  agent: string;
  /** When the copy was as the partner's, or since when it is being made. */
  since: Date;
}

/** What an SRE watches of the copy. */
export class UpkeepRepository {
  constructor(private readonly database: Database) {}

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
}
