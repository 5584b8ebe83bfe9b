import type * as api from '@opentelemetry/api';
import type { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { formatTraceparent, parseTraceparent, type TraceContext } from './trace-context';
import type { Span, SpanAttributes, SpanKind, Tracing } from './tracing';

/** What the stop gives to the last export, out of the process's 10 s. */
const STOP_WITHIN_MS = 1_000;

/** Spans made by OpenTelemetry's SDK, of which nothing is registered globally. */
export class SdkTracing implements Tracing {
  readonly isOn = true;
  private readonly tracer: api.Tracer;

  /** @param otel the package `@opentelemetry/api`, loaded only where tracing is on */
  constructor(
    private readonly otel: typeof api,
    private readonly provider: BasicTracerProvider,
  ) {
    this.tracer = provider.getTracer('kyc-relay');
  }

  start(kind: SpanKind, name: string, parent: string | null | undefined): Span | undefined {
    const caller = typeof parent === 'string' ? parseTraceparent(parent) : undefined;
    if (caller?.isSampled === false) return undefined;
    const context = caller ? this.contextOf(caller) : this.otel.ROOT_CONTEXT;
    return new SdkSpan(this.otel, this.tracer.startSpan(name, { kind: this.otel.SpanKind[kind] }, context));
  }

  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_WITHIN_MS);
    });
    await Promise.race([this.provider.shutdown().catch(() => undefined), limit]);
    clearTimeout(timer);
  }

  private contextOf({ traceId, spanId }: TraceContext): api.Context {
    const { trace, TraceFlags, ROOT_CONTEXT } = this.otel;
    return trace.setSpanContext(ROOT_CONTEXT, {
      traceId,
      spanId,
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    });
  }
}

class SdkSpan implements Span {
  readonly traceparent: string;

  constructor(
    private readonly otel: typeof api,
    private readonly span: api.Span,
  ) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    const isSampled = (traceFlags & otel.TraceFlags.SAMPLED) !== 0;
    this.traceparent = formatTraceparent({ traceId, spanId, isSampled });
  }

  set(attributes: SpanAttributes): void {
    this.span.setAttributes(attributes);
  }

  end(error?: string): void {
    if (error !== undefined) {
      this.span.setAttribute('error.type', error);
      this.span.setStatus({ code: this.otel.SpanStatusCode.ERROR });
    }
    this.span.end();
  }
}
