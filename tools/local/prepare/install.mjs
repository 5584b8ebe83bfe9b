import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inCache, ROOT } from '../paths.mjs';
import { withLock } from '../process/lock.mjs';
import { runCommand } from '../process/run-command.mjs';
import { isInstalled } from './installed-packages.mjs';

/**
 * Installs the packages of the lock file, unless just these are installed. What is there is told by npm's own record of
 * it, so that an `npm ci` by hand, or on CI, counts too.
 *
 * @param {import('../process/run.mjs').Run} run
 */
export async function install(run) {
  if (isUpToDate()) return;
  await withLock(inCache('install.lock'), run, async () => {
    if (isUpToDate()) return;
    run.say('installing packages (npm ci), about a minute');
    // Production settings of the caller must not leave the compiler and the test runner out.
    const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
    await runCommand({ title: 'npm ci', command: 'npm', args, cwd: ROOT }, run);
    run.say('packages installed');
  });
}

function isUpToDate() {
  try {
    const read = (/** @type {string} */ name) => JSON.parse(readFileSync(join(ROOT, name), 'utf8')).packages;
    const exists = (/** @type {string} */ path) => existsSync(join(ROOT, path));
    return isInstalled(read('package-lock.json'), read('node_modules/.package-lock.json'), exists);
  } catch {
    // Nothing installed yet, or an install that was cut off.
    return false;
  }
}
