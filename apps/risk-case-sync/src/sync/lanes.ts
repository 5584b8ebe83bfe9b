/** Lets only so many pieces of work go on at once; the others wait in the order they came. */
export class Lanes {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  /** Runs work when there is a lane. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
      });
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

/**
 * Works on items, so many at once, as long as there are any. An error ends it once what is under way has ended.
 *
 * @param take the next item, or undefined: none now. It is asked again after each item that ends
 */
export async function workInLanes<T>(
  count: number,
  take: () => T | undefined,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  for (;;) {
    while (!failure && underWay.size < count) {
      const item = take();
      if (item === undefined) break;
      const one = work(item)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => {
          underWay.delete(one);
        });
      underWay.add(one);
    }
    if (underWay.size === 0) break;
    await Promise.race(underWay);
  }
  if (failure) throw failure.error;
}
