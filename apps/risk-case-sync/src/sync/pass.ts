import type { Acquirer } from '@kyc-relay/config';
import type { Logger } from '@kyc-relay/telemetry';
import { planDiscovery } from '../domain/sync-window';
import { parseLocalTime, zoneOf, type Instant } from '../domain/zone-time';
import type { RunState } from '../outbound/runs.repository';
import { AgentWork, type AgentWorkParts } from './agent-work';
import { CaseRefresher, type RefreshStores } from './case-refresher';
import { MonthChecker, type MonthStores } from './month-checker';
import { Unanswered } from './partner-calls';
import { WindowReader, type WindowStores } from './window-reader';

const DAY_MS = 86_400_000;

/** The stores that a pass works with. */
export type PassStores = WindowStores & RefreshStores & MonthStores;

/** How much a pass does. */
export interface PassSettings {
  finalRefreshRequests: number;
  monthCheckSeconds: number;
  /** For so long cases are kept. */
  historyRetentionDays: number;
}

/** What there is to know before a pass. */
export interface PassContext {
  run: { runId: string; startedAt: Date };
  acquirer: Acquirer;
  logger: Logger;
}

/**
 * One pass over an agent: new cases by their creation times, every open case and some final ones by their numbers, and
 * once a day the partner's counts. A part that the partner does not answer keeps no other from being done.
 */
export class Pass {
  private readonly work: AgentWork;
  private readonly reader: WindowReader;

  constructor(
    private readonly stores: PassStores,
    private readonly settings: PassSettings,
    parts: AgentWorkParts,
    private readonly context: PassContext,
  ) {
    this.work = new AgentWork(parts, context.run.runId);
    this.reader = new WindowReader(stores, this.work);
  }

  /** Does all of it; how the run ended. */
  async run(): Promise<Exclude<RunState, 'RUNNING'>> {
    const { acquirer, run } = this.context;
    const refresher = new CaseRefresher(this.stores, this.work, run.startedAt.getTime());
    const isWhole = [
      await this.attempt('discovery', async () => await this.discover()),
      await this.attempt('refresh of open cases', async () => {
        await refresher.refreshOpen();
        return true;
      }),
      await this.attempt('refresh of final cases', async () => {
        await refresher.refreshFinal(this.settings.finalRefreshRequests, acquirer.final_lookback_days);
        return true;
      }),
      await this.attempt('comparison of months', async () => await this.compareMonths()),
    ].every(Boolean);
    if (!isWhole) return 'FAILED';
    return (await this.stores.runs.gapsOf(run.runId)) > 0 ? 'INCOMPLETE' : 'DONE';
  }

  /** Reads new cases; false when the partner did not answer for some window. */
  private async discover(): Promise<boolean> {
    const { database, agents, windows } = this.stores;
    const { agent, parts } = this.work;
    // First what an earlier pass left: while the partner is out, windows must not pile up that overlap each other.
    if (!(await this.reader.readAll())) return false;
    const { plannedTo } = await agents.progress(agent);
    const window = planDiscovery(
      {
        firstStart: this.firstStart(),
        overlapMs: this.context.acquirer.overlap_seconds * 1_000,
        now: await agents.clock(),
      },
      plannedTo,
    );
    if (window)
      await database.transaction(async (tx) => {
        await agents.hold(tx, parts.taken);
        await windows.add(tx, agent, [window]);
        await agents.notePlanned(tx, agent, window.to);
      });
    return await this.reader.readAll();
  }

  private async compareMonths(): Promise<boolean> {
    const { plannedTo } = await this.stores.agents.progress(this.work.agent);
    if (plannedTo === undefined) return true;
    const checker = new MonthChecker(this.stores, this.work, this.reader);
    // What is purged must not be missed: it would be read again as new. A day's difference, as the purge goes on meanwhile.
    const keptFrom = (await this.stores.agents.clock()) - (this.settings.historyRetentionDays - 1) * DAY_MS;
    const from = Math.max(this.firstStart(), keptFrom);
    return await checker.check(from, plannedTo, this.settings.monthCheckSeconds);
  }

  private async attempt(part: string, work: () => Promise<boolean>): Promise<boolean> {
    try {
      const isDone = await work();
      await this.work.saver.drain();
      return isDone;
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      await this.work.saver.drain();
      this.context.logger.warn(
        { agent: this.work.agent, runId: this.work.runId, part },
        'partner did not answer',
      );
      return false;
    }
  }

  private firstStart(): Instant {
    const { first_window_start: start, timezone } = this.context.acquirer;
    // The registry has checked that it is a time.
    return parseLocalTime(start, zoneOf(timezone)) ?? 0;
  }
}
