import { spawnSync } from 'node:child_process';
import { Problem } from '../process/problem.mjs';

/**
 * The user that Postgres runs under.
 *
 * @typedef {object} ServerUser
 * @property {number} uid
 * @property {number} gid
 */

/**
 * Postgres refuses to run as root. Root runs it as somebody who may do nothing; initdb wants that one to have a name.
 *
 * @returns {ServerUser | undefined} undefined: as ourselves
 */
export function findServerUser() {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const ask = (/** @type {string} */ option) => {
      const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
      return status === 0 ? Number(stdout) : undefined;
    };
    const uid = ask('-u');
    const gid = ask('-g');
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Problem(
    'Postgres does not run as root, and this machine has neither a user "postgres" nor "nobody".\n' +
      '  Run this as another user, or set DATABASE_URL to a Postgres that is there.',
  );
}
