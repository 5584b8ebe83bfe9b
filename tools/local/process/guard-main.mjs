// The guard's own process; see guard.mjs. It must outlive whatever ends its parent.
import { rm, unlink } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, signalGroup } from './signal-group.mjs';

const PATIENCE_MS = 3000;

/** @type {Map<number, NodeJS.Signals>} */
const watched = new Map();
/** @type {string[]} */
const paths = [];
let finished = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const message = JSON.parse(line);
    if (message.watch) watched.set(message.watch, message.signal);
    if (message.forget) watched.delete(message.forget);
    if (message.remove) paths.push(message.remove);
    if (message.finished) finished = true;
  })
  .on('close', () => {
    if (finished) process.exit(0);
    void endEverything();
  });

/** At once and not gracefully: nobody is there to wait for it, and all data survives a kill by design. */
async function endEverything() {
  // Files first: a stack.json must not outlive its stack, nor be taken from the next one that uses the name.
  for (const path of paths) await unlink(path).catch(() => {});
  for (const [pid, signal] of watched) signalGroup(pid, signal);
  const deadline = Date.now() + PATIENCE_MS;
  while ([...watched.keys()].some(isAlive) && Date.now() < deadline) await delay(20);
  for (const pid of watched.keys()) signalGroup(pid, 'SIGKILL');
  for (const path of paths.filter(isFolder))
    await rm(path, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
  process.exit(0);
}

/** @param {string} path */
function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
