import { sha256Hex } from '@kyc-relay/crypto';

/** One page of a window as it was read. */
export interface ReadPage {
  page: number;
  /** `totalCount` of its answer; null where there was none. */
  total: number | null;
  /** Its rows: each `flowNo`, or what else tells a row that has none. */
  keys: readonly string[];
}

/** What is known of a window from earlier readings. */
export interface WindowHistory {
  /** How often it was read. */
  readings: number;
  /** What the last incomplete reading gave; null when there was none that is worth comparing. */
  signature: string | null;
  /** Whether it is one second, which cannot be cut. */
  isSmallest: boolean;
}

/** What follows from a reading: the window is read; read but for a gap; to be read once more; to be cut in two. */
export type ReadingVerdict = 'READ' | 'GAP' | { again: string } | 'HALVE';

/** So often is one second read before it counts as read with a gap (risk-cases.md, Pull). */
const MOST_READINGS = 10;

/**
 * Judges a whole reading of a window (risk-cases.md, Pull): complete when every page gave the same total and as many
 * distinct rows were seen. A reading whose pages agree on a total that is wrong is done once more, to tell a partner that
 * counts wrong from rows that moved; the same again is a gap. Otherwise the window is cut.
 */
export function judgeReading(pages: readonly ReadPage[], history: WindowHistory): ReadingVerdict {
  const totals = [...new Set(pages.map(({ total }) => total))];
  const keys = new Set(pages.flatMap((page) => page.keys));
  if (totals.length === 1 && totals[0] === keys.size) return 'READ';
  const signature = signatureOf(totals, keys);
  if (signature === history.signature) return 'GAP';
  if (history.isSmallest) return history.readings + 1 >= MOST_READINGS ? 'GAP' : { again: signature };
  return totals.length === 1 && history.signature === null ? { again: signature } : 'HALVE';
}

function signatureOf(totals: readonly (number | null)[], keys: ReadonlySet<string>): string {
  const content = JSON.stringify([totals.map(String).sort(), [...keys].sort()]);
  return sha256Hex(content);
}
