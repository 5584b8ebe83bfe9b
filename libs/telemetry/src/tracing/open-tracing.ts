import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../logger';
import type { Metrics } from '../metrics';
import { SdkTracing } from './sdk-tracing';
import { TRACING_OFF, type Tracing } from './tracing';
import { WatchedExporter } from './watched-exporter';

/** Whose spans they are, and how many. */
export interface TracingSettings {
  service: string;
  replicaId: string;
  /** Share of the traces that begin here which are recorded, from 0 to 1; a trace that comes in has been decided on. */
  sampleRatio: number;
}

/** Where spans are exported to. */
export interface TraceExport {
  /** URL of the OTLP/HTTP receiver, without `/v1/traces`; absent: tracing is off. */
  endpoint: string | undefined;
  logger: Logger;
  metrics: Metrics;
}

const EXPORT_TIMEOUT_MS = 3_000;
/** Spans that wait for their export: a few MB. What comes on top is dropped, so a receiver that is away costs no more. */
const MOST_WAITING = 4_096;
const EXPORT_EVERY_MS = 1_000;
const LONGEST_TEXT = 256;

/** Tracing by OTLP over HTTP, JSON. The SDK is loaded only when there is an endpoint. */
export async function openTracing(
  settings: TracingSettings,
  { endpoint, logger, metrics }: TraceExport,
): Promise<Tracing> {
  if (endpoint === undefined) return TRACING_OFF;
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
  const processor = new BatchSpanProcessor(new WatchedExporter(exporter, logger, metrics), {
    maxQueueSize: MOST_WAITING,
    maxExportBatchSize: MOST_WAITING / 8,
    scheduledDelayMillis: EXPORT_EVERY_MS,
    // The exporter gives up by itself; this is for one that does not.
    exportTimeoutMillis: 2 * EXPORT_TIMEOUT_MS,
  });
  return await traceTo(processor, settings);
}

/** Tracing whose spans go to a processor, such as one that keeps them for a test. */
export async function traceTo(processor: SpanProcessor, settings: TracingSettings): Promise<Tracing> {
  const otel = await import('@opentelemetry/api');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const sdk = await import('@opentelemetry/sdk-trace-base');
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.namespace': 'kyc-relay',
      'service.name': settings.service,
      'service.instance.id': settings.replicaId,
    }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(settings.sampleRatio) }),
    spanLimits: { attributeValueLengthLimit: LONGEST_TEXT },
    spanProcessors: [processor],
  });
  return new SdkTracing(otel, provider);
}
