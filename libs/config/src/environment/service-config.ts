import type { KeyRing } from '@kyc-relay/crypto';
import { Setting } from './setting.decorator';
import { hostList, httpUrl, keyRing, oneOf, postgresUrl, share, text, wholeNumber } from './setting-readers';

/** How much a service logs; pino's names. */
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** The settings that every service has; an app extends it by its own in `src/config.ts`. */
export class ServiceConfig {
  /** TCP port of the HTTP server; 0 picks a free one. */
  @Setting('PORT', {
    meaning: 'TCP port of the HTTP server; 0 picks a free one',
    reads: wholeNumber(0, 65_535),
  })
  port = 3000;

  /** Address the HTTP server listens on. */
  @Setting('HOST', {
    meaning: 'address the HTTP server listens on',
    reads: text('an address', /^[A-Za-z0-9.:_-]+$/),
  })
  host = '0.0.0.0';

  /** URL of the Postgres database; holds a password. */
  @Setting('DATABASE_URL', { meaning: 'the Postgres database', reads: postgresUrl })
  databaseUrl!: string;

  /** Connections to Postgres that a replica holds at most. */
  @Setting('DATABASE_POOL_SIZE', {
    meaning: 'connections to Postgres that a replica pools at most',
    reads: wholeNumber(1, 200),
  })
  databasePoolSize = 10;

  /** Kafka brokers to start from, each `host:port`. */
  @Setting('KAFKA_BROKERS', { meaning: 'Kafka brokers to start from', reads: hostList })
  kafkaBrokers!: string[];

  /** Keys that seal identity numbers and parked messages; the first seals, all open. */
  @Setting('DATA_KEYS', {
    meaning: 'keys that seal identity numbers at rest; the first seals, all open',
    reads: keyRing,
  })
  dataKeys!: KeyRing;

  /** Name of this replica among those of its service; the same after a restart, as it frees its own leases. */
  @Setting('REPLICA_ID', {
    meaning: 'name of this replica, no two alike and the same after a restart',
    reads: text('1 to 63 of letters, digits, ., _ and -', /^[A-Za-z0-9._-]{1,63}$/),
  })
  replicaId = 'single';

  /** How much is logged. */
  @Setting('LOG_LEVEL', {
    meaning: 'least severe level that is logged',
    reads: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  })
  logLevel: LogLevel = 'info';

  /** Where traces are sent to by OTLP over HTTP; absent: nothing is traced. */
  @Setting('OTEL_EXPORTER_OTLP_ENDPOINT', {
    meaning: 'URL of the OTLP/HTTP receiver of traces, without `/v1/traces`; without it nothing is traced',
    reads: httpUrl,
    optional: true,
  })
  traceEndpoint?: string;

  /** Share of the traces that begin here which are recorded. */
  @Setting('OTEL_TRACES_SAMPLER_ARG', {
    meaning: 'share of new traces that is recorded; one that comes in is recorded if its caller does',
    reads: share,
  })
  traceSampleRatio = 1;
}

/** The settings of a service that deals with partners or has an API of its own. */
export class PartnerServiceConfig extends ServiceConfig {
  /** Path of the partner registry, read again when it changes. */
  @Setting('PARTNER_REGISTRY_FILE', {
    meaning: 'path of the partner registry (JSON), read again when it changes',
    reads: text('a path'),
  })
  partnerRegistryFile!: string;

  /** Path of a second file with API tokens, `{"api_tokens": [...]}`, read again when it changes. */
  @Setting('API_TOKENS_FILE', {
    meaning: 'path of a file with more API tokens ({"api_tokens": [...]}), read again when it changes',
    reads: text('a path'),
    optional: true,
  })
  apiTokensFile?: string;
}
