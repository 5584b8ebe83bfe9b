import { GroupCommit } from './group-commit';

const LIMITS = { items: 3, waiting: 5 };

/** Work that remembers its groups and ends when told. */
class Work {
  readonly groups: number[][] = [];
  private readonly gates: (() => void)[] = [];

  constructor(
    private readonly fail: (items: readonly number[], round: number) => unknown = () => undefined,
  ) {}

  readonly run = async (items: readonly number[]): Promise<string[]> => {
    this.groups.push([...items]);
    const round = this.groups.length;
    if (this.isHeld) await new Promise<void>((resolve) => this.gates.push(resolve));
    const error = this.fail(items, round);
    if (error instanceof Error) throw error;
    return items.map((item) => `done ${item}`);
  };

  isHeld = false;

  release(): void {
    this.isHeld = false;
    for (const gate of this.gates.splice(0)) gate();
  }
}

function storeAway(): Error {
  return Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
}

async function settle(promises: Promise<string>[]): Promise<string[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) =>
    one.status === 'fulfilled' ? one.value : `failed ${(one.reason as Error).message}`,
  );
}

/** Lets what is ready to run, run. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}

describe('group commit', () => {
  it('does what comes at the same time together, in order, in groups of a size', async () => {
    const work = new Work();
    const groups = new GroupCommit(work.run, LIMITS);
    const results = await Promise.all([1, 2, 3, 4].map(async (item) => await groups.submit(item)));
    expect(work.groups).toEqual([[1, 2, 3], [4]]);
    expect(results).toEqual(['done 1', 'done 2', 'done 3', 'done 4']);
    expect(await groups.submit(5)).toBe('done 5');
  });

  it('has one group under way; what comes meanwhile is the next one', async () => {
    const work = new Work();
    work.isHeld = true;
    const groups = new GroupCommit(work.run, LIMITS);
    const first = groups.submit(1);
    await turn();
    const others = [2, 3].map(async (item) => await groups.submit(item));
    await turn();
    expect(work.groups).toEqual([[1]]);
    work.release();
    expect(await settle([first, ...others])).toEqual(['done 1', 'done 2', 'done 3']);
    expect(work.groups).toEqual([[1], [2, 3]]);
  });

  it('turns away what would have to wait behind too many', async () => {
    const work = new Work();
    work.isHeld = true;
    const groups = new GroupCommit(work.run, LIMITS);
    const first = groups.submit(0);
    await turn();
    const waiting = [1, 2, 3, 4, 5].map(async (item) => await groups.submit(item));
    await expect(groups.submit(6)).rejects.toMatchObject({ status: 503 });
    work.release();
    expect(await settle([first, ...waiting])).toHaveLength(6);
    expect(work.groups.flat()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('does a group that fails again one by one, so that only the guilty one fails', async () => {
    const work = new Work((items) => (items.includes(2) ? new TypeError('two') : undefined));
    const groups = new GroupCommit(work.run, LIMITS);
    const results = await settle([1, 2, 3].map(async (item) => await groups.submit(item)));
    expect(results).toEqual(['done 1', 'failed two', 'done 3']);
    expect(work.groups).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('does not ask a store that is away once per item', async () => {
    const work = new Work((_, round) => (round === 1 ? storeAway() : undefined));
    const groups = new GroupCommit(work.run, LIMITS);
    expect(await settle([1, 2].map(async (item) => await groups.submit(item)))).toEqual([
      'failed x',
      'failed x',
    ]);
    expect(work.groups).toEqual([[1, 2]]);
    expect(await groups.submit(3)).toBe('done 3');
  });

  it.each(['40P01', '40001', '23505'])('does a group that lost a race (%s) again as it is', async (code) => {
    const work = new Work((_, round) =>
      round <= 2 ? Object.assign(new Error('race'), { code }) : undefined,
    );
    const groups = new GroupCommit(work.run, LIMITS);
    expect(await settle([1, 2].map(async (item) => await groups.submit(item)))).toEqual(['done 1', 'done 2']);
    expect(work.groups).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });
});
