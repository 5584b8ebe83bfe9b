import type { Database } from '@kyc-relay/persistence';
import { comparableMonths, type Month } from '../domain/months';
import { queryWindow } from '../domain/partner-query';
import type { Instant } from '../domain/zone-time';
import type { MonthsRepository } from '../outbound/months.repository';
import type { WindowsRepository } from '../outbound/windows.repository';
import type { AgentWork } from './agent-work';
import { workInLanes } from './lanes';
import type { WindowReader } from './window-reader';

/** What comparing months needs beside the work itself. */
export interface MonthStores {
  database: Database;
  months: MonthsRepository;
  windows: WindowsRepository;
}

/** Compares how many cases of each month the partner has and we have, and reads a month again when that has changed. */
export class MonthChecker {
  constructor(
    private readonly stores: MonthStores,
    private readonly work: AgentWork,
    private readonly reader: WindowReader,
  ) {}

  /**
   * Compares the months that were not compared for so long. After the first pass, which has just read everything, there is
   * nothing to compare yet.
   * @returns false when the partner did not answer for some window of a month that is read again
   * @throws Unanswered
   */
  async check(from: Instant, to: Instant, everySeconds: number): Promise<boolean> {
    const { months } = this.stores;
    const { agent, parts } = this.work;
    const all = comparableMonths(from, to, parts.zone);
    if (!(await months.hasAny(agent))) {
      await months.assumeRight(
        agent,
        all.map(({ name }) => name),
      );
      return true;
    }
    const recent = await months.checkedSince(agent, everySeconds);
    const due = all.filter(({ name }) => !recent.has(name));
    const changed: Month[] = [];
    let next = 0;
    await workInLanes(
      parts.parallelism,
      () => due[next++],
      async (month) => {
        const difference = await this.compare(month);
        if (difference === undefined) return;
        if (difference === (await months.difference(agent, month.name)))
          await months.note(agent, month.name, difference);
        else changed.push(month);
      },
    );
    for (const month of changed) if (!(await this.readAgain(month))) return false;
    return true;
  }

  private async readAgain(month: Month): Promise<boolean> {
    const { database, windows, months } = this.stores;
    const { agent } = this.work;
    if (!(await windows.hasMonth(database, agent, month.name)))
      await windows.add(database, agent, [month.window], month.name);
    if (!(await this.reader.readAll())) return false;
    const difference = await this.compare(month);
    if (difference !== undefined) await months.note(agent, month.name, difference);
    return true;
  }

  /** By how many cases the partner's count exceeds ours; undefined when it gave none. */
  private async compare(month: Month): Promise<number | undefined> {
    const { agent, parts } = this.work;
    const { readings, askedAt, total } = await this.work.ask(queryWindow(agent, month.window, 1, parts.zone));
    await this.work.add({ readings, askedAt });
    await this.work.saver.drain();
    if (total === null) return undefined;
    return total - (await this.stores.months.countOurs(agent, month.firstDay, month.lastDay));
  }
}
