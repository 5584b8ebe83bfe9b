import type { MicroserviceOptions } from '@nestjs/microservices';
import type { PartnerServiceConfig } from '@kyc-relay/config';
import { connect, isStoreAway } from '@kyc-relay/persistence';
import type { AssembledService, Worker } from './run-service';

/** What hangs longer is cut: a connection without a request, a sender that is slow. */
const REQUESTS_END_WITHIN_MS = 8_000;

/** An assembled service that is started and, once, stopped. */
export class RunningService {
  private readonly started: Worker[] = [];
  private stopping = false;

  constructor(private readonly service: AssembledService<PartnerServiceConfig>) {
    const { app, parts } = service;
    app.connectMicroservice<MicroserviceOptions>({ strategy: parts.strategy }, { inheritAppConfig: true });
  }

  /**
   * Starts to listen, so that probes are answered while the store is still away; then connects to the store and starts
   * the workers, the relay and the consumers.
   * @throws Error for a topic without a handler, and what the store says when it is there but cannot be used
   */
  async start(): Promise<void> {
    const { app, config, parts, workers } = this.service;
    await app.listen(config.port, config.host);
    if (!(await this.connectToStore())) return;
    for (const worker of workers) {
      await worker.start();
      this.started.push(worker);
    }
    parts.relay.start();
    await app.startAllMicroservices();
    parts.logger.info({ port: config.port, replica: config.replicaId }, 'started');
  }

  /** Ends within 10 s; what is in work is committed or given back. */
  async stop(): Promise<void> {
    const { app, parts } = this.service;
    this.stopping = true;
    parts.health.beginStop();
    const hangers = setTimeout(() => {
      app.getHttpServer().closeAllConnections();
    }, REQUESTS_END_WITHIN_MS);
    // Intake ends (HTTP, Kafka) while the workers bring their calls to an end; then what they left in the outbox goes out.
    // Nest alone would let Kafka wait for the last request.
    await Promise.all([
      app.close(),
      parts.strategy.close(),
      ...this.started.map(async (worker) => {
        await worker.stop();
      }),
    ]);
    clearTimeout(hangers);
    await parts.relay.stop();
    parts.registry.stop();
    await Promise.all([parts.producer.stop(), parts.relayPublisher.stop()]);
    await Promise.all([parts.database.close(), parts.tracing.stop()]);
    parts.logger.info('stopped');
  }

  /** False when the service was stopped while it waited. */
  private async connectToStore(): Promise<boolean> {
    const { database, logger } = this.service.parts;
    try {
      await connect(database.dataSource, {
        isAway: isStoreAway,
        onWait: (error) => {
          if (this.stopping) throw error;
          logger.warn({ err: error }, 'waiting for the store');
        },
      });
    } catch (error) {
      if (this.stopping) return false;
      throw error;
    }
    if (this.stopping) await database.close();
    return !this.stopping;
  }
}
