import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from './problem.mjs';

const LIMIT_MS = 90_000;
const LOOK_EVERY_MS = 50;
const SHOWN_LINES = 30;

/**
 * Waits until a server answers.
 *
 * @param {{ name: string, ping: () => Promise<void>, logFile?: string }} server `logFile`: its last lines are shown when it does not
 * @param {import('./run.mjs').Run} run
 * @throws {Problem} after 90 s
 */
export async function awaitServer({ name, ping, logFile }, { say, signal }) {
  const startedAt = performance.now();
  for (let said = 0; ;) {
    signal.throwIfAborted();
    try {
      await ping();
      return;
    } catch (error) {
      const waited = performance.now() - startedAt;
      if (waited > LIMIT_MS)
        throw new Problem(`${name} does not answer: ${describe(error)}${logFile ? lastLines(logFile) : ''}`);
      if (waited - said > 5000) {
        said = waited;
        say(`waiting for ${name}, ${(waited / 1000).toFixed(0)} s: ${describe(error)}`);
      }
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  }
}

/** @param {unknown} error */
function describe(error) {
  return error instanceof Error ? error.message || error.name : String(error);
}

/** @param {string} file */
function lastLines(file) {
  return `\n${readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES).join('\n')}`;
}
