export { Health, type HealthCheck, type HealthReport } from './health';
export { createLogger, describeError, type Logger } from './logger';
export { Metrics } from './metrics';
export { inSpan } from './tracing/in-span';
export { openTracing, traceTo, type TraceExport, type TracingSettings } from './tracing/open-tracing';
export { readTraceparent } from './tracing/trace-context';
export { TRACING_OFF, type Span, type SpanAttributes, type SpanKind, type Tracing } from './tracing/tracing';
