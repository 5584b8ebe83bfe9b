import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, signalGroup } from './signal-group.mjs';

const MINUTE_MS = 60_000;
const GROUP_END_MS = 15_000;

/**
 * @typedef {object} VisibleCommand
 * @property {string} command
 * @property {string[]} args
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} [env] beside ours
 * @property {number} [limitMinutes] after which it is killed: one that hangs must not hang everything
 */

/**
 * Runs a program whose output is for the person who watches.
 *
 * @param {VisibleCommand} command
 * @param {import('./run.mjs').Run} run ended with it
 * @returns {Promise<boolean>} whether it ended well
 */
export async function runVisibly({ command, args, cwd, env, limitMinutes = 20 }, { guard, say, signal }) {
  signal.throwIfAborted();
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', (error) => resolve(say(`${command}: ${error.message}`)));
  });
  const { pid } = child;
  if (pid === undefined) return (await ended) === 0;
  guard.watch(pid);
  // SIGTERM first: Jest then ends the stacks that its tests have started.
  const end = () => signalGroup(pid, 'SIGTERM');
  signal.addEventListener('abort', end);
  const limit = setTimeout(() => {
    say(`killed after ${limitMinutes} minutes`);
    signalGroup(pid, 'SIGKILL');
  }, limitMinutes * MINUTE_MS);
  try {
    const code = await ended;
    await awaitGroupEnd(pid);
    signal.throwIfAborted();
    return code === 0;
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', end);
    signalGroup(pid, 'SIGKILL');
    guard.forget(pid);
  }
}

/**
 * What the program has started may need a moment more: a stack whose test was interrupted is just being stopped.
 *
 * @param {number} group
 */
async function awaitGroupEnd(group) {
  const deadline = Date.now() + GROUP_END_MS;
  while (isAlive(-group) && Date.now() < deadline) await delay(50);
}
