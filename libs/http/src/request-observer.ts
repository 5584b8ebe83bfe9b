import { randomUUID } from 'node:crypto';
import type { Logger, Metrics } from '@kyc-relay/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { QUIET_ROUTES, traceparentOf } from './request-spans';

const CORRELATION_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's id of the request where it sent a usable one, otherwise one of ours. */
function correlationIdOf(request: FastifyRequest): string {
  const sent = request.headers['x-request-id'];
  return typeof sent === 'string' && CORRELATION_ID.test(sent) ? sent : randomUUID();
}

const remarks = new WeakMap<object, object>();

/**
 * Says what became of a request in its one log line: ids and outcomes, nothing personal.
 *
 * @param request as Nest's `@Req()` gives it
 */
export function remarkOn(request: object, remark: object): void {
  remarks.set(request, { ...remarks.get(request), ...remark });
}

/** One log line and one observation a request, security headers on every answer. Neither holds a query or a body. */
export function observeRequests(server: FastifyInstance, logger: Logger, metrics: Metrics): void {
  const labels = ['method', 'route', 'status'] as const;
  const requests = metrics.counter('relay_http_requests_total', 'Requests answered', labels);
  const seconds = metrics.histogram(
    'relay_http_request_seconds',
    'Time from the request to its answer',
    labels,
  );
  server.setGenReqId((raw) => correlationIdOf({ headers: raw.headers } as FastifyRequest));
  server.addHook('onSend', (request, reply, _payload, done) => {
    void reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000',
    });
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, not the path: paths hold ids and would make a label value of each.
    const route = request.routeOptions.url ?? 'unknown';
    const label = { method: request.method, route, status: String(reply.statusCode) };
    requests.inc(label);
    seconds.observe(label, reply.elapsedTime / 1000);
    if (!QUIET_ROUTES.has(route))
      logger.info(
        {
          requestId: request.id,
          method: request.method,
          route,
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          traceparent: traceparentOf(request),
          ...remarks.get(request),
        },
        'request',
      );
    done();
  });
}
