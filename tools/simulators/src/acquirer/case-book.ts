import { textOf, type AcquirerCase } from './acquirer-case';

/** What a query filters by; lists are the comma lists of the query, empty ones filter nothing. */
export interface CaseFilter {
  agent: string;
  flowNos: string[];
  mercNums: string[];
  statuses: string[];
  /** `yyyy-MM-dd HH:mm:ss`, included; empty: no bound. */
  from: string;
  to: string;
}

/** The acquirer's cases, newest first, as it pages through them. */
export class CaseBook {
  private readonly byFlowNo = new Map<string, AcquirerCase>();
  private readonly byAgent = new Map<string, AcquirerCase[]>();
  private unsorted = new Set<string>();

  /** Adds cases, or replaces those of the same `flowNo`; a row without one is only ever added. */
  put(cases: readonly AcquirerCase[]): void {
    for (const one of cases) {
      const flowNo = textOf(one, 'flowNo');
      if (this.byFlowNo.has(flowNo)) this.remove(flowNo);
      if (flowNo !== '') this.byFlowNo.set(flowNo, one);
      const agent = textOf(one, 'firstLevelAgentNum');
      const list = this.byAgent.get(agent) ?? [];
      this.byAgent.set(agent, list);
      list.push(one);
      this.unsorted.add(agent);
    }
  }

  /** Sets fields of a case; null takes one away. False when there is no such case. */
  change(flowNo: string, fields: AcquirerCase): boolean {
    const one = this.byFlowNo.get(flowNo);
    if (one === undefined) return false;
    for (const [name, value] of Object.entries(fields)) {
      if (value === null) Reflect.deleteProperty(one, name);
      else one[name] = value;
    }
    return true;
  }

  /** Takes a case away. False when there is none. */
  remove(flowNo: string): boolean {
    const one = this.byFlowNo.get(flowNo);
    if (one === undefined) return false;
    this.byFlowNo.delete(flowNo);
    const list = this.byAgent.get(textOf(one, 'firstLevelAgentNum')) ?? [];
    list.splice(list.indexOf(one), 1);
    return true;
  }

  clear(): void {
    this.byFlowNo.clear();
    this.byAgent.clear();
  }

  get(flowNo: string): AcquirerCase | undefined {
    return this.byFlowNo.get(flowNo);
  }

  /** All cases, those without a number too. */
  all(): AcquirerCase[] {
    return [...this.byAgent.values()].flat();
  }

  /** The cases that a filter matches, newest first. */
  find(filter: CaseFilter): AcquirerCase[] {
    const among = filter.flowNos.length > 0 ? this.named(filter) : this.between(filter);
    if (filter.mercNums.length === 0 && filter.statuses.length === 0) return among;
    return among.filter(
      (one) =>
        (filter.mercNums.length === 0 || filter.mercNums.includes(textOf(one, 'mercNum'))) &&
        (filter.statuses.length === 0 || filter.statuses.includes(textOf(one, 'flowStatus'))),
    );
  }

  private named({ agent, flowNos, from, to }: CaseFilter): AcquirerCase[] {
    const found = [...new Set(flowNos)]
      .map((flowNo) => this.byFlowNo.get(flowNo))
      .filter((one) => one !== undefined);
    return found
      .filter((one) => textOf(one, 'firstLevelAgentNum') === agent)
      .filter((one) => (from === '' || secondOf(one) >= from) && (to === '' || secondOf(one) <= to))
      .sort(newestFirst);
  }

  private between({ agent, from, to }: CaseFilter): AcquirerCase[] {
    const list = this.byAgent.get(agent) ?? [];
    if (this.unsorted.delete(agent)) list.sort(newestFirst);
    const start = to === '' ? 0 : firstIndex(list, (one) => secondOf(one) <= to);
    const end = from === '' ? list.length : firstIndex(list, (one) => secondOf(one) < from);
    return list.slice(start, end);
  }
}

function secondOf(one: AcquirerCase): string {
  return textOf(one, 'createTime').slice(0, 19);
}

function newestFirst(a: AcquirerCase, b: AcquirerCase): number {
  const [left, right] = [a, b].map((one) => `${secondOf(one)} ${textOf(one, 'flowNo')}`) as [string, string];
  return left < right ? 1 : left > right ? -1 : 0;
}

/** The first place from which on it holds, by halving. */
function firstIndex(list: readonly AcquirerCase[], holds: (one: AcquirerCase) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = list[middle];
    if (one !== undefined && holds(one)) high = middle;
    else low = middle + 1;
  }
  return low;
}
