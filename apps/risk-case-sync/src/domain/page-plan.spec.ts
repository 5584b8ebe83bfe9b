import { PagePlan } from './page-plan';
import type { ReadPage } from './judge-reading';

const keysOf = (page: number, count = 20): string[] =>
  Array.from({ length: count }, (_, at) => `${page}.${at}`);
const pageOf = (page: number, total: number | null, keys = keysOf(page)): ReadPage => ({ page, total, keys });

/** Reads all that is wanted, one page after the other. */
function readAll(plan: PagePlan, answer: (page: number) => ReadPage): number[] {
  const asked: number[] = [];
  for (let page = plan.take(); page !== undefined; page = plan.take()) {
    asked.push(page);
    plan.note(answer(page));
  }
  expect(plan.isFinished).toBe(true);
  return asked;
}

describe('the pages of a window', () => {
  it.each<[string, (page: number) => ReadPage, number[]]>([
    ['nothing there', (page) => pageOf(page, 0, []), [1]],
    ['one page', (page) => pageOf(page, 7, keysOf(page, 7)), [1]],
    ['exactly one page', (page) => pageOf(page, 20), [1]],
    ['as many as the total says', (page) => pageOf(page, 55, keysOf(page, page < 3 ? 20 : 15)), [1, 2, 3]],
    [
      'a total that is too high ends at the first empty page',
      (page) => pageOf(page, 900_000_000, page < 4 ? keysOf(page) : []),
      [1, 2, 3, 4],
    ],
    [
      'a total that is too low is not believed while pages are full',
      (page) => pageOf(page, 3, keysOf(page, page < 3 ? 20 : 4)),
      [1, 2, 3],
    ],
    [
      'no total: until a page that is not full',
      (page) => pageOf(page, null, keysOf(page, page < 3 ? 20 : 0)),
      [1, 2, 3],
    ],
    [
      'rows twice on a full last page: one further, to see',
      (page) => pageOf(page, 40, page === 1 ? keysOf(1) : page === 2 ? [...keysOf(2, 19), '1.0'] : []),
      [1, 2, 3],
    ],
    [
      'a total that grows',
      (page) => pageOf(page, page === 1 ? 20 : 41, page < 3 ? keysOf(page) : ['x']),
      [1],
    ],
  ])('%s', (_name, answer, asked) => {
    expect(readAll(new PagePlan(), answer)).toEqual(asked);
  });

  it('come to an end when the partner gives the same page for ever', () => {
    expect(readAll(new PagePlan(), (page) => pageOf(page, 1_000_000, keysOf(1))).length).toBe(21);
    expect(readAll(new PagePlan(), (page) => pageOf(page, null, keysOf(1)))).toEqual([1, 2]);
  });

  it('are handed out ahead once the first is known, each once', () => {
    const plan = new PagePlan();
    expect([plan.take(), plan.take()]).toEqual([1, undefined]);
    expect(plan.isFinished).toBe(false);
    plan.note(pageOf(1, 70));
    expect([plan.take(), plan.take(), plan.take(), plan.take()]).toEqual([2, 3, 4, undefined]);
    expect(plan.isFinished).toBe(false);
    for (const page of [4, 2, 3]) plan.note(pageOf(page, 70, keysOf(page, page < 4 ? 20 : 10)));
    expect(plan.take()).toBeUndefined();
    expect(plan.isFinished).toBe(true);
    expect(plan.pages().map(({ page }) => page)).toEqual([1, 4, 2, 3]);
  });

  it('go on where a reading was broken off', () => {
    const plan = new PagePlan([pageOf(1, 100), pageOf(2, 100), pageOf(5, 100)]);
    expect([plan.take(), plan.take(), plan.take()]).toEqual([3, 4, undefined]);
    for (const page of [3, 4]) plan.note(pageOf(page, 100));
    expect(plan.isFinished).toBe(true);
    expect(new PagePlan([pageOf(2, 40)]).take()).toBe(1);
  });
});
