import { MOST_FLOW_NOS, queryCases } from '../domain/partner-query';
import type { Instant } from '../domain/zone-time';
import type { AgentsRepository } from '../outbound/agents.repository';
import type { CaseToRefresh, RefreshRepository } from '../outbound/refresh.repository';
import type { AgentWork } from './agent-work';
import { workInLanes } from './lanes';

/** Cases that are read from the store at once. */
const READ_AT_ONCE = 1_000;
const DAY_MS = 86_400_000;

/** What refreshing needs beside the work itself. */
export interface RefreshStores {
  agents: AgentsRepository;
  refresh: RefreshRepository;
}

/** Asks again, by their numbers, for cases that can still change (risk-cases.md, Pull). */
export class CaseRefresher {
  constructor(
    private readonly stores: RefreshStores,
    private readonly work: AgentWork,
    /** Cases that were asked for since are as new as this pass. */
    private readonly askedBefore: Instant,
  ) {}

  /** Asks for every open case. @throws Unanswered */
  async refreshOpen(): Promise<void> {
    let after = '';
    for (;;) {
      const cases = await this.stores.refresh.open(this.work.agent, this.askedBefore, after, READ_AT_ONCE);
      const last = cases.at(-1);
      if (!last) return;
      after = last.flowNo;
      await this.refresh(cases);
    }
  }

  /**
   * Asks for final cases in turn, so many each pass, so that a pass costs no more for a copy that is large.
   * @throws Unanswered
   */
  async refreshFinal(requests: number, lookbackDays: number): Promise<void> {
    if (requests === 0) return;
    const { agents, refresh } = this.stores;
    const { agent } = this.work;
    const { finalTurn } = await agents.progress(agent);
    const cases = await refresh.final(agent, {
      askedBefore: this.askedBefore,
      changedSince: this.askedBefore - lookbackDays * DAY_MS,
      after: finalTurn,
      limit: requests * MOST_FLOW_NOS,
    });
    await this.refresh(cases);
    const last = cases.at(-1);
    const isRoundOver = cases.length < requests * MOST_FLOW_NOS;
    await agents.noteFinalTurn(agent, isRoundOver || !last ? undefined : last);
  }

  /** A case that an answer lacks is asked for once more, since repeated rows can keep it from the page. */
  private async refresh(cases: readonly CaseToRefresh[]): Promise<void> {
    const lacking: CaseToRefresh[] = [];
    await this.ask(cases, (missing) => {
      const news = missing.filter(({ wasMissing }) => !wasMissing);
      lacking.push(...news);
      return missing.filter(({ wasMissing }) => wasMissing);
    });
    await this.ask(lacking, (missing) => missing);
    await this.work.saver.drain();
  }

  private async ask(
    cases: readonly CaseToRefresh[],
    chooseMissing: (missing: CaseToRefresh[]) => CaseToRefresh[],
  ): Promise<void> {
    let next = 0;
    await workInLanes(
      this.work.parts.parallelism,
      () => {
        const batch = cases.slice(next, next + MOST_FLOW_NOS);
        next += MOST_FLOW_NOS;
        return batch.length === 0 ? undefined : batch;
      },
      async (batch) => {
        const flowNos = batch.map(({ flowNo }) => flowNo);
        const { readings, askedAt } = await this.work.ask(queryCases(this.work.agent, flowNos));
        const found = new Set(
          readings.map((reading) => (reading.kind === 'CASE' ? reading.flowNo : undefined)),
        );
        const missing = chooseMissing(batch.filter(({ flowNo }) => !found.has(flowNo)));
        await this.work.add({ readings, askedAt, missing: missing.map(({ flowNo }) => flowNo) });
      },
    );
  }
}
