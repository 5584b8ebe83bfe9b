import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Guard } from './guard.mjs';
import { holdLock } from './lock.mjs';
import { Interrupted, Problem } from './problem.mjs';
import { watchForTheEnd } from './interruption.mjs';
import { createSay } from './say.mjs';

/**
 * The order in which a run is taken down; what is of one stage ends side by side.
 *
 * @typedef {'services' | 'kafka' | 'postgres' | 'files'} Stage
 */

/** @type {readonly Stage[]} */
const STAGES = ['services', 'kafka', 'postgres', 'files'];

/**
 * What the steps of one run of a program share.
 *
 * @typedef {object} Run
 * @property {string} directory folder of the run's files: the user's, or a temporary one
 * @property {Guard} guard
 * @property {import('./say.mjs').Say} say
 * @property {AbortSignal} signal aborted when the run shall end, by a signal or because something failed for good
 * @property {(error: unknown) => void} fail ends the run because of an error outside of the main line
 * @property {(stage: Stage, end: () => Promise<unknown>) => void} atEnd what to do when the run is taken down
 */

/**
 * Opens a run: its folder, its guard. Whoever opens it closes it.
 *
 * @param {{ dataDirectory?: string | undefined, say?: import('./say.mjs').Say }} [options] `dataDirectory` is kept after the end
 * @returns {Run & { close: () => Promise<void> }}
 */
export function openRun({ dataDirectory, say = createSay() } = {}) {
  const directory = dataDirectory ?? mkdtempSync(join(tmpdir(), 'kyc-relay-'));
  /** @type {{ stage: Stage, end: () => Promise<unknown> }[]} */
  const endings = [];
  const atEnd = (/** @type {Stage} */ stage, /** @type {() => Promise<unknown>} */ end) =>
    void endings.push({ stage, end });
  if (dataDirectory) {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    const release = holdLock(join(dataDirectory, 'in-use'), () => {
      throw new Problem(`${dataDirectory} is in use by another run.`);
    });
    atEnd('files', async () => release());
  }
  const guard = new Guard();
  if (!dataDirectory) {
    guard.removeAtEnd(directory);
    // Passable, not readable: as root Postgres runs under another user, whose folder is inside.
    chmodSync(directory, 0o711);
    atEnd('files', async () => await rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  }
  const stop = new AbortController();
  return {
    directory,
    guard,
    say,
    signal: stop.signal,
    fail: (error) => stop.abort(error),
    atEnd,
    close: async () => {
      for (const stage of STAGES) {
        const ends = endings.filter((ending) => ending.stage === stage).map(async ({ end }) => await end());
        for (const result of await Promise.allSettled(ends))
          if (result.status === 'rejected') say(`while stopping: ${result.reason}`);
      }
      await guard.finish();
    },
  };
}

/**
 * Several steps side by side. If one fails the run is ended and the others are waited for, so that none starts
 * something when everything is being taken down.
 *
 * @template {readonly unknown[]} Results
 * @param {Run} run
 * @param {[...{ [Index in keyof Results]: Promise<Results[Index]> }]} steps
 * @returns {Promise<Results>}
 */
export async function together(run, steps) {
  for (const step of steps) step.catch((error) => run.fail(error));
  await Promise.allSettled(steps);
  return /** @type {Results} */ (await Promise.all(steps));
}

/**
 * The frame of every program here: opens the run, does the work, and leaves nothing behind whatever happens.
 *
 * @param {{ dataDirectory?: string | undefined, say?: import('./say.mjs').Say, codeWhenInterrupted: number }} options
 * @param {(run: Run) => Promise<number>} work answers with the exit code
 * @returns {Promise<never>}
 */
export async function runProgram({ codeWhenInterrupted, ...options }, work) {
  let code;
  let run;
  try {
    run = openRun(options);
    watchForTheEnd(run);
    code = await work(run);
  } catch (thrown) {
    // What aborted the run tells more than what then went wrong because of it.
    const error = run?.signal.aborted ? run.signal.reason : thrown;
    code = error instanceof Interrupted ? codeWhenInterrupted : 1;
    (run?.say ?? createSay())(describe(error));
  }
  await run?.close();
  if (run?.signal.aborted) run.say('everything is stopped');
  process.exit(code);
}

/**
 * A mistake of ours, rather than of the machine or the user, is shown with its stack.
 *
 * @param {unknown} error
 */
function describe(error) {
  if (error instanceof Interrupted) return `${error.message}: stopping everything`;
  if (error instanceof Problem) return error.message;
  return error instanceof Error && error.stack ? error.stack : String(error);
}
