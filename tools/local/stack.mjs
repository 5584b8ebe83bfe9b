import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, closeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './paths.mjs';
import { Problem } from './process/problem.mjs';

// The stack for programs: tests and the demo start it as a person would, by its command. Described in stack.d.mts.

const LOOK_EVERY_MS = 50;
const STOP_LIMIT_MS = 60_000;
const SHOWN_CHARACTERS = 4000;

/** @type {typeof import('./stack.d.mts').startStack} */
export async function startStack(options = {}) {
  const directory =
    options.directory ?? mkdtempSync(join(process.env['STACKS_DIRECTORY'] ?? tmpdir(), 'kyc-relay-stack-'));
  const stackFile = join(directory, 'stack.json');
  const logFile = join(directory, 'services.log');
  const progressFile = join(directory, 'progress.log');
  const removeOwnDirectory = async () => {
    if (!options.directory) await rm(directory, { recursive: true, force: true });
  };

  const child = spawnStart(options, { stackFile, logFile, progressFile });
  while (!existsSync(stackFile)) {
    if (options.signal?.aborted) await end(child);
    if (hasEnded(child)) {
      const words = [progressFile, logFile].map((file) => lastWords(file)).join('\n');
      await removeOwnDirectory();
      throw new Problem(`the stack did not start:\n${words}`);
    }
    await delay(LOOK_EVERY_MS);
  }
  const read = () => JSON.parse(readFileSync(stackFile, 'utf8'));
  return {
    stack: read(),
    read,
    stackFile,
    logFile,
    progressFile,
    pid: /** @type {number} */ (child.pid),
    stop: async () => {
      await end(child);
      await removeOwnDirectory();
    },
  };
}

/**
 * @param {import('./stack.d.mts').StackOptions} options
 * @param {{ stackFile: string, logFile: string, progressFile: string }} files
 */
function spawnStart(options, { stackFile, logFile, progressFile }) {
  const args = [join(ROOT, 'tools/local/start.mjs'), '--out', stackFile];
  if (options.registry) args.push('--registry', options.registry);
  if (options.replicas) args.push('--replicas', String(options.replicas));
  if (options.dataDir) args.push('--data', options.dataDir);
  if (options.simulators) args.push('--simulators');
  // `npm test` says so, having built everything: each stack is then up some seconds sooner.
  if (process.env['KYC_RELAY_PREPARED'] === '1') args.push('--prepared');
  for (const [key, value] of Object.entries(options.env ?? {})) args.push('--env', `${key}=${value}`);

  const log = openSync(logFile, 'a');
  const progress = options.quiet === false ? undefined : openSync(progressFile, 'a');
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    // Whoever is killed without a word takes its stack with it.
    env: { ...process.env, FOLLOW_PARENT: '1' },
    stdio: ['ignore', log, progress ?? 'inherit'],
  });
  closeSync(log);
  if (progress !== undefined) closeSync(progress);
  return child;
}

/** @param {import('node:child_process').ChildProcess} child */
async function end(child) {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(killer);
}

/** @param {import('node:child_process').ChildProcess} child */
function hasEnded(child) {
  return child.exitCode !== null || child.signalCode !== null;
}

/** @param {string} file */
function lastWords(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').slice(-SHOWN_CHARACTERS) : '';
}
