import { countVersionGaps, latestOf, type SeenVersion } from './version-gaps';

const changes = (...seen: [string, number][]): SeenVersion[] =>
  seen.map(([shopeeUid, version]) => ({ shopeeUid, version }));
const count = (known: Record<string, number>, ...seen: [string, number][]): number =>
  countVersionGaps(new Map(Object.entries(known)), changes(...seen));

describe('countVersionGaps', () => {
  it('finds none in a row of versions of mixed users', () => {
    expect(count({ a: 1, b: 7 }, ['a', 2], ['b', 8], ['a', 3], ['b', 9])).toBe(0);
  });

  it('counts a jump once, against what was seen before and within the run', () => {
    expect(count({ a: 1 }, ['a', 3])).toBe(1);
    expect(count({ a: 1 }, ['a', 2], ['a', 9])).toBe(1);
    expect(count({ a: 1 }, ['a', 3], ['a', 4])).toBe(1);
  });

  it('begins with whatever version of a user comes first', () => {
    expect(count({}, ['a', 40])).toBe(0);
    expect(count({}, ['a', 40], ['a', 42])).toBe(1);
  });

  it('takes an older version for a repeat', () => {
    expect(count({ a: 5 }, ['a', 3], ['a', 6])).toBe(0);
  });
});

describe('latestOf', () => {
  it('is the highest version of each user, in whatever order they came', () => {
    expect(latestOf(changes(['a', 2], ['b', 8], ['a', 3], ['b', 7]))).toEqual(
      new Map([
        ['a', 3],
        ['b', 8],
      ]),
    );
  });
});
