import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../process/problem.mjs';
import { runCommand } from '../process/run-command.mjs';

/** The superuser of the cluster. */
export const SUPERUSER = 'postgres';

const MAJOR_VERSION = '18';

/**
 * A cluster on disk, and how its server is told where it is.
 *
 * @typedef {object} Cluster
 * @property {string} data its folder
 * @property {string} password of the superuser
 * @property {string} dataArgument the folder as the server can reach it
 * @property {number[]} files open files that the server gets as 3, ...
 */

/**
 * Makes the cluster in the run's folder, unless it is there.
 *
 * @param {string} binaries
 * @param {import('./server-user.mjs').ServerUser | undefined} user
 * @param {import('../process/run.mjs').Run} run
 * @returns {Promise<Cluster>}
 */
export async function prepareCluster(binaries, user, run) {
  const home = join(run.directory, 'postgres');
  const data = join(home, 'data');
  const passwordFile = join(home, 'password');
  const versionFile = join(data, 'PG_VERSION');
  const mark = join(home, 'initialised');

  if (!existsSync(mark)) {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(data, { recursive: true, mode: 0o700 });
    writeFileSync(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
    if (user) for (const path of [home, data, passwordFile]) chownSync(path, user.uid, user.gid);
  } else if (readFileSync(versionFile, 'utf8').trim() !== MAJOR_VERSION) {
    throw new Problem(
      `${data} was made by PostgreSQL ${readFileSync(versionFile, 'utf8').trim()}, this is ${MAJOR_VERSION}.\n` +
        '  Remove it, or use another folder with --data.',
    );
  }

  const files = user ? [openSync(data, 'r'), openSync(passwordFile, 'r')] : [];
  // Root's folder may be one that the server's user cannot walk to. An open folder needs no walking.
  const [dataArgument, passwordArgument] =
    user && process.platform === 'linux' ? ['/proc/self/fd/3', '/proc/self/fd/4'] : [data, passwordFile];

  if (!existsSync(mark)) {
    const access = ['-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordArgument}`];
    // Text is sorted by its bytes on every machine alike.
    const text = ['--encoding=UTF8', '--locale=C'];
    const args = ['-D', dataArgument, ...access, ...text, '--no-sync', '--no-instructions'];
    const command = join(binaries, 'bin', 'initdb');
    await runCommand({ title: 'initdb', command, args, cwd: '/', files, ...user }, run);
    writeFileSync(mark, '');
  }
  return { data, password: readFileSync(passwordFile, 'utf8'), dataArgument, files };
}
