import type { TopicDeclaration } from '@kyc-relay/contracts';
import type { Kafka } from 'kafkajs';

/** What {@link ensureTopics} did. */
export interface TopicsReport {
  created: string[];
  present: string[];
  /** Topics whose partition count is not the declared one; it is left alone, since changing it would reorder keys. */
  misshapen: string[];
}

/** Creates the declared topics that are missing. Safe to run again, also at the same time. */
export async function ensureTopics(
  kafka: Kafka,
  declarations: readonly TopicDeclaration[],
  options: { replicationFactor: number; minInsyncReplicas: number },
): Promise<TopicsReport> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = declarations.filter((declaration) => !existing.has(declaration.name));
    if (missing.length > 0)
      await admin.createTopics({
        waitForLeaders: true,
        topics: missing.map(({ name, partitions, retentionMs, config }) => ({
          topic: name,
          numPartitions: partitions,
          replicationFactor: options.replicationFactor,
          configEntries: Object.entries({
            'retention.ms': String(retentionMs),
            'cleanup.policy': 'delete',
            'min.insync.replicas': String(options.minInsyncReplicas),
            ...config,
          }).map(([entry, value]) => ({ name: entry, value })),
        })),
      });
    const present = declarations.filter((declaration) => existing.has(declaration.name));
    const { topics } = await admin.fetchTopicMetadata({ topics: present.map(({ name }) => name) });
    const partitionsOf = new Map(topics.map((topic) => [topic.name, topic.partitions.length]));
    return {
      created: missing.map(({ name }) => name),
      present: present.map(({ name }) => name),
      misshapen: present
        .filter(({ name, partitions }) => partitionsOf.get(name) !== partitions)
        .map(({ name }) => name),
    };
  } finally {
    await admin.disconnect();
  }
}
