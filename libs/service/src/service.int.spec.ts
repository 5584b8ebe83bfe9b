import { rm, writeFile } from 'node:fs/promises';
import { ConfigError, RegistryError } from '@kyc-relay/config';
import { eventually, uniqueName, useCleanup } from '@kyc-relay/testing';
import { assembleService, type Worker } from './run-service';
import {
  connectTo,
  definitionOf,
  edges,
  produce,
  registryFile,
  ServiceBed,
  topic,
} from './testbed/service-bed';

const cleanup = useCleanup();
let bed: ServiceBed;

beforeAll(async () => {
  bed = await ServiceBed.open(cleanup);
});

beforeEach(async () => {
  await bed.begin();
});

describe('a service', () => {
  test('answers probes before its store is there, comes up with it, and is unready only while it is gone', async () => {
    await bed.store.goAway();
    const service = await bed.start();
    expect(await service.get('/livez')).toEqual({
      status: 200,
      body: { ok: true, checks: { 'kafka-fetch': 'ok' } },
    });
    const unready = await service.get('/readyz');
    expect(unready).toMatchObject({ status: 503, body: { ok: false, checks: { postgres: 'unreachable' } } });
    await bed.store.comeBack();
    await service.started;
    await eventually(async () => (await service.get('/readyz')).status === 200);
    await bed.store.goAway();
    expect((await service.get('/readyz')).status).toBe(503);
    await bed.store.comeBack();
    await eventually(async () => (await service.get('/readyz')).status === 200);
    expect(JSON.stringify(unready)).not.toMatch(/127\.0\.0\.1|postgres:\/\//);
  });

  test('whose Kafka is away is unready with the reason, serves all the same, and stops in time, a hanging sender or not', async () => {
    const service = await bed.start(definitionOf(), bed.environment({ KAFKA_BROKERS: '127.0.0.1:9' }));
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
    const service = await bed.start();
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
    const service = await bed.start();
    let failures = 2;
    edges.thrown = () => (failures-- > 0 ? new TypeError('passing') : undefined);
    await service.started;
    const key = uniqueName('key');
    await produce(key);
    await eventually(() => edges.handled.includes(key));
    expect(failures).toBeLessThanOrEqual(0);
  });
});

describe('the start', () => {
  test('fails when a topic has no handler', async () => {
    const service = await bed.start(definitionOf({ controllers: [] }));
    await expect(service.started).rejects.toThrow(`no handler for the topic ${topic}`);
  });

  test('fails when a handler has no topic', async () => {
    const service = await bed.start(definitionOf({ topics: [] }));
    await expect(service.started).rejects.toThrow('which is not subscribed');
  });

  test('fails when the database is missing, since waiting would not help', async () => {
    const missing = Object.assign(new URL(bed.store.url), { pathname: '/no_such_database' }).href;
    const service = await bed.start(definitionOf(), bed.environment({ DATABASE_URL: missing }));
    await expect(service.started).rejects.toThrow(/does not exist/);
  });

  test('names every wrong setting, and no value', async () => {
    const env = bed.environment({ PORT: 'secret-1', DATA_KEYS: 'secret-2', KAFKA_BROKERS: '' });
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
      bed.environment({ PARTNER_REGISTRY_FILE: wrong }),
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
    const service = await bed.start(definitionOf({ workers: [worker] }));
    await service.started;
    const answer = service.get('/slow');
    await edges.slowBegan.opened;
    const stopped = service.stop();
    expect(await service.get('/readyz').catch(() => 'refused')).toBe('refused');
    edges.slow.open();
    expect(await answer).toEqual({ status: 200, body: { done: true } });
    await stopped;
    expect(life).toEqual(['started', 'stopped']);
  });

  test('while the store is still awaited ends at once', async () => {
    await bed.store.goAway();
    const service = await bed.start();
    await eventually(async () => (await service.get('/readyz')).status === 503);
    const before = performance.now();
    await service.stop();
    expect(performance.now() - before).toBeLessThan(3_000);
    await bed.store.comeBack();
    await service.started;
  });
});
