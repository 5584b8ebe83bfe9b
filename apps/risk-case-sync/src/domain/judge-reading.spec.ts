import { seededRandom } from '@kyc-relay/contracts';
import { judgeReading, type ReadPage, type WindowHistory } from './judge-reading';

const FRESH: WindowHistory = { readings: 0, signature: null, isSmallest: false };

/** Pages of these totals, each with the next keys. */
function pages(totals: (number | null)[], keys: string[], size = 2): ReadPage[] {
  return totals.map((total, at) => ({ page: at + 1, total, keys: keys.slice(at * size, (at + 1) * size) }));
}

describe('a reading of a window', () => {
  const complete = pages([4, 4], ['a', 'b', 'c', 'd']);
  const short = pages([4, 4], ['a', 'b', 'c', 'c']);
  const signatureOf = (read: ReadPage[]): string => {
    const verdict = judgeReading(read, { ...FRESH, isSmallest: true });
    return typeof verdict === 'object' ? verdict.again : '';
  };

  it.each<[string, ReadPage[], Partial<WindowHistory>, string]>([
    ['every page gave the same total and as many rows were seen', complete, {}, 'READ'],
    ['nothing is there', pages([0], []), {}, 'READ'],
    ['rows were seen twice, but all', pages([3, 3], ['a', 'b', 'b', 'c']), {}, 'READ'],
    ['one is missing for the first time', short, {}, 'again'],
    ['one is missing, and something else was before', short, { readings: 1, signature: 'other' }, 'HALVE'],
    ['the same is missing twice', short, { readings: 1, signature: signatureOf(short) }, 'GAP'],
    [
      'the same rows in another order came with the same total',
      [...short].reverse(),
      { readings: 1, signature: signatureOf(short) },
      'GAP',
    ],
    [
      'the same rows came with another wrong total',
      pages([5, 5], ['a', 'b', 'c', 'c']),
      { readings: 1, signature: signatureOf(short) },
      'HALVE',
    ],
    ['pages disagree about the total', pages([4, 5], ['a', 'b', 'c', 'd']), {}, 'HALVE'],
    [
      'pages disagree in the same way twice',
      pages([4, 5], ['a', 'b', 'c', 'd']),
      { readings: 1, signature: signatureOf(pages([4, 5], ['a', 'b', 'c', 'd'])) },
      'GAP',
    ],
    ['there is no total', pages([null], ['a']), {}, 'again'],
    ['more came than the total says', pages([1], ['a', 'b']), {}, 'again'],
    ['it is one second', pages([4, 5], ['a', 'b', 'c', 'd']), { readings: 3, isSmallest: true }, 'again'],
    [
      'it is one second for the 9th time',
      short,
      { readings: 8, signature: 'other', isSmallest: true },
      'again',
    ],
    [
      'it is one second for the 10th time',
      short,
      { readings: 9, signature: 'other', isSmallest: true },
      'GAP',
    ],
  ])('when %s', (_name, read, history, verdict) => {
    const given = judgeReading(read, { ...FRESH, ...history });
    expect(typeof given === 'object' ? 'again' : given).toBe(verdict);
  });

  it('is never complete when a row was lost, however rows moved between pages', () => {
    const random = seededRandom(6);
    for (let round = 0; round < 500; round += 1) {
      let rows = Array.from({ length: 1 + Math.floor(random() * 30) }, (_, at) => `r${at}`);
      const read: ReadPage[] = [];
      const before = new Set(rows);
      for (let page = 1; page <= Math.ceil(rows.length / 5); page += 1) {
        read.push({ page, total: rows.length, keys: rows.slice((page - 1) * 5, page * 5) });
        const chance = random();
        if (chance < 0.2) rows = [`new${round}.${page}`, ...rows];
        else if (chance < 0.3) rows = rows.filter((_, at) => at !== 0);
      }
      const seen = new Set(read.flatMap(({ keys }) => keys));
      // What left the partner's answers is no loss; what is in them at the end and was not seen is.
      const lost = rows.filter((row) => before.has(row) && !seen.has(row));
      if (judgeReading(read, FRESH) === 'READ') expect(lost).toEqual([]);
    }
  });
});
