/**
 * Whether a cluster answers and has a broker that takes requests.
 *
 * @param {string[]} brokers
 * @throws when it does not
 */
export async function pingKafka(brokers) {
  await withAdmin(brokers, async (admin) => {
    const cluster = await admin.describeCluster();
    if (cluster.brokers.length === 0) throw new Error('no broker has registered yet');
  });
}

/**
 * Whether consumer groups are served. The first one who asks has the topic of their offsets made, which takes a
 * moment; without this it would be every service's consumer, each with a warning that helps nobody.
 *
 * @param {string[]} brokers
 * @throws when they are not
 */
export async function pingGroups(brokers) {
  await withAdmin(brokers, async (admin) => {
    // kafkajs looks for a coordinator only among brokers that it has heard of.
    await admin.listTopics();
    await admin.describeGroups(['kyc-relay-start']);
  });
}

/**
 * @param {string[]} brokers
 * @param {(admin: import('kafkajs').Admin) => Promise<void>} work
 */
async function withAdmin(brokers, work) {
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
    await work(admin);
  } finally {
    await admin.disconnect();
  }
}
