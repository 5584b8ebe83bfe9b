import { join } from 'node:path';
import { inCache, ROOT } from '../paths.mjs';
import { withLock } from '../process/lock.mjs';
import { runCommand } from '../process/run-command.mjs';

/** TypeScript's compiler, started without npx, which would look it up again. */
export const COMPILER = join(ROOT, 'node_modules/typescript/bin/tsc');

/**
 * Compiles what changed since the last time.
 *
 * @param {import('../process/run.mjs').Run} run
 */
export async function build(run) {
  await withLock(inCache('build.lock'), run, async () => {
    run.say('building (tsc -b)');
    await runCommand({ title: 'tsc -b', command: process.execPath, args: [COMPILER, '-b'], cwd: ROOT }, run);
    run.say('built');
  });
}
