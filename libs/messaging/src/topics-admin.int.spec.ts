import { collectingLogger, testBrokers, uniqueName, useCleanup, withAdmin } from '@kyc-relay/testing';
import { ConfigResourceTypes } from 'kafkajs';
import { checkBroker } from './broker-check';
import { createKafka } from './kafka-client';
import { ensureTopics } from './topics-admin';

const cleanup = useCleanup();
const { logger } = collectingLogger();
const kafka = createKafka({ brokers: testBrokers(), clientId: 'topics', logger });
const OPTIONS = { replicationFactor: 1, minInsyncReplicas: 1 };

function declare(
  count: number,
): { name: string; partitions: number; retentionMs: number; config: Record<string, string> }[] {
  const declarations = Array.from({ length: count }, () => ({
    name: uniqueName('declared'),
    partitions: 2,
    retentionMs: 604_800_000,
    config: { 'max.message.bytes': '2097152' },
  }));
  cleanup.defer(async () => {
    await withAdmin(async (admin) => {
      await admin.deleteTopics({ topics: declarations.map(({ name }) => name) });
    });
  });
  return declarations;
}

test('missing topics are made as declared; those that are there are left alone', async () => {
  const [first, second] = declare(2) as [ReturnType<typeof declare>[0], ReturnType<typeof declare>[0]];
  expect(await ensureTopics(kafka, [first], OPTIONS)).toEqual({
    created: [first.name],
    present: [],
    misshapen: [],
  });
  const changed = { ...first, partitions: 5, retentionMs: 1 };
  expect(await ensureTopics(kafka, [changed, second], OPTIONS)).toEqual({
    created: [second.name],
    present: [first.name],
    misshapen: [first.name],
  });
  await withAdmin(async (admin) => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: first.name }],
    });
    const configs = new Map(
      resources[0]!.configEntries.map((entry) => [entry.configName, entry.configValue]),
    );
    expect(configs.get('retention.ms')).toBe('604800000');
    expect(configs.get('max.message.bytes')).toBe('2097152');
    expect(configs.get('cleanup.policy')).toBe('delete');
    const metadata = await admin.fetchTopicMetadata({ topics: [first.name] });
    expect(metadata.topics[0]!.partitions).toHaveLength(2);
  });
});

test('two jobs at the same time make them once, and neither fails', async () => {
  const declarations = declare(6);
  const reports = await Promise.all([
    ensureTopics(kafka, declarations, OPTIONS),
    ensureTopics(kafka, declarations, OPTIONS),
    ensureTopics(kafka, [...declarations].reverse(), OPTIONS),
  ]);
  expect(reports).toHaveLength(3);
  const existing = await withAdmin(async (admin) => await admin.listTopics());
  expect(existing).toEqual(expect.arrayContaining(declarations.map(({ name }) => name)));
});

test('a broker that answers is told from one that does not, which is given up', async () => {
  await expect(checkBroker(kafka)).resolves.toBeUndefined();
  const nowhere = createKafka({ brokers: ['127.0.0.1:9'], clientId: 'x', logger });
  await expect(checkBroker(nowhere)).rejects.toThrow();
});
