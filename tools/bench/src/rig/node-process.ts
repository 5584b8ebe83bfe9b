import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './surroundings';

/** A program of ours to measure, in a process of its own. */
export interface Program {
  name: string;
  /** The file that Node runs. */
  entry: string;
  port: number;
  env: Record<string, string>;
  /** What Node itself is told. */
  nodeArgs?: readonly string[];
  /** Folder for its log. */
  directory: string;
  /** Where a processor profile of it shall be written, if anywhere. */
  profileDirectory?: string | undefined;
}

/** One that runs and is ready. */
export interface RunningProgram {
  name: string;
  url: string;
  pid: number;
  /** Asks it to end and waits. */
  stop: () => Promise<void>;
}

const READY_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 25;

/** Starts it and waits until `/readyz` says so. @throws Error with the end of its log when it does not come up */
export async function startProgram(program: Program): Promise<RunningProgram> {
  const { name, entry, port, directory, profileDirectory, nodeArgs = [] } = program;
  const logFile = join(directory, `${name}.log`);
  const log = openSync(logFile, 'a');
  const profiling = profileDirectory === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profileDirectory];
  const child = spawn(process.execPath, [...nodeArgs, ...profiling, entry], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      ...program.env,
    },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const url = `http://127.0.0.1:${port}`;
  await awaitReady(child, url, name, logFile);
  return {
    name,
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function awaitReady(child: ChildProcess, url: string, name: string, logFile: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`${name} did not start:\n${readFileSync(logFile, 'utf8').slice(-4000)}`);
    try {
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) });
      await answer.arrayBuffer();
      if (answer.ok) return;
    } catch {
      // Not listening yet.
    }
    await delay(LOOK_EVERY_MS);
  }
}
