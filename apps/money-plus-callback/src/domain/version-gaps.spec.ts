import { countVersionGaps } from './version-gaps';

const count = (known: Record<string, number>, seen: [string, number][]): { gaps: number; latest: object } => {
  const result = countVersionGaps(
    new Map(Object.entries(known)),
    seen.map(([shopeeUid, version]) => ({ shopeeUid, version })),
  );
  return { gaps: result.gaps, latest: Object.fromEntries(result.latest) };
};

describe('countVersionGaps', () => {
  it('finds none in a row of versions of mixed users', () => {
    const seen: [string, number][] = [
      ['a', 2],
      ['b', 8],
      ['a', 3],
      ['b', 9],
    ];
    expect(count({ a: 1, b: 7 }, seen)).toEqual({ gaps: 0, latest: { a: 3, b: 9 } });
  });

  it('counts a jump once, against what was seen before and within the run', () => {
    expect(count({ a: 1 }, [['a', 3]])).toEqual({ gaps: 1, latest: { a: 3 } });
    expect(
      count({ a: 1 }, [
        ['a', 2],
        ['a', 9],
      ]),
    ).toEqual({ gaps: 1, latest: { a: 9 } });
  });

  it('begins with whatever version of a user comes first', () => {
    expect(count({}, [['a', 40]])).toEqual({ gaps: 0, latest: { a: 40 } });
  });

  it('takes an older version for a repeat', () => {
    expect(count({ a: 5 }, [['a', 3]])).toEqual({ gaps: 0, latest: { a: 5 } });
  });
});
