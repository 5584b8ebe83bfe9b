import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;

/**
 * Looks again and again until there is something to see, and returns it.
 *
 * @param what what is awaited, for the message of the error
 * @param look returns undefined or false while it is not there; an error it throws counts as not there yet
 * @throws Error that says what did not come, and the last error of `look`
 */
export async function awaitState<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 15_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadline) {
      const why = lastError instanceof Error ? `: ${lastError.message}` : '';
      throw new Error(`${what}: not within ${timeoutMs} ms${why}`);
    }
    await delay(LOOK_EVERY_MS);
  }
}
