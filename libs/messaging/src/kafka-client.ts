import type { Logger } from '@kyc-relay/telemetry';
import { Kafka, logLevel, type LogEntry } from 'kafkajs';

/** How to reach the brokers. */
export interface KafkaSettings {
  brokers: string[];
  /** Shown in the broker's logs and quotas: the service's name. */
  clientId: string;
  logger: Logger;
}

const LEVELS: Partial<Record<logLevel, 'error' | 'warn' | 'debug'>> = {
  // kafkajs logs as errors what it repairs by itself a moment later (a coordinator that is still loading, a broker
  // that restarts); what stays broken is seen in /readyz, the lag and the age of the last fetch.
  [logLevel.ERROR]: 'warn',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'debug',
};

/** SerialProducer limits retries on purpose: it replaces the producer after a failure, whose sequence then starts anew. */
const EXPECTED = /^Limiting retries for the idempotent producer/;

/** A kafkajs client whose log goes to ours, with the error's kind but not its payload. */
export function createKafka(settings: KafkaSettings): Kafka {
  return new Kafka({
    clientId: settings.clientId,
    brokers: settings.brokers,
    connectionTimeout: 2_000,
    authenticationTimeout: 5_000,
    requestTimeout: 10_000,
    // A broker that restarts takes a few seconds: try often, and leave giving up to the layers above.
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, factor: 0.2, multiplier: 1.5, retries: 10 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry: LogEntry) => {
      const level = LEVELS[entry.level];
      if (!level) return;
      const { message, error, groupId } = entry.log as { message: string; error?: unknown; groupId?: string };
      if (EXPECTED.test(message)) return;
      settings.logger[level](
        // Not under `error`, where the logger leaves messages out; kafkajs's own texts hold codes and places only.
        { kafka: entry.namespace, groupId, ...(typeof error === 'string' ? { cause: error } : {}) },
        message,
      );
    },
  });
}
