import type { Database } from '@kyc-relay/persistence';
import type { Logger } from '@kyc-relay/telemetry';
import { judgeReading, type ReadingVerdict } from '../domain/judge-reading';
import { PagePlan } from '../domain/page-plan';
import { queryWindow } from '../domain/partner-query';
import { halve } from '../domain/sync-window';
import { keysOf } from '../handlers/save-rows';
import type { AgentsRepository } from '../outbound/agents.repository';
import type { RunsRepository } from '../outbound/runs.repository';
import type { PendingWindow, WindowsRepository } from '../outbound/windows.repository';
import type { AgentWork } from './agent-work';
import { workInLanes } from './lanes';
import { Unanswered } from './partner-calls';

/** What reading windows needs beside the work itself. */
export interface WindowStores {
  database: Database;
  agents: AgentsRepository;
  windows: WindowsRepository;
  runs: RunsRepository;
  logger: Logger;
}

/** Reads the windows that an agent still has, until each is read, read with a gap, or not answered. */
export class WindowReader {
  constructor(
    private readonly stores: WindowStores,
    private readonly work: AgentWork,
  ) {}

  /**
   * Reads all windows that are pending.
   * @returns false when the partner did not answer for some; they stay pending
   */
  async readAll(): Promise<boolean> {
    const unanswered: string[] = [];
    const { database, windows } = this.stores;
    const { parallelism } = this.work.parts;
    for (;;) {
      const pending = await windows.pending(database, this.work.agent, unanswered, parallelism);
      if (pending.length === 0) return unanswered.length === 0;
      await workInLanes(
        parallelism,
        () => pending.shift(),
        async (window) => {
          if (!(await this.read(window))) unanswered.push(window.id);
        },
      );
    }
  }

  /** Reads one window whole, once; false when the partner did not answer. */
  private async read(window: PendingWindow): Promise<boolean> {
    const plan = new PagePlan(await this.stores.windows.pagesOf(this.stores.database, window.id));
    try {
      await workInLanes(
        // Two more than may be under way fetch their tokens meanwhile.
        this.work.parts.parallelism + 2,
        () => plan.take(),
        async (page) => {
          await this.readPage(window, page, plan);
        },
      );
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      await this.work.saver.drain();
      return await this.giveUp(window, error);
    }
    await this.work.saver.drain();
    const { readings, signature } = window;
    const isSmallest = halve(window) === undefined;
    await this.conclude(window, judgeReading(plan.pages(), { readings, signature, isSmallest }));
    return true;
  }

  private async readPage(window: PendingWindow, page: number, plan: PagePlan): Promise<void> {
    const { agent, parts } = this.work;
    const { readings, askedAt, total } = await this.work.ask(queryWindow(agent, window, page, parts.zone));
    plan.note({ page, total, keys: keysOf(readings, parts.hashKey) });
    await this.work.add({ readings, askedAt, page: { windowId: window.id, page, total } });
  }

  private async conclude(window: PendingWindow, verdict: ReadingVerdict): Promise<void> {
    const { database, agents, windows, runs, logger } = this.stores;
    const { agent, runId, parts } = this.work;
    await database.transaction(async (tx) => {
      await agents.hold(tx, parts.taken);
      if (typeof verdict === 'object') await windows.startOver(tx, window.id, verdict.again);
      else if (verdict === 'HALVE') await windows.cut(tx, window.id, halve(window) ?? []);
      else await windows.remove(tx, window.id);
      if (verdict === 'GAP') await runs.count(tx, runId, { gaps: 1 });
    });
    if (verdict === 'GAP') logger.warn({ agent, runId, ...describe(window) }, 'window read with a gap');
  }

  /** A window that the partner cannot answer while it answers others is cut, to find out which part of it that is. */
  private async giveUp(window: PendingWindow, error: Unanswered): Promise<boolean> {
    const halves = halve(window);
    const isItsOwn = error.isItsOwn || (halves !== undefined && (await this.isAnswering(window)));
    this.stores.logger.warn({ agent: this.work.agent, isItsOwn, ...describe(window) }, 'window not answered');
    if (!isItsOwn) return false;
    const { readings, signature } = window;
    await this.conclude(
      window,
      halves ? 'HALVE' : judgeReading([], { readings, signature, isSmallest: true }),
    );
    return true;
  }

  /** Whether the partner answers at all: asked for the window's last second. */
  private async isAnswering({ to }: PendingWindow): Promise<boolean> {
    const { agent, parts } = this.work;
    const second = queryWindow(agent, { from: to - 1_000, to }, 1, parts.zone);
    return (await parts.calls.askOnce(second)) !== undefined;
  }
}

function describe({ from, to }: PendingWindow): { from: string; to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
