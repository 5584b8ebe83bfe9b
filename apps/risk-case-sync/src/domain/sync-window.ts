import { wholeSecond, type Instant } from './zone-time';

/** A range of creation times to be asked for, both ends whole seconds. */
export interface SyncWindow {
  from: Instant;
  to: Instant;
}

const SECOND_MS = 1_000;
/** With both ends excluded, which the source does not deny, this is one second. */
const SMALLEST_MS = 2 * SECOND_MS;

/**
 * The window that discovers new cases: everything at first, later what lies behind the last window, overlapping it.
 *
 * @param readTo up to where windows were planned before; undefined for the first
 * @returns undefined while there is nothing to read, since the first window starts in the future
 */
export function planDiscovery(
  options: { firstStart: Instant; overlapMs: number; now: Instant },
  readTo: Instant | undefined,
): SyncWindow | undefined {
  const to = wholeSecond(options.now);
  const from =
    readTo === undefined ? options.firstStart : Math.max(options.firstStart, readTo - options.overlapMs);
  // A clock that was set back must not leave a hole behind.
  return from < to ? { from, to } : undefined;
}

/**
 * Cuts a window in two that overlap by a second, since the source does not say whether its ends are included; undefined
 * when it is one second already.
 */
export function halve(window: SyncWindow): [SyncWindow, SyncWindow] | undefined {
  const { from, to } = window;
  if (to - from <= SMALLEST_MS) return undefined;
  const middle = wholeSecond(from + (to - from) / 2);
  return [
    { from, to: middle + SECOND_MS },
    { from: middle, to },
  ];
}
