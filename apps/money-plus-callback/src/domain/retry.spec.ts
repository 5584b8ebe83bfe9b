import { delayBeforeRetry } from './retry';

const policy = { maxAttempts: 20, baseDelayMs: 1000, maxDelayMs: 600_000 };
const ALMOST_ONE = 1 - Number.EPSILON;

describe('delayBeforeRetry', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [10, 512_000],
    [11, 600_000],
    [20, 600_000],
    [2_000, 600_000],
  ])('waits after %i failures anything from 0 to %i ms', (failures, ceiling) => {
    expect(delayBeforeRetry(failures, policy, 0, null)).toBe(0);
    expect(delayBeforeRetry(failures, policy, 0.5, null)).toBe(ceiling / 2);
    expect(delayBeforeRetry(failures, policy, ALMOST_ONE, null)).toBeLessThanOrEqual(ceiling);
  });

  it.each([
    [5_000, 0, 5_000],
    [5_000, 0.5, 5_000],
    [100, 0.5, 500],
    [0, 0.5, 500],
    [3_600_000, 0, 600_000],
  ])('comes back no sooner than the %i ms asked for, within the maximum', (asked, random, expected) => {
    expect(delayBeforeRetry(1, policy, random, asked)).toBe(expected);
  });
});
