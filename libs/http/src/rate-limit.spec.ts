import { RateLimits, takeToken, TooManyRequests, type Bucket } from './rate-limit';

/** How many of the requests at these moments pass. */
function countPassing(perSecond: number, moments: readonly number[]): number {
  let bucket: Bucket | undefined;
  let passed = 0;
  for (const now of moments) {
    const taken = takeToken(bucket, perSecond, now);
    bucket = taken.bucket;
    if (taken.waitMs === 0) passed += 1;
  }
  return passed;
}

describe('a token bucket', () => {
  it.each<[what: string, perSecond: number, moments: number[], passed: number]>([
    ['a burst of one second passes, no more', 5, Array<number>(9).fill(0), 5],
    [
      'after a second a second’s worth has come back',
      5,
      [...Array<number>(9).fill(0), ...Array<number>(9).fill(1000)],
      10,
    ],
    ['what is not used is not saved up', 5, [0, ...Array<number>(9).fill(60_000)], 6],
    ['half a request a second', 0.5, [0, 1000, 1999, 2000, 3000, 4000], 3],
    ['a clock that runs back gives nothing', 1, [1000, 0, 0], 1],
  ])('%s', (_, perSecond, moments, passed) => {
    expect(countPassing(perSecond, moments)).toBe(passed);
  });

  it('says how long to wait', () => {
    const empty = { tokens: 0, at: 0 };
    expect(takeToken(empty, 4, 0).waitMs).toBe(250);
    expect(takeToken(empty, 4, 100).waitMs).toBe(150);
    expect(takeToken(empty, 0.1, 0).waitMs).toBe(10_000);
    expect(takeToken(empty, 4, 250).waitMs).toBe(0);
  });

  it('keeps to the rate over an hour, whatever the pattern', () => {
    const moments = Array.from({ length: 36_000 }, (_, index) => index * 100);
    expect(countPassing(3, moments)).toBe(3 + 3 * 3600 - 1);
  });
});

describe('the rates of partners', () => {
  it('are kept apart', () => {
    const limits = new RateLimits();
    limits.pass('a', 1, 0);
    expect(() => {
      limits.pass('a', 1, 10);
    }).toThrow(TooManyRequests);
    limits.pass('b', 1, 10);
    limits.pass('a', 1, 1000);
  });

  it('do not count partners without one', () => {
    const limits = new RateLimits();
    for (let count = 0; count < 1000; count += 1) limits.pass('a', 0, 0);
  });

  it('name whole seconds to wait, at least one', () => {
    const limits = new RateLimits();
    limits.pass('a', 0.3, 0);
    let refused: unknown;
    try {
      limits.pass('a', 0.3, 0);
    } catch (error) {
      refused = error;
    }
    expect(refused).toMatchObject({ retryAfterSeconds: 4 });
  });
});
