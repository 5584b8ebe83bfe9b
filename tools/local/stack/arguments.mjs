import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from '../process/problem.mjs';

/** How `npm start` is used. */
export const USAGE = `npm start -- [--registry FILE] [--out stack.json] [--replicas N] [--data DIR] [--env KEY=VALUE]... [--simulators]

  --registry FILE   the partner registry, used as it is; without it one is made for this run
  --out FILE        where to write, once all is ready, what runs where (default stack.json)
  --replicas N      processes of each service (default 1)
  --data DIR        keep the data of Postgres and Kafka there between runs; without it they are temporary
  --env KEY=VALUE   a setting for every service; may be repeated
  --simulators      also start the simulators of the outside world
  --prepared        do not install and build: the caller has

DATABASE_URL and KAFKA_BROKERS in the environment use servers that are there.`;

/**
 * @typedef {object} StartOptions
 * @property {string | undefined} registry absolute path
 * @property {string} out absolute path
 * @property {number} replicas
 * @property {string | undefined} data absolute path
 * @property {Record<string, string>} env
 * @property {boolean} simulators
 * @property {boolean} prepared
 */

/**
 * Reads the command line of `npm start`.
 *
 * @param {string[]} args
 * @param {string} [directory] what relative paths are relative to
 * @returns {StartOptions | 'help'}
 * @throws {Problem} that names the wrong argument
 */
export function parseArguments(args, directory = process.cwd()) {
  const { values } = parse(args);
  if (values.help) return 'help';
  const path = (/** @type {string | undefined} */ value) =>
    value === undefined ? undefined : resolve(directory, value);
  return {
    registry: path(values.registry),
    out: resolve(directory, values.out ?? 'stack.json'),
    replicas: parseReplicas(values.replicas ?? '1'),
    data: path(values.data),
    env: Object.fromEntries((values.env ?? []).map(parseSetting)),
    simulators: values.simulators ?? false,
    prepared: values.prepared ?? false,
  };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        registry: { type: 'string' },
        out: { type: 'string' },
        replicas: { type: 'string' },
        data: { type: 'string' },
        env: { type: 'string', multiple: true },
        simulators: { type: 'boolean' },
        prepared: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new Problem(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

/** @param {string} text */
function parseReplicas(text) {
  const replicas = Number(text);
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > 20)
    throw new Problem(`--replicas ${text}: must be a whole number from 1 to 20\n\n${USAGE}`);
  return replicas;
}

/**
 * @param {string} text
 * @returns {[string, string]}
 */
function parseSetting(text) {
  const [, key, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
  // The value may be a secret and is not shown.
  if (key === undefined || value === undefined)
    throw new Problem(`--env: must look like KEY=VALUE\n\n${USAGE}`);
  if (['PORT', 'HOST', 'REPLICA_ID'].includes(key))
    throw new Problem(`--env ${key}: is another one for each process, and the stack's to choose\n\n${USAGE}`);
  return [key, value];
}
