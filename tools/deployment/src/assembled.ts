import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleService, type AssembledService, type ServiceDefinition } from '@kyc-relay/service';
import type { PartnerServiceConfig } from '@kyc-relay/config';
import type { Metrics } from '@kyc-relay/telemetry';
import type { DeployedService } from './services';

/** A metric as the service declares it, before it has counted anything. */
export interface DeclaredMetric {
  name: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary';
  labels: string[];
}

/** What an assembled service is asked for. */
export interface Assembled {
  /** All that `/metrics` can show. */
  metrics: DeclaredMetric[];
  /** `GET /v1/users/{shopee_uid}/entry`, and so on, sorted. */
  routes: string[];
  /** What a path answers, without a socket. */
  get(path: string): Promise<{ status: number; contentType: string; body: string }>;
  close(): Promise<void>;
}

/** Makes a service with an empty registry and stores that are never asked, and readies its routes. */
export async function assemble(service: DeployedService): Promise<Assembled> {
  const folder = mkdtempSync(join(tmpdir(), 'kyc-relay-'));
  const registry = join(folder, 'registry.json');
  writeFileSync(registry, '{}');
  const assembled: AssembledService<PartnerServiceConfig> = await assembleService(
    service as ServiceDefinition<PartnerServiceConfig>,
    {
      DATABASE_URL: 'postgres://relay@127.0.0.1:1/relay',
      KAFKA_BROKERS: '127.0.0.1:1',
      DATA_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
      PARTNER_REGISTRY_FILE: registry,
      LOG_LEVEL: 'silent',
      // So that what is exported about traces is declared too; none is made.
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_TRACES_SAMPLER_ARG: '0',
    },
  );
  const { app, parts } = assembled;
  const server = app.getHttpAdapter().getInstance();
  const routes: string[] = ['GET /openapi.json'];
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat())
      routes.push(`${one} ${url.replaceAll(/:(\w+)/g, '{$1}').replace(/(?<=.)\/$/, '')}`);
  });
  await app.init();
  await server.ready();
  return {
    metrics: declaredIn(parts.metrics),
    routes: [...new Set(routes)].filter((route) => !route.startsWith('HEAD')).sort(),
    get: async (path) => {
      const { statusCode, headers, body } = await server.inject({ method: 'GET', url: path });
      return { status: statusCode, contentType: String(headers['content-type']), body };
    },
    close: async () => {
      await app.close();
      await parts.tracing.stop();
      parts.registry.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The registry knows the labels of a metric, but its types do not say so. */
function declaredIn({ registry }: Metrics): DeclaredMetric[] {
  const metrics = registry.getMetricsAsArray() as unknown as (DeclaredMetric & { labelNames: string[] })[];
  return metrics.map(({ name, type, labelNames }) => ({ name, type, labels: [...labelNames].sort() }));
}
