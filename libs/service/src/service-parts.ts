import type { PartnerServiceConfig, RegistrySection } from '@kyc-relay/config';
import { RegistryError, RegistryFile } from '@kyc-relay/config';
import { createKafka, KafkaStrategy } from '@kyc-relay/messaging';
import { Outbox, OutboxRelay, type BatchPublisher } from '@kyc-relay/outbox';
import { SerialProducer } from '@kyc-relay/messaging';
import { createDataSource, Database } from '@kyc-relay/persistence';
import { createLogger, Health, Metrics, openTracing, type Logger, type Tracing } from '@kyc-relay/telemetry';
import type { KeyRing } from '@kyc-relay/crypto';
import type { Kafka } from 'kafkajs';

/** What a service says of itself. */
export interface ServiceDescription {
  /** The app's name; also its consumer group and the end of its `ce_source`. */
  name: string;
  /** The Postgres schema of its bounded context. */
  schema: string;
  /** The topics it consumes; each must have a handler. */
  topics: readonly string[];
  /** The registry's sections it needs. */
  registrySections: readonly RegistrySection[];
  /** See the data source's setting of that name. */
  plansByKeys?: boolean;
  /** Where what it publishes is waited for: see the relay's setting `roundMs`. */
  relayRoundMs?: number;
}

/** The parts that every service is made of, wired to each other. */
export interface ServiceParts {
  description: ServiceDescription;
  config: PartnerServiceConfig;
  logger: Logger;
  metrics: Metrics;
  tracing: Tracing;
  health: Health;
  keyRing: KeyRing;
  registry: RegistryFile;
  database: Database;
  kafka: Kafka;
  /** For what an edge publishes itself; the relay has a producer of its own. */
  producer: SerialProducer;
  outbox: Outbox;
  relay: OutboxRelay;
  strategy: KafkaStrategy;
  /** What holds connections beside the database's pool, to be ended at the stop. */
  relayPublisher: BatchPublisher & { stop(): Promise<void> };
}

/**
 * Makes a service's parts; nothing is connected yet but the registry, which is read.
 * @throws RegistryError when the partner registry cannot be used
 */
export async function createServiceParts(
  description: ServiceDescription,
  config: PartnerServiceConfig,
): Promise<ServiceParts> {
  const { name, schema } = description;
  const logger = createLogger(name, config.logLevel);
  const metrics = new Metrics();
  const tracing = await openTracing(
    { service: name, replicaId: config.replicaId, sampleRatio: config.traceSampleRatio },
    { endpoint: config.traceEndpoint, logger, metrics },
  );
  const health = new Health();
  const registry = await openRegistry(description, config, logger, metrics);
  const database = new Database(
    createDataSource({
      url: config.databaseUrl,
      schema,
      applicationName: `${name} ${config.replicaId}`,
      poolSize: config.databasePoolSize,
      plansByKeys: description.plansByKeys ?? false,
    }),
  );
  const kafka = createKafka({ brokers: config.kafkaBrokers, clientId: name, logger });
  const relayPublisher = new SerialProducer(kafka, logger);
  const outbox = new Outbox(schema, `/kyc-relay/${name}`, config.dataKeys);
  const relay = new OutboxRelay({
    database,
    schema,
    url: config.databaseUrl,
    publisher: relayPublisher,
    ...(description.relayRoundMs === undefined ? {} : { roundMs: description.relayRoundMs }),
    keyRing: config.dataKeys,
    logger,
    metrics,
  });
  outbox.onWake(() => {
    relay.wake();
  });
  const strategy = new KafkaStrategy(kafka, description.topics, {
    service: name,
    schema,
    database,
    outbox,
    keyRing: config.dataKeys,
    logger,
    metrics,
    tracing,
  });
  health.addReadiness({
    name: 'postgres',
    required: 'always',
    check: async () => {
      await database.query('select 1');
    },
  });
  health.addReadiness({
    name: 'kafka',
    required: 'until-first-success',
    check: async () => {
      await strategy.checkBroker();
    },
  });
  health.addLiveness('kafka-fetch', () => strategy.isAlive());
  return {
    description,
    config,
    logger,
    metrics,
    tracing,
    health,
    keyRing: config.dataKeys,
    registry,
    database,
    kafka,
    producer: new SerialProducer(kafka, logger),
    outbox,
    relay,
    strategy,
    relayPublisher,
  };
}

async function openRegistry(
  description: ServiceDescription,
  config: PartnerServiceConfig,
  logger: Logger,
  metrics: Metrics,
): Promise<RegistryFile> {
  const reloads = metrics.counter('relay_registry_reloads_total', 'Changes of the partner registry', [
    'result',
  ]);
  try {
    return await RegistryFile.open({
      registryFile: config.partnerRegistryFile,
      apiTokensFile: config.apiTokensFile,
      sections: ['api_tokens', ...description.registrySections],
      report: (reload) => {
        reloads.inc({ result: reload.result });
        if (reload.result === 'loaded') logger.info('partner registry reloaded');
        else logger.error({ problems: reload.errors }, 'partner registry refused; the last good one stays');
      },
    });
  } catch (error) {
    if (error instanceof RegistryError)
      logger.fatal({ problems: error.errors }, 'partner registry cannot be used');
    throw error;
  }
}
