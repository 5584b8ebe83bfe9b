import { ensureKafkaJars } from '../kafka/jars.mjs';
import { together } from '../process/run.mjs';
import { install } from './install.mjs';

/**
 * Brings everything that is not in the repository: the npm packages and, where Kafka is ours to start, its jars.
 *
 * @param {import('../prerequisites/check.mjs').Programs} programs
 * @param {import('../process/run.mjs').Run} run
 */
export async function prepare({ java, maven }, run) {
  await together(run, [install(run), java ? ensureKafkaJars(maven, run) : Promise.resolve()]);
}
