/**
 * Whether a cluster answers and has a broker that takes requests.
 *
 * @param {string[]} brokers
 * @throws when it does not
 */
export async function pingKafka(brokers) {
  // Only here: nothing is installed yet when this file is read.
  const { Kafka, logLevel } = await import('kafkajs');
  const admin = new Kafka({
    brokers,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2000,
    requestTimeout: 5000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    if (cluster.brokers.length === 0) throw new Error('no broker has registered yet');
  } finally {
    await admin.disconnect();
  }
}
