import { readTraceparent, type Span, type Tracing } from '@kyc-relay/telemetry';
import type { FastifyInstance } from 'fastify';

/** Routes that are asked every few seconds and would drown logs and traces. */
export const QUIET_ROUTES: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics']);

const spans = new WeakMap<object, Span>();

/** A request, as Nest's `@Req()` gives it. */
export interface TracedRequest {
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * The W3C trace context of a request, for what follows from it: its span's, or where it has none the caller's.
 */
export function traceparentOf(request: TracedRequest): string | undefined {
  return spans.get(request)?.traceparent ?? readTraceparent(request.headers['traceparent']);
}

/** Makes a server span of each request, under what the caller's `traceparent` names. It holds no path, query or body. */
export function traceRequests(server: FastifyInstance, tracing: Tracing): void {
  if (!tracing.isOn) return;
  server.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    if (!QUIET_ROUTES.has(route)) {
      const span = tracing.start(
        'SERVER',
        `${request.method} ${route}`,
        readTraceparent(request.headers['traceparent']),
      );
      span?.set({ 'http.request.method': request.method, 'http.route': route });
      if (span) spans.set(request, span);
    }
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { statusCode } = reply;
    const span = spans.get(request);
    span?.set({ 'http.response.status_code': statusCode });
    span?.end(statusCode >= 500 ? String(statusCode) : undefined);
    done();
  });
}
