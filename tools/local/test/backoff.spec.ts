import { restartDelayMs, restartsInARow } from '../process/backoff.mjs';

describe('restartDelayMs', () => {
  it.each([
    [0, 0],
    [1, 200],
    [2, 400],
    [3, 800],
    [4, 1600],
    [5, 3200],
    [6, 5000],
    [7, 5000],
    [5000, 5000],
  ])('after %d restarts in a row waits %d ms', (earlier, delayMs) => {
    expect(restartDelayMs(earlier)).toBe(delayMs);
  });
});

describe('restartsInARow', () => {
  it('counts on while a process ends young', () => {
    expect(restartsInARow(3, 9999)).toBe(3);
  });

  it('begins anew once a process was alive for 10 s', () => {
    expect(restartsInARow(3, 10_000)).toBe(0);
  });
});
