import { readFileSync, renameSync, rmSync, linkSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './signal-group.mjs';

// The holder is written as its process id and start time, because process ids come again after a restart of a machine.

/**
 * Takes a lock that is a file naming its holder; one whose holder is gone is taken over.
 *
 * @param {string} file
 * @param {() => void} onTaken called when another one holds it; throws, or the lock is not held on return
 * @returns {() => void} gives it back
 */
export function holdLock(file, onTaken) {
  if (!tryLock(file)) onTaken();
  return () => rmSync(file, { force: true });
}

/**
 * Does something that only one process of this machine may do at a time; waits for its turn.
 *
 * @template T
 * @param {string} file
 * @param {{ say: import('./say.mjs').Say, signal: AbortSignal }} run
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, { say, signal }, work) {
  for (let waited = 0; !tryLock(file); waited += 1) {
    if (waited === 0) say(`waiting for another run that holds ${file}`);
    await delay(200, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {boolean} whether it is ours now
 */
function tryLock(file) {
  if (create(file)) return true;
  const holder = read(file);
  if (holder === '' || isHolding(holder)) return false;
  // Two may find the same dead holder. A rename has one winner; should it have caught a fresh lock, that is put back.
  const caught = `${file}.${process.pid}`;
  try {
    renameSync(file, caught);
    if (read(caught) !== holder) linkSync(caught, file);
    rmSync(caught);
  } catch {
    return false;
  }
  return create(file);
}

/**
 * Written beside and linked into place, so that nobody ever reads a lock without its holder.
 *
 * @param {string} file
 * @returns {boolean} false when there is one
 */
function create(file) {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, `${process.pid} ${startTime(process.pid)}`);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {string} empty when it is gone
 */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} holder */
function isHolding(holder) {
  const [pid = '0', start = ''] = holder.split(' ');
  return isAlive(Number(pid)) && startTime(Number(pid)) === start;
}

/**
 * When a process started, in the kernel's ticks; empty where there is no /proc to tell.
 *
 * @param {number} pid
 */
function startTime(pid) {
  // The second field is the program's name in parentheses and may hold anything; the 22nd is the time.
  return read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[19] ?? '';
}
