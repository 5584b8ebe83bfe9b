import type { Database, Tx } from '@kyc-relay/persistence';
import { formatInstant, type Instant } from '../domain/zone-time';

/** What there is to do for an agent. */
export interface AgentNeed {
  agent: string;
  /** Whether a pass is due or was broken off. */
  runDue: boolean;
  /** Whether cases are to be read back because of pushes. */
  readBacksDue: boolean;
  /** When an operator last asked for a run; null: never. */
  wokenAt: Instant | null;
}

/** An agent as the replica that works on it has taken it. */
export interface TakenAgent {
  agent: string;
  /** Counts who has worked on it; only the last may write. */
  epoch: string;
}

/** Where an agent's copy stands. */
export interface AgentProgress {
  /** Up to where windows of discovery were planned; undefined before the first. */
  plannedTo: Instant | undefined;
  /** Where the turn of the final cases stands; undefined at its start. */
  finalTurn: { changedAt: Instant; flowNo: string } | undefined;
}

/** Another replica has taken the agent meanwhile; what this one wanted to write must not be. */
export class AgentTaken extends Error {
  constructor() {
    super('another replica has taken the agent');
    this.name = 'AgentTaken';
  }
}

/** Who works on which agent, and how far its copy is. */
export class AgentsRepository {
  constructor(private readonly database: Database) {}

  /** Makes rows for agents that are new in the registry, and notes an acquirer that changed. */
  async register(agents: ReadonlyMap<string, string>): Promise<void> {
    await this.database.execute(
      `insert into risk.agents as a (agent, acquirer) select * from unnest($1::text[], $2::text[])
       on conflict (agent) do update set acquirer = excluded.acquirer where a.acquirer <> excluded.acquirer`,
      [[...agents.keys()], [...agents.values()]],
    );
  }

  /** What there is to do for these agents now. */
  async needs(agents: readonly string[]): Promise<AgentNeed[]> {
    const rows = await this.database.query<{
      agent: string;
      run_due: boolean;
      read_backs_due: boolean;
      woken_at: Date | null;
    }>(
      `select a.agent, a.woken_at,
         a.next_run_at <= now()
           or exists (select from risk.sync_runs r where r.agent = a.agent and r.state = 'RUNNING') as run_due,
         exists (select from risk.read_backs b where b.agent = a.agent and b.due_at <= now()) as read_backs_due
       from risk.agents a where a.agent = any($1::text[])`,
      [agents],
    );
    return rows.map((row) => ({
      agent: row.agent,
      runDue: row.run_due,
      readBacksDue: row.read_backs_due,
      wokenAt: row.woken_at?.getTime() ?? null,
    }));
  }

  /** Takes an agent whose lock is held: from now on nobody else's writes count. */
  async take(agent: string): Promise<TakenAgent> {
    const rows = await this.database.query<{ epoch: string }>(
      `update risk.agents set epoch = epoch + 1 where agent = $1 returning epoch`,
      [agent],
    );
    const [row] = rows;
    if (!row) throw new AgentTaken();
    return { agent, epoch: row.epoch };
  }

  /** Makes sure, until the end of the transaction, that nobody else has taken the agent. @throws AgentTaken */
  async hold(tx: Tx, { agent, epoch }: TakenAgent): Promise<void> {
    const rows = await tx.query(`select from risk.agents where agent = $1 and epoch = $2 for share`, [
      agent,
      epoch,
    ]);
    if (rows.length === 0) throw new AgentTaken();
  }

  async progress(agent: string): Promise<AgentProgress> {
    const rows = await this.database.query<{
      planned_to: Date | null;
      final_changed_at: Date | null;
      final_flow_no: string | null;
    }>(`select planned_to, final_changed_at, final_flow_no from risk.agents where agent = $1`, [agent]);
    const [row] = rows;
    return {
      plannedTo: row?.planned_to?.getTime(),
      finalTurn:
        row?.final_changed_at && row.final_flow_no !== null
          ? { changedAt: row.final_changed_at.getTime(), flowNo: row.final_flow_no }
          : undefined,
    };
  }

  /** Notes up to where windows are planned, in the transaction that adds them. */
  async notePlanned(tx: Tx, agent: string, to: Instant): Promise<void> {
    await tx.execute(`update risk.agents set planned_to = $2 where agent = $1`, [agent, formatInstant(to)]);
  }

  /** Notes how far the turn of the final cases has come; undefined: it starts anew. */
  async noteFinalTurn(agent: string, turn: AgentProgress['finalTurn']): Promise<void> {
    await this.database.execute(
      `update risk.agents set final_changed_at = $2, final_flow_no = $3 where agent = $1`,
      [agent, turn ? formatInstant(turn.changedAt) : null, turn?.flowNo ?? null],
    );
  }

  /** Notes that somebody wants to know now. */
  async wake(tx: Tx, agent: string): Promise<void> {
    await tx.execute(`update risk.agents set woken_at = now() where agent = $1`, [agent]);
  }

  /** The store's clock, which all replicas share. */
  async clock(): Promise<Instant> {
    const rows = await this.database.query<{ now: number }>(
      `select extract(epoch from clock_timestamp())::float8 * 1000 as now`,
    );
    return Math.floor(rows[0]?.now ?? 0);
  }
}
