import { PAGE_SIZE } from './partner-query';
import type { ReadPage } from './judge-reading';

/** After so many pages without anything new the rest is not asked for: a wrong total could name millions of pages. */
const MOST_BARREN = 20;

/**
 * Which pages of a window are to be asked for: as many as the totals say, no further than an empty page, and further than
 * the totals say while the last page is full and the rows do not add up.
 */
export class PagePlan {
  private readonly done = new Map<number, ReadPage>();
  private readonly underWay = new Set<number>();
  private readonly seen = new Set<string>();
  /** The first page that was never handed out. */
  private next = 1;
  private largestTotal = 0;
  private end = Number.POSITIVE_INFINITY;
  private barren = 0;

  /** @param read pages of this reading that are done already */
  constructor(read: readonly ReadPage[] = []) {
    for (const page of read) this.note(page);
  }

  /** The next page to ask for; undefined when there is none now, or none any more. */
  take(): number | undefined {
    // The first page says how many there are.
    if (!this.done.has(1) && this.next > 1) return undefined;
    while (this.done.has(this.next)) this.next += 1;
    if (!this.isWanted(this.next)) return undefined;
    const page = this.next;
    this.next += 1;
    this.underWay.add(page);
    return page;
  }

  /** Notes a page that was read. */
  note(page: ReadPage): void {
    this.underWay.delete(page.page);
    this.done.set(page.page, page);
    this.largestTotal = Math.max(this.largestTotal, page.total ?? 0);
    const before = this.seen.size;
    for (const key of page.keys) this.seen.add(key);
    this.barren = this.seen.size > before ? 0 : this.barren + 1;
    if (page.keys.length === 0) this.end = Math.min(this.end, page.page - 1);
  }

  /** Whether nothing is left to be asked for and nothing is under way. */
  get isFinished(): boolean {
    return this.underWay.size === 0 && this.done.has(1) && !this.isWanted(this.nextFree());
  }

  /** The pages that were read. */
  pages(): ReadPage[] {
    return [...this.done.values()];
  }

  private nextFree(): number {
    let page = this.next;
    while (this.done.has(page)) page += 1;
    return page;
  }

  private isWanted(page: number): boolean {
    if (page === 1) return true;
    if (page > this.end || this.barren >= MOST_BARREN) return false;
    if (page <= Math.ceil(this.largestTotal / PAGE_SIZE)) return true;
    // One page at a time beyond the total, and only after a full one that brought something new.
    const last = this.done.get(page - 1);
    const isFull = last !== undefined && last.keys.length >= PAGE_SIZE && this.barren === 0;
    return isFull && this.underWay.size === 0 && this.seen.size !== this.largestTotal;
  }
}
