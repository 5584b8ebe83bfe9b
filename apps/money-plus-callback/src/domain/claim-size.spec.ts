import { claimSize, freeSize } from './claim-size';

const idle = { calling: 0, waiting: 0, waitedMs: 0 };

describe('claimSize', () => {
  it.each([
    ['a fast endpoint gets work for 200 ms ahead, at most 10 times its connections', 1, 32 + 320],
    ['a slower one less', 50, 32 + 128],
    ['one of a second nearly nothing ahead', 1000, 32 + 6],
    ['one of a whole time-out only what it can call', 7000, 32],
  ])('%s', (_, latencyMs, size) => {
    expect(claimSize(idle, 32, latencyMs)).toBe(size);
  });

  it('waits until half of what may be held is free', () => {
    expect(claimSize({ ...idle, calling: 32, waiting: 150, waitedMs: 1 }, 32, 1)).toBe(0);
    expect(claimSize({ ...idle, calling: 32, waiting: 140, waitedMs: 1 }, 32, 1)).toBe(180);
  });

  it('claims for any free connection of a slow endpoint', () => {
    expect(claimSize({ ...idle, calling: 31 }, 32, 7000)).toBe(1);
    expect(claimSize({ ...idle, calling: 32 }, 32, 7000)).toBe(0);
  });

  it('claims nothing ahead while the first in line waits for long', () => {
    expect(claimSize({ ...idle, calling: 32, waiting: 1, waitedMs: 401 }, 32, 1)).toBe(0);
  });
});

describe('freeSize', () => {
  it('is all that fits, however little', () => {
    expect(freeSize({ calling: 32, waiting: 312, waitedMs: 1 }, 32, 1)).toBe(8);
    expect(freeSize({ calling: 32, waiting: 340, waitedMs: 1 }, 32, 1)).toBe(0);
  });

  it('is nothing while the first in line waits for long', () => {
    expect(freeSize({ ...idle, waiting: 1, waitedMs: 401 }, 32, 1)).toBe(0);
  });
});
