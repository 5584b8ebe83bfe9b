import { ProblemException } from '@kyc-relay/http';
import { isLostRace, isStoreAway, nameStoreError } from '@kyc-relay/persistence';

/** Two transactions inserted one row: the later one is right when done again. */
const UNIQUE_VIOLATION = '23505';
const MAX_RACES = 5;

/** How much a {@link GroupCommit} takes on. */
export interface GroupLimits {
  /** Most items of one transaction. */
  items: number;
  /** Most items that wait; what comes on top is turned away. */
  waiting: number;
}

/** How items are spread over transactions that are under way at the same time. */
export interface GroupLanes<T> {
  /** How many there may be; while one waits for the store, the process goes on with another. */
  count: number;
  /** Items of one key keep their order: they are never in two transactions at once. */
  keyOf: (item: T) => string;
}

interface Waiting<T, R> {
  item: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

/** One transaction after the other, and what waits for the next. */
interface Lane<T, R> {
  waiting: Waiting<T, R>[];
  working: boolean;
}

/**
 * Shares transactions among items that come in at the same time: in each lane one transaction is under way, what comes
 * meanwhile goes into the next one, in order of arrival. Statements, locks and the flush of the commit are paid once a
 * group.
 *
 * An item is answered after the commit of its group. A group that fails for anything but a lost race or a store that is
 * away is done again one by one, so that an item fails for nothing but its own fault.
 */
export class GroupCommit<T, R> {
  private readonly lanes: Lane<T, R>[];
  private waiting = 0;

  /**
   * @param work does a group in one transaction and answers for each item, in their order; rejects with nothing done
   * @param limits how much to take on
   * @param spread over how many lanes; one when absent
   */
  constructor(
    private readonly work: (items: readonly T[]) => Promise<R[]>,
    private readonly limits: GroupLimits,
    private readonly spread: GroupLanes<T> = { count: 1, keyOf: () => '' },
  ) {
    this.lanes = Array.from({ length: spread.count }, () => ({ waiting: [], working: false }));
  }

  /**
   * Adds an item; resolves when it is committed.
   * @throws ProblemException 503 when too many wait already; what `work` rejects with
   */
  async submit(item: T): Promise<R> {
    if (this.waiting >= this.limits.waiting)
      throw new ProblemException(503, 'overloaded', 'Service Unavailable', {
        detail: 'too many requests wait',
      });
    return await new Promise<R>((resolve, reject) => {
      const lane = this.laneOf(item);
      lane.waiting.push({ item, resolve, reject });
      this.waiting += 1;
      if (!lane.working) void this.workAll(lane);
    });
  }

  private laneOf(item: T): Lane<T, R> {
    const key = this.lanes.length === 1 ? '' : this.spread.keyOf(item);
    let hash = 0;
    for (let index = 0; index < key.length; index += 1)
      hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
    const lane = this.lanes[Math.abs(hash % this.lanes.length)];
    if (!lane) throw new Error('there is no lane');
    return lane;
  }

  private async workAll(lane: Lane<T, R>): Promise<void> {
    lane.working = true;
    // What arrives in the same turn of the event loop goes into the same group.
    await new Promise((resolve) => setImmediate(resolve));
    while (lane.waiting.length > 0) {
      const group = lane.waiting.splice(0, this.limits.items);
      this.waiting -= group.length;
      await this.settle(group);
    }
    lane.working = false;
  }

  private async settle(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.workDespiteRaces(group.map(({ item }) => item));
      for (const [index, result] of results.entries()) group[index]?.resolve(result);
    } catch (error) {
      if (group.length === 1 || isStoreAway(error)) for (const one of group) one.reject(error);
      else for (const one of group) await this.settle([one]);
    }
  }

  private async workDespiteRaces(items: readonly T[]): Promise<R[]> {
    for (let race = 1; ; race += 1) {
      try {
        return await this.work(items);
      } catch (error) {
        const isRace = isLostRace(error) || nameStoreError(error) === UNIQUE_VIOLATION;
        if (!isRace || race === MAX_RACES) throw error;
      }
    }
  }
}
