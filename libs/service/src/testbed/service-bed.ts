import { rm, writeFile } from 'node:fs/promises';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get, Module, type DynamicModule } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { PartnerServiceConfig } from '@kyc-relay/config';
import { IsText, type EventContract } from '@kyc-relay/contracts';
import { OperationsController } from '@kyc-relay/http';
import { inboxTablesV1, type Chunk, type ChunkOutcome } from '@kyc-relay/messaging';
import { outboxTablesV1 } from '@kyc-relay/outbox';
import { Health, Metrics } from '@kyc-relay/telemetry';
import {
  createGate,
  createTestDatabase,
  createTestTopics,
  eventually,
  TEST_DATA_KEYS,
  testBrokers,
  testKafka,
  uniqueName,
  type Cleanup,
  type TestDatabase,
} from '@kyc-relay/testing';
import { assembleService, type AssembledService, type ServiceDefinition, type Worker } from '../run-service';
import { RunningService } from '../running-service';
import type { ServiceParts } from '../service-parts';

/** The topic of the services under test. */
export const topic = uniqueName('served');
/** Their partner registry. */
export const registryFile = join(tmpdir(), `${topic}.json`);
class Named {
  @IsText({ max: 64 })
  key!: string;
}

const CONTRACT: EventContract = {
  topic,
  types: new Map([['named', Named]]),
  unknownFields: 'refused',
  keyOf: (data) => (data as Named).key,
};

/** What tests say to the edges, and see of them. */
export const edges = {
  /** What the handler of a message throws, if it does. */
  thrown: undefined as (() => unknown) | undefined,
  /** The keys that were handled. */
  handled: [] as string[],
  /** Open when a slow request may end. */
  slow: createGate(),
  /** Open when one has come. */
  slowBegan: createGate(),
};

@Controller()
class Edges {
  @EventPattern(topic, undefined, { contract: CONTRACT })
  async onNamed(@Payload() chunk: Chunk): Promise<ChunkOutcome> {
    const error = edges.thrown?.();
    if (error !== undefined) throw error as Error;
    const facts = await chunk.facts();
    edges.handled.push(...facts.map((fact) => fact.key));
    return facts.map(() => undefined);
  }

  @Get('slow')
  async slow(): Promise<object> {
    edges.slowBegan.open();
    await edges.slow.opened;
    return { done: true };
  }
}

@Module({})
class AppModule {
  static of(parts: ServiceParts, controllers: unknown[]): DynamicModule {
    return {
      module: AppModule,
      controllers: [...controllers, OperationsController] as never,
      providers: [
        { provide: Health, useValue: parts.health },
        { provide: Metrics, useValue: parts.metrics },
      ],
    };
  }
}

/** A service of nothing but the edges, changed. */
export function definitionOf(
  change: { topics?: string[]; workers?: Worker[]; controllers?: unknown[] } = {},
): ServiceDefinition<PartnerServiceConfig> {
  return {
    description: {
      name: uniqueName('service'),
      schema: 'ctx',
      topics: change.topics ?? [topic],
      registrySections: ['businesses'],
    },
    config: PartnerServiceConfig,
    module: (parts) => AppModule.of(parts, change.controllers ?? [Edges]),
    workers: () => change.workers ?? [],
  };
}

/** A service that was started. */
export interface Started {
  service: AssembledService<PartnerServiceConfig>;
  started: Promise<void>;
  get(path: string): Promise<{ status: number; body: Record<string, unknown> }>;
  stop(): Promise<void>;
}

/** What the specs of a service share: its database, topic and registry. */
export class ServiceBed {
  private constructor(
    private readonly cleanup: Cleanup,
    readonly store: TestDatabase,
  ) {}

  /** Call it in `beforeAll`; everything ends with the file. */
  static async open(cleanup: Cleanup): Promise<ServiceBed> {
    const store = await createTestDatabase(cleanup, {
      statements: ['create schema ctx', ...inboxTablesV1('ctx'), ...outboxTablesV1('ctx')],
    });
    await createTestTopics(cleanup, { [topic]: {} });
    await writeFile(registryFile, '{}');
    cleanup.defer(async () => {
      await rm(registryFile, { force: true });
    });
    return new ServiceBed(cleanup, store);
  }

  /** Begins a test: the store is there, and the edges behave. */
  async begin(): Promise<void> {
    await this.store.comeBack();
    edges.thrown = undefined;
    edges.slow = createGate();
    edges.slowBegan = createGate();
  }

  environment(change: Record<string, string> = {}): Record<string, string> {
    return {
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: this.store.url,
      KAFKA_BROKERS: testBrokers().join(','),
      DATA_KEYS: TEST_DATA_KEYS,
      PARTNER_REGISTRY_FILE: registryFile,
      LOG_LEVEL: 'silent',
      ...change,
    };
  }

  /** Starts a service and waits until it listens, not until it is started. */
  async start(definition = definitionOf(), env = this.environment()): Promise<Started> {
    const service = await assembleService(definition, env);
    const running = new RunningService(service);
    const started = running.start();
    started.catch(() => undefined);
    let stopped: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      stopped ??= running.stop();
      await stopped;
    };
    this.cleanup.defer(stop);
    const url = await eventually(async () => await service.app.getUrl());
    return {
      service,
      started,
      stop,
      get: async (path) => {
        const response = await fetch(url + path);
        const text = await response.text();
        return {
          status: response.status,
          body: path === '/metrics' ? { text } : (JSON.parse(text) as never),
        };
      },
    };
  }
}

/** A connection whose request never ends. */
export function connectTo({ service }: Started): Socket {
  const { port } = service.app.getHttpServer().address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET /livez HTTP/1.1\r\nX-Slow: ');
  return socket;
}

/** Writes a message to the topic. */
export async function produce(key: string): Promise<void> {
  const producer = testKafka().producer();
  await producer.connect();
  const headers = {
    ce_specversion: '1.0',
    ce_id: `${key}-${edges.handled.length}`,
    ce_source: '/test',
    ce_type: 'named',
    ce_time: '2026-01-02T03:04:05Z',
  };
  await producer.send({ topic, messages: [{ key, value: JSON.stringify({ key }), headers }] });
  await producer.disconnect();
}
