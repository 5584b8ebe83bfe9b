import { writeFile, rm } from 'node:fs/promises';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get, Module, type DynamicModule } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ConfigError, PartnerServiceConfig, RegistryError } from '@kyc-relay/config';
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
  useCleanup,
  type TestDatabase,
} from '@kyc-relay/testing';
import { assembleService, type AssembledService, type ServiceDefinition, type Worker } from './run-service';
import { RunningService } from './running-service';
import type { ServiceParts } from './service-parts';

const cleanup = useCleanup();
const topic = uniqueName('served');
const registryFile = join(tmpdir(), `${topic}.json`);
let store: TestDatabase;

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

/** What the handler of a message throws, if it does. */
let thrown: (() => unknown) | undefined;
const handled: string[] = [];
let slow = createGate();
const slowBegan = { gate: createGate() };

@Controller()
class Edges {
  @EventPattern(topic, undefined, { contract: CONTRACT })
  async onNamed(@Payload() chunk: Chunk): Promise<ChunkOutcome> {
    const error = thrown?.();
    if (error !== undefined) throw error as Error;
    const facts = await chunk.facts();
    handled.push(...facts.map((fact) => fact.key));
    return facts.map(() => undefined);
  }

  @Get('slow')
  async slow(): Promise<object> {
    slowBegan.gate.open();
    await slow.opened;
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

function definitionOf(
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

function environment(change: Record<string, string> = {}): Record<string, string> {
  return {
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: store.url,
    KAFKA_BROKERS: testBrokers().join(','),
    DATA_KEYS: TEST_DATA_KEYS,
    PARTNER_REGISTRY_FILE: registryFile,
    LOG_LEVEL: 'silent',
    ...change,
  };
}

interface Started {
  service: AssembledService<PartnerServiceConfig>;
  started: Promise<void>;
  get(path: string): Promise<{ status: number; body: Record<string, unknown> }>;
  stop(): Promise<void>;
}

/** Starts a service and waits until it listens, not until it is started. */
async function start(definition = definitionOf(), env = environment()): Promise<Started> {
  const service = await assembleService(definition, env);
  const running = new RunningService(service);
  const started = running.start();
  started.catch(() => undefined);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopped ??= running.stop();
    await stopped;
  };
  cleanup.defer(stop);
  const url = await eventually(async () => await service.app.getUrl());
  return {
    service,
    started,
    stop,
    get: async (path) => {
      const response = await fetch(url + path);
      const text = await response.text();
      return { status: response.status, body: path === '/metrics' ? { text } : (JSON.parse(text) as never) };
    },
  };
}

/** A connection whose request never ends. */
function connectTo({ service }: Started): Socket {
  const { port } = service.app.getHttpServer().address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET /livez HTTP/1.1\r\nX-Slow: ');
  return socket;
}

async function produce(key: string): Promise<void> {
  const producer = testKafka().producer();
  await producer.connect();
  const headers = {
    ce_specversion: '1.0',
    ce_id: `${key}-${handled.length}`,
    ce_source: '/test',
    ce_type: 'named',
    ce_time: '2026-01-02T03:04:05Z',
  };
  await producer.send({ topic, messages: [{ key, value: JSON.stringify({ key }), headers }] });
  await producer.disconnect();
}

beforeAll(async () => {
  store = await createTestDatabase(cleanup, {
    statements: ['create schema ctx', ...inboxTablesV1('ctx'), ...outboxTablesV1('ctx')],
  });
  await createTestTopics(cleanup, { [topic]: {} });
  await writeFile(registryFile, '{}');
  cleanup.defer(async () => {
    await rm(registryFile, { force: true });
  });
});

beforeEach(async () => {
  await store.comeBack();
  thrown = undefined;
  slow = createGate();
  slowBegan.gate = createGate();
});

describe('a service', () => {
  test('answers probes before its store is there, comes up with it, and is unready only while it is gone', async () => {
    await store.goAway();
    const service = await start();
    expect(await service.get('/livez')).toEqual({
      status: 200,
      body: { ok: true, checks: { 'kafka-fetch': 'ok' } },
    });
    const unready = await service.get('/readyz');
    expect(unready).toMatchObject({ status: 503, body: { ok: false, checks: { postgres: 'unreachable' } } });
    await store.comeBack();
    await service.started;
    await eventually(async () => (await service.get('/readyz')).status === 200);
    await store.goAway();
    expect((await service.get('/readyz')).status).toBe(503);
    await store.comeBack();
    await eventually(async () => (await service.get('/readyz')).status === 200);
    expect(JSON.stringify(unready)).not.toMatch(/127\.0\.0\.1|postgres:\/\//);
  });

  test('whose Kafka is away is unready with the reason, serves all the same, and stops in time, a hanging sender or not', async () => {
    const service = await start(definitionOf(), environment({ KAFKA_BROKERS: '127.0.0.1:9' }));
    await service.started;
    const ready = await service.get('/readyz');
    expect(ready.status).toBe(503);
    expect(ready.body).toMatchObject({ checks: { postgres: 'ok' } });
    expect((await service.get('/metrics')).status).toBe(200);
    const hanging = connectTo(service);
    await eventually(() => !hanging.pending);
    const before = performance.now();
    await service.stop();
    expect(performance.now() - before).toBeLessThan(9_400);
  });

  test('exports what platform.md names, with the topics it consumes', async () => {
    const service = await start();
    await service.started;
    await service.get('/livez');
    const { body } = await service.get('/metrics');
    for (const name of [
      'relay_outbox_backlog{context="ctx"} 0',
      'relay_outbox_oldest_seconds{context="ctx"} 0',
      `relay_consumer_lag{topic="${topic}"}`,
      `relay_consumer_last_fetch_seconds{topic="${topic}"}`,
      `relay_parked_keys{topic="${topic}"} 0`,
      'relay_http_requests_total{method="GET",route="/livez",status="200"}',
      'relay_http_request_seconds_bucket',
    ])
      expect(body['text']).toContain(name);
  });

  test('hands chunks to its handlers through Nest, and an error of theirs to the transport', async () => {
    const service = await start();
    let failures = 2;
    thrown = () => (failures-- > 0 ? new TypeError('passing') : undefined);
    await service.started;
    const key = uniqueName('key');
    await produce(key);
    await eventually(() => handled.includes(key));
    expect(failures).toBeLessThanOrEqual(0);
  });
});

describe('the start', () => {
  test('fails when a topic has no handler', async () => {
    const service = await start(definitionOf({ controllers: [] }));
    await expect(service.started).rejects.toThrow(`no handler for the topic ${topic}`);
  });

  test('fails when a handler has no topic', async () => {
    const service = await start(definitionOf({ topics: [] }));
    await expect(service.started).rejects.toThrow('which is not subscribed');
  });

  test('fails when the database is missing, since waiting would not help', async () => {
    const missing = Object.assign(new URL(store.url), { pathname: '/no_such_database' }).href;
    const service = await start(definitionOf(), environment({ DATABASE_URL: missing }));
    await expect(service.started).rejects.toThrow(/does not exist/);
  });

  test('names every wrong setting, and no value', async () => {
    const env = environment({ PORT: 'secret-1', DATA_KEYS: 'secret-2', KAFKA_BROKERS: '' });
    const failure: unknown = await assembleService(definitionOf(), env).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    const { message } = failure as ConfigError;
    for (const name of ['PORT', 'DATA_KEYS', 'KAFKA_BROKERS']) expect(message).toContain(name);
    expect(message).not.toContain('secret');
  });

  test('fails with the path of the field when the registry is wrong', async () => {
    const wrong = `${registryFile}.wrong`;
    await writeFile(wrong, '{"businesses":[{"biz_id":7}]}');
    cleanup.defer(async () => {
      await rm(wrong, { force: true });
    });
    const failure: unknown = await assembleService(
      definitionOf(),
      environment({ PARTNER_REGISTRY_FILE: wrong }),
    ).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RegistryError);
    expect((failure as RegistryError).message).toContain('businesses[0].biz_id');
  });
});

describe('the stop', () => {
  test('lets a request end, takes no further one, and stops the workers that were started', async () => {
    const life: string[] = [];
    const worker: Worker = {
      start: async () => {
        life.push('started');
        await Promise.resolve();
      },
      stop: async () => {
        life.push('stopped');
        await Promise.resolve();
      },
    };
    const service = await start(definitionOf({ workers: [worker] }));
    await service.started;
    const answer = service.get('/slow');
    await slowBegan.gate.opened;
    const stopped = service.stop();
    expect(await service.get('/readyz').catch(() => 'refused')).toBe('refused');
    slow.open();
    expect(await answer).toEqual({ status: 200, body: { done: true } });
    await stopped;
    expect(life).toEqual(['started', 'stopped']);
  });

  test('while the store is still awaited ends at once', async () => {
    await store.goAway();
    const service = await start();
    await eventually(async () => (await service.get('/readyz')).status === 503);
    const before = performance.now();
    await service.stop();
    expect(performance.now() - before).toBeLessThan(3_000);
    await store.comeBack();
    await service.started;
  });
});
