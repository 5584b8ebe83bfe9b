import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../logger';
import type { Metrics } from '../metrics';

type Spans = Parameters<SpanExporter['export']>[0];
type Done = Parameters<SpanExporter['export']>[1];

/** An exporter whose failures are counted, and logged when they begin and when they end, not for every batch. */
export class WatchedExporter implements SpanExporter {
  private isFailing = false;
  private readonly spans;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.spans = metrics.counter('relay_trace_spans_total', 'Spans given to the trace receiver', ['result']);
  }

  export(spans: Spans, done: Done): void {
    this.exporter.export(spans, (result) => {
      const isSent = result.error === undefined;
      this.spans.inc({ result: isSent ? 'sent' : 'lost' }, spans.length);
      if (isSent && this.isFailing) this.logger.info('traces are exported again');
      if (!isSent && !this.isFailing)
        this.logger.warn({ err: result.error }, 'traces cannot be exported: spans are lost');
      this.isFailing = !isSent;
      done(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  async shutdown(): Promise<void> {
    await this.exporter.shutdown();
  }
}
