import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

/**
 * Removes the `postmaster.pid` of a killed server when its process id is by now another program's. (One of a process
 * that is gone Postgres removes itself; seeing any living process it would refuse to start for ever.)
 *
 * @param {string} data folder of the cluster
 */
export function removeStalePidFile(data) {
  const file = join(data, 'postmaster.pid');
  let pid;
  try {
    pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  } catch {
    return;
  }
  const { stdout } = spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' });
  if (!stdout.includes('postgres')) rmSync(file, { force: true });
}
