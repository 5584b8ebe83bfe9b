const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5000;
const FORGOTTEN_AFTER_MS = 10_000;

/**
 * How long to wait before a process is started again, as Kubernetes would: at once, then after 0.2, 0.4, ... 5 s
 * (platform.md, "Local stack and the two commands").
 *
 * @param {number} earlier how many restarts there were in a row before this one
 * @returns {number} milliseconds
 */
export function restartDelayMs(earlier) {
  return earlier === 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (earlier - 1), LONGEST_DELAY_MS);
}

/**
 * The restarts in a row that still count when a process ends: none once it was alive for 10 s.
 *
 * @param {number} earlier restarts in a row before its start
 * @param {number} aliveMs how long it was alive
 * @returns {number}
 */
export function restartsInARow(earlier, aliveMs) {
  return aliveMs >= FORGOTTEN_AFTER_MS ? 0 : earlier;
}
