/** A change of a user's record, in the order of its topic. */
export interface SeenVersion {
  shopeeUid: string;
  version: number;
}

/**
 * Counts gaps in users' versions: every change has a number, from 1 and without gaps, so a jump means that a message was
 * lost on the way. The first version ever seen of a user is where we begin, not a gap; an older one is a repeat.
 *
 * @param known last version seen of each user before
 * @returns how many times a user's version jumped
 */
export function countVersionGaps(known: ReadonlyMap<string, number>, seen: readonly SeenVersion[]): number {
  const latest = new Map(known);
  let gaps = 0;
  for (const { shopeeUid, version } of seen) {
    const before = latest.get(shopeeUid);
    if (before !== undefined && version > before + 1) gaps += 1;
    latest.set(shopeeUid, Math.max(before ?? 0, version));
  }
  return gaps;
}

/** The highest version seen of each user. */
export function latestOf(seen: readonly SeenVersion[]): Map<string, number> {
  const latest = new Map<string, number>();
  for (const { shopeeUid, version } of seen)
    latest.set(shopeeUid, Math.max(latest.get(shopeeUid) ?? 0, version));
  return latest;
}
