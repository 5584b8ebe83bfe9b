import { startInfrastructure } from '../infrastructure.mjs';
import { checkPrerequisites } from '../prerequisites/check.mjs';
import { Ports } from '../process/ports.mjs';
import { openRun } from '../process/run.mjs';
import { keepForTeardown } from './kept-run.mjs';

/**
 * Before the integration tests: Postgres and Kafka, as empty as they come, unless whoever started Jest has brought
 * them (`npm test` does). The workers find them in TEST_DATABASE_URL and TEST_KAFKA_BROKERS.
 */
export default async function startForTests() {
  if (process.env['TEST_DATABASE_URL'] && process.env['TEST_KAFKA_BROKERS']) return;
  const run = openRun();
  try {
    const { postgres, kafka } = await startInfrastructure(
      { programs: checkPrerequisites(), ports: new Ports() },
      run,
    );
    process.env['TEST_DATABASE_URL'] = postgres.address;
    process.env['TEST_KAFKA_BROKERS'] = kafka.address.join(',');
    keepForTeardown(run);
  } catch (error) {
    await run.close();
    throw error;
  }
}
