import { TOPIC_DECLARATIONS } from '@kyc-relay/contracts';
import { createKafka, ensureTopics } from '@kyc-relay/messaging';
import { createLogger } from '@kyc-relay/telemetry';
import { brokers, run, say } from './environment';

/** `npm run topics`: creates the declared topics that are missing; never changes one that is there. */
async function main(): Promise<void> {
  const kafka = createKafka({
    brokers: brokers(),
    clientId: 'topics',
    logger: createLogger('topics', 'error'),
  });
  const replicationFactor = Number(process.env['KAFKA_REPLICATION_FACTOR'] ?? '1');
  const report = await ensureTopics(kafka, TOPIC_DECLARATIONS, {
    replicationFactor,
    minInsyncReplicas: replicationFactor > 2 ? 2 : 1,
  });
  say(`topics created: ${report.created.length}, present: ${report.present.length}`);
  for (const topic of report.misshapen)
    say(
      `warning: ${topic} has another number of partitions than declared; left alone, since a change reorders keys`,
    );
}

run(main);
