import { pingKafka } from './kafka/ping-kafka.mjs';
import { startKafka } from './kafka/start-kafka.mjs';
import { pingPostgres } from './postgres/ping-postgres.mjs';
import { startPostgres } from './postgres/start-postgres.mjs';
import { awaitServer } from './process/await-server.mjs';
import { together } from './process/run.mjs';

/**
 * A server, ready. One that was there before has no process of ours.
 *
 * @template Address
 * @typedef {{ address: Address, process?: import('./process/supervised-process.mjs').SupervisedProcess }} Server
 */

/**
 * @typedef {object} Infrastructure
 * @property {Server<string>} postgres its address is the URL of the database
 * @property {Server<string[]>} kafka its address is the list of brokers
 */

/**
 * Starts Postgres and Kafka side by side, or uses those that DATABASE_URL and KAFKA_BROKERS name. They are stopped at
 * the end of the run, Kafka first.
 *
 * @param {{ programs: import('./prerequisites/check.mjs').Programs, ports: import('./process/ports.mjs').Ports, env?: NodeJS.ProcessEnv }} needs
 * @param {import('./process/run.mjs').Run} run
 * @returns {Promise<Infrastructure>}
 */
export async function startInfrastructure({ programs, ports, env = process.env }, run) {
  const [postgres, kafka] = await together(run, [
    env['DATABASE_URL'] ? useDatabase(env['DATABASE_URL'], run) : startPostgres(ports, run),
    env['KAFKA_BROKERS'] ? useBrokers(env['KAFKA_BROKERS'], run) : startKafka({ programs, ports }, run),
  ]);
  return { postgres, kafka };
}

/**
 * @param {string} url
 * @param {import('./process/run.mjs').Run} run
 * @returns {Promise<Server<string>>}
 */
async function useDatabase(url, run) {
  await awaitServer({ name: 'the Postgres of DATABASE_URL', ping: async () => await pingPostgres(url) }, run);
  run.say('postgres: the one of DATABASE_URL');
  return { address: url };
}

/**
 * @param {string} list
 * @param {import('./process/run.mjs').Run} run
 * @returns {Promise<Server<string[]>>}
 */
async function useBrokers(list, run) {
  const brokers = list.split(',').map((broker) => broker.trim());
  await awaitServer({ name: 'the Kafka of KAFKA_BROKERS', ping: async () => await pingKafka(brokers) }, run);
  run.say('kafka: the one of KAFKA_BROKERS');
  return { address: brokers };
}
