import type { Database, Tx } from '@kyc-relay/persistence';
import { MOST_EMPTIES, type ReadBack, type ReadBackStep } from '../domain/read-back';

interface Row {
  flow_no: string;
  agent: string;
  agents_left: string[];
  round: number;
  failures: number;
  empties_left: number;
}

/** Cases that are to be asked for because of pushes. */
export class ReadBacksRepository {
  constructor(private readonly database: Database) {}

  /** Orders a case to be read back at once; one that is waiting already starts anew. */
  async order(tx: Tx, flowNo: string, agents: readonly string[]): Promise<void> {
    const [agent = '', ...others] = agents;
    await tx.execute(
      `insert into risk.read_backs as b (flow_no, agent, agents_left, empties_left) values ($1, $2, $3, $4)
       on conflict (flow_no) do update set agent = excluded.agent, agents_left = excluded.agents_left,
         empties_left = excluded.empties_left, failures = 0, due_at = now(), round = b.round + 1`,
      [flowNo, agent, others, MOST_EMPTIES * agents.length],
    );
  }

  /** Cases of an agent that are due, those first that wait longest. */
  async due(agent: string, limit: number): Promise<ReadBack[]> {
    const rows = await this.database.query<Row>(
      `select flow_no, agent, agents_left, round, failures, empties_left from risk.read_backs
       where agent = $1 and due_at <= now() order by due_at limit $2`,
      [agent, limit],
    );
    return rows.map((row) => ({
      flowNo: row.flow_no,
      agent: row.agent,
      agentsLeft: row.agents_left,
      round: row.round,
      failures: row.failures,
      emptiesLeft: row.empties_left,
    }));
  }

  /** Takes the next step, unless another push has come meanwhile, which starts anew. */
  async step(readBack: ReadBack, step: ReadBackStep): Promise<void> {
    const { flowNo, round } = readBack;
    if (step.kind === 'AGAIN') {
      await this.database.execute(
        `update risk.read_backs set agent = $3, agents_left = $4, failures = $5, empties_left = $6,
           due_at = now() + make_interval(secs => $7) where flow_no = $1 and round = $2`,
        [flowNo, round, step.agent, step.agentsLeft, step.failures, step.emptiesLeft, step.inMs / 1_000],
      );
      return;
    }
    await this.database.transaction(async (tx) => {
      const ended = await tx.execute(`delete from risk.read_backs where flow_no = $1 and round = $2`, [
        flowNo,
        round,
      ]);
      if (ended > 0)
        await tx.execute(`update risk.pushes set outcome = $2 where flow_no = $1 and outcome is null`, [
          flowNo,
          step.kind,
        ]);
    });
  }
}
