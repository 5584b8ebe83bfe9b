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

interface Waiting<T, R> {
  item: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

/**
 * Shares transactions among items that come in at the same time: one transaction is under way, what comes meanwhile goes
 * into the next one, in order of arrival. Statements, locks and the flush of the commit are paid once a group.
 *
 * An item is answered after the commit of its group. A group that fails for anything but a lost race or a store that is
 * away is done again one by one, so that an item fails for nothing but its own fault.
 */
export class GroupCommit<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private working = false;

  /**
   * @param work does a group in one transaction and answers for each item, in their order; rejects with nothing done
   * @param limits how much to take on
   */
  constructor(
    private readonly work: (items: readonly T[]) => Promise<R[]>,
    private readonly limits: GroupLimits,
  ) {}

  /**
   * Adds an item; resolves when it is committed.
   * @throws ProblemException 503 when too many wait already; what `work` rejects with
   */
  async submit(item: T): Promise<R> {
    if (this.waiting.length >= this.limits.waiting)
      throw new ProblemException(503, 'overloaded', 'Service Unavailable', {
        detail: 'too many requests wait',
      });
    return await new Promise<R>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.working) void this.workAll();
    });
  }

  private async workAll(): Promise<void> {
    this.working = true;
    // What arrives in the same turn of the event loop goes into the same group.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) await this.settle(this.waiting.splice(0, this.limits.items));
    this.working = false;
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
