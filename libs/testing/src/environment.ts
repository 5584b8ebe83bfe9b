/** The Postgres that integration tests may make databases in; Jest's global setup, or whoever starts Jest, says where. */
export function testDatabaseUrl(): string {
  return requireVariable('TEST_DATABASE_URL');
}

/** The brokers of the Kafka that integration tests may make topics in. */
export function testBrokers(): string[] {
  return requireVariable('TEST_KAFKA_BROKERS').split(',');
}

/** `DATA_KEYS` for tests: one key, the same in every run. */
export const TEST_DATA_KEYS = `test:${Buffer.alloc(32, 'k').toString('base64')}`;

function requireVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: run the tests with Jest from the root`);
  return value;
}
