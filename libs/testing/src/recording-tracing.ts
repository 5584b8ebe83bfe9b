import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { traceTo, type Tracing } from '@kyc-relay/telemetry';

/** A span that has ended. */
export interface RecordedSpan {
  name: string;
  /** As this span writes it. */
  traceparent: string;
  traceId: string;
  spanId: string;
  /** Absent for the first span of a trace. */
  parentSpanId: string | undefined;
  attributes: Record<string, unknown>;
}

/** Tracing as a service's, with all its spans. */
export interface RecordingTracing {
  tracing: Tracing;
  /** In the order in which they ended. */
  spans: () => RecordedSpan[];
}

/** Makes tracing that keeps its spans instead of exporting them. */
export async function recordingTracing(service = 'test'): Promise<RecordingTracing> {
  const exporter = new InMemorySpanExporter();
  const settings = { service, replicaId: 'test', sampleRatio: 1 };
  const tracing = await traceTo(new SimpleSpanProcessor(exporter), settings);
  return {
    tracing,
    spans: () =>
      exporter.getFinishedSpans().map((span) => {
        const { traceId, spanId } = span.spanContext();
        return {
          name: span.name,
          traceparent: `00-${traceId}-${spanId}-01`,
          traceId,
          spanId,
          parentSpanId: span.parentSpanContext?.spanId,
          attributes: span.attributes,
        };
      }),
  };
}
