import { spawn } from 'node:child_process';
import { Problem } from './problem.mjs';
import { signalGroup } from './signal-group.mjs';

const HEARTBEAT_MS = 5000;
const KEPT_CHARACTERS = 20_000;

/**
 * @typedef {object} Command
 * @property {string} title what people call it, such as `installing packages (npm ci)`
 * @property {string} command
 * @property {string[]} args
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [uid]
 * @property {number} [gid]
 * @property {number[]} [files] open files that it gets as 3, 4, ...
 */

/**
 * Runs a program to its end. What it prints is kept and shown only when it fails; meanwhile a line every few seconds
 * tells that it is still at work.
 *
 * @param {Command} command
 * @param {import('./run.mjs').Run} run ended with it
 * @returns {Promise<string>} what it printed
 * @throws {Problem} when it fails
 */
export async function runCommand({ title, command, args, files = [], ...options }, { guard, say, signal }) {
  signal.throwIfAborted();
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(0);
  const child = spawn(command, args, {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', ...files],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      printed = (printed + text).slice(-KEPT_CHARACTERS);
    });
  const { pid } = child;
  if (pid !== undefined) guard.watch(pid);
  const heartbeat = setInterval(() => say(`${title}: still at it after ${seconds()} s`), HEARTBEAT_MS);
  const end = () => {
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
  };
  signal.addEventListener('abort', end);
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, exitSignal) => resolve(exitSignal ?? exitCode));
    });
    signal.throwIfAborted();
    if (code !== 0) throw new Problem(`${title} failed (${code}):\n${printed.trimEnd()}`);
    return printed;
  } finally {
    clearInterval(heartbeat);
    signal.removeEventListener('abort', end);
    if (pid !== undefined) guard.forget(pid);
  }
}
