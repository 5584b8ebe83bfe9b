import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 15;

/**
 * Waits until a state is reached: looks again and again until `look` gives something other than false and undefined.
 * An error that `look` throws (a failed `expect` too) means "not yet", and is thrown when the time is over.
 *
 * @returns what `look` gave in the end
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  options: { timeoutMs?: number; what?: string } = {},
): Promise<Exclude<T, false | undefined>> {
  const { timeoutMs = 60_000, what = 'the expected state' } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const seen = await look();
      if (seen !== false && seen !== undefined) return seen as Exclude<T, false | undefined>;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline)
      throw failure instanceof Error ? failure : new Error(`${what} was not reached within ${timeoutMs} ms`);
    await delay(LOOK_EVERY_MS);
  }
}
