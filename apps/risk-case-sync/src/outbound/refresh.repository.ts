import type { Database } from '@kyc-relay/persistence';
import { formatInstant, type Instant } from '../domain/zone-time';
import type { AgentProgress } from './agents.repository';

/** A case that is to be asked for again. */
export interface CaseToRefresh {
  flowNo: string;
  /** Whether the partner did not return it the last time either. */
  wasMissing: boolean;
}

/** A final case in the order in which they take turns. */
export type FinalCase = CaseToRefresh & NonNullable<AgentProgress['finalTurn']>;

/** Which cases a pass asks for again. A number with a comma in it cannot be asked for: the query takes comma lists. */
export class RefreshRepository {
  constructor(private readonly database: Database) {}

  /** Open cases that were not asked for since, in the order of their numbers. */
  async open(agent: string, askedBefore: Instant, after: string, limit: number): Promise<CaseToRefresh[]> {
    return await this.database.query<CaseToRefresh>(
      `select flow_no as "flowNo", missing_since is not null as "wasMissing" from risk.cases
       where agent = $1 and status <> 'SHTG' and flow_no > $2 and asked_at < $3 and position(',' in flow_no) = 0
       order by flow_no limit $4`,
      [agent, after, formatInstant(askedBefore), limit],
    );
  }

  /** Final cases that changed within the lookback, those first whose turn it is. */
  async final(
    agent: string,
    options: {
      askedBefore: Instant;
      changedSince: Instant;
      after: AgentProgress['finalTurn'];
      limit: number;
    },
  ): Promise<FinalCase[]> {
    const { askedBefore, changedSince, after, limit } = options;
    const rows = await this.database.query<{ flow_no: string; missing: boolean; changed_at: Date }>(
      `select flow_no, missing_since is not null as missing, changed_at from risk.cases
       where agent = $1 and status = 'SHTG' and changed_at >= $2 and (changed_at, flow_no) > ($3, $4)
         and asked_at < $5 and position(',' in flow_no) = 0
       order by changed_at, flow_no limit $6`,
      [
        agent,
        formatInstant(changedSince),
        formatInstant(after?.changedAt ?? changedSince),
        after?.flowNo ?? '',
        formatInstant(askedBefore),
        limit,
      ],
    );
    return rows.map((row) => ({
      flowNo: row.flow_no,
      wasMissing: row.missing,
      changedAt: row.changed_at.getTime(),
    }));
  }
}
