import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LoggerService, Type, DynamicModule } from '@nestjs/common';
import { TRACING_OFF, type Logger, type Metrics, type Tracing } from '@kyc-relay/telemetry';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ErrorFilter, plainProblem, type ErrorEnvelope } from './error-filter';
import type { OpenApiDocument } from './openapi/document';
import { observeRequests } from './request-observer';
import { traceRequests } from './request-spans';

/** The largest body any edge takes; routes with a smaller limit say so in {@link HttpAppOptions.limits}. */
export const MAX_BODY_BYTES = 1_048_576;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** RFC 9110, section 8.3.1: type and subtype are tokens. */
const MEDIA_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;

/** What an HTTP application is made with. */
export interface HttpAppOptions {
  logger: Logger;
  metrics: Metrics;
  /** Makes a span of each request; off when absent. */
  tracing?: Tracing;
  envelopes?: readonly ErrorEnvelope[];
  limits?: readonly BodyLimit[];
  /** What `/openapi.json` answers; there is no page to look at it, in production least of all. */
  openapi?: OpenApiDocument | undefined;
}

/** A route that takes less than {@link MAX_BODY_BYTES}. */
export interface BodyLimit {
  /** The route's path as its controller declares it, with a leading `/`. */
  path: string;
  /** Largest body; what is longer, or says so in `Content-Length`, is answered 413 unread. */
  bytes: number;
}

/**
 * A Nest application on fastify, hardened: bodies are raw bytes (signatures are verified before anything is parsed),
 * bounded in size and time; errors are problem+json or the partner's envelope; one log line and one metric a request.
 */
export async function createHttpApp(
  module: Type | DynamicModule,
  options: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Node looks for slow senders only this often; its default of 30 s would let a limit of 10 s last 40.
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: 1_000 },
    // Requests that come in on open connections while we stop are still served; new ones go to other replicas.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    // Addresses that no route can be looked up for: fastify's own answer would repeat them and name the framework.
    frameworkErrors: (
      { statusCode: status = 400 }: FastifyError,
      _request: FastifyRequest,
      reply: FastifyReply,
    ) => {
      void reply.status(status).type('application/problem+json').send(plainProblem(status));
    },
    routerOptions: { maxParamLength: 256 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: toNestLogger(options.logger),
    abortOnError: false,
  });
  const server = adapter.getInstance();
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  // Bodies are bytes whatever they are called: a Content-Type that is none is as good as none, where fastify would refuse it.
  server.addHook('onRequest', ({ raw }, _reply, done) => {
    const contentType = raw.headers['content-type'];
    if (contentType !== undefined && !MEDIA_TYPE.test(contentType)) delete raw.headers['content-type'];
    done();
  });
  // Nest declares its routes later, and has no word for their limit.
  server.addHook('onRoute', (route) => {
    const limit = options.limits?.find(({ path }) => path === route.url);
    if (limit) route.bodyLimit = limit.bytes;
  });
  // An answer that is still given while we stop is the last on its connection, which would keep the server open otherwise.
  let isStopping = false;
  server.addHook('preClose', (done) => {
    isStopping = true;
    done();
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (isStopping) void reply.header('connection', 'close');
    done();
  });
  traceRequests(server, options.tracing ?? TRACING_OFF);
  observeRequests(server, options.logger, options.metrics);
  const { openapi } = options;
  if (openapi) server.get('/openapi.json', (_request, reply) => reply.type('application/json').send(openapi));
  app.useGlobalFilters(new ErrorFilter(options.logger, options.envelopes ?? []));
  return app;
}

/** Nest's own messages in our format; its start-up chatter is for debugging. */
function toNestLogger(logger: Logger): LoggerService {
  const say =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...rest: unknown[]): void => {
      const context = rest.findLast((one) => typeof one === 'string');
      if (message instanceof Error) logger[level]({ err: message, context }, 'nest');
      else logger[level]({ context }, String(message));
    };
  return {
    log: say('debug'),
    debug: say('debug'),
    verbose: say('debug'),
    warn: say('warn'),
    error: say('error'),
  };
}
