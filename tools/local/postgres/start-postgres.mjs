import { openSync } from 'node:fs';
import { join } from 'node:path';
import { awaitServer } from '../process/await-server.mjs';
import { SupervisedProcess } from '../process/supervised-process.mjs';
import { findPostgresBinaries } from './binaries.mjs';
import { prepareCluster, SUPERUSER } from './cluster.mjs';
import { createDatabase, pingPostgres } from './ping-postgres.mjs';
import { findServerUser } from './server-user.mjs';
import { removeStalePidFile } from './stale-pid-file.mjs';

const DATABASE = 'kyc_relay';

/** As safe as in production (a commit is on the disk), sized for one machine. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '256MB',
  // Few checkpoints, as each makes every page go to the log in full once.
  max_wal_size: '4GB',
  // Short statements only: compiling one costs more than running it.
  jit: 'off',
  log_checkpoints: 'off',
};

/**
 * Starts Postgres under supervision, with an empty database the first time, and waits until it serves; it is stopped at
 * the end of the run.
 *
 * @param {import('../process/ports.mjs').Ports} ports
 * @param {import('../process/run.mjs').Run} run its data is in the run's folder
 * @returns {Promise<import('../infrastructure.mjs').Server<string>>}
 */
export async function startPostgres(ports, run) {
  const port = await ports.take();
  const user = findServerUser();
  const binaries = findPostgresBinaries(user, run);
  const cluster = await prepareCluster(binaries, user, run);
  const settings = Object.entries({ ...SETTINGS, port: String(port) });
  const logFile = join(run.directory, 'postgres', 'postgres.log');
  const log = openSync(logFile, 'a');
  const server = new SupervisedProcess(
    'postgres',
    {
      // The postmaster itself and no pg_ctl, so that the pid is the server's.
      command: join(binaries, 'bin', 'postgres'),
      args: ['-D', cluster.dataArgument, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      options: { ...user, cwd: '/', stdio: ['ignore', log, log, ...cluster.files] },
      before: () => removeStalePidFile(cluster.data),
      // Fast shutdown: SIGTERM would wait for every client to leave.
      stopSignal: 'SIGINT',
      // Immediate shutdown: killed outright it would leave its shared memory behind.
      killSignal: 'SIGQUIT',
    },
    run,
  );
  run.signal.throwIfAborted();
  run.atEnd('postgres', async () => await server.stop());
  server.start();
  const urlOf = (/** @type {string} */ database) =>
    `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}/${database}`;
  await awaitServer(
    { name: 'postgres', logFile, ping: async () => await pingPostgres(urlOf('postgres')) },
    run,
  );
  await createDatabase(urlOf('postgres'), DATABASE);
  run.say(`postgres is ready: 127.0.0.1:${port}, pid ${server.pid}`);
  return { address: urlOf(DATABASE), process: server };
}
