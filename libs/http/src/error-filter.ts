import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { isStoreAway } from '@kyc-relay/persistence';
import type { Logger } from '@kyc-relay/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { throwError } from 'rxjs';
import { problemType, type ProblemDetails } from './problem.exception';
import { TooManyRequests } from './rate-limit';
import { traceparentOf } from './request-spans';

/** How errors of one path are told in the caller's own words instead of problem+json. */
export interface ErrorEnvelope {
  /** Paths that begin so. */
  path: string;
  /** @param accept the request's `Accept` header, for an envelope that depends on it */
  render(
    problem: ProblemDetails,
    accept: string | undefined,
  ): { body: object | string; contentType?: string; status?: number };
}

/**
 * The one place where an error becomes an answer: a store that is away is 503, a refusal says what it is, anything else
 * is 500 without a word about why. For messages (Nest's `rpc` host) the error goes on to the transport, which decides.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly envelopes: readonly ErrorEnvelope[],
  ) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    if (host.getType() === 'rpc') return throwError(() => error);
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = this.describe(error);
    if (problem.status >= 500)
      this.logger.error(
        { err: error, requestId: request.id, traceparent: traceparentOf(request) },
        'request failed',
      );
    const path = request.url.split('?', 1)[0] ?? '';
    const envelope = this.envelopes.find((one) => path === one.path || path.startsWith(`${one.path}/`));
    const answer = envelope?.render(problem, request.headers.accept) ?? { body: problem };
    if (problem.status === 503) void reply.header('retry-after', '1');
    if (error instanceof TooManyRequests) void reply.header('retry-after', String(error.retryAfterSeconds));
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    return reply
      .status(answer.status ?? problem.status)
      .type(answer.contentType ?? (envelope ? 'application/json' : 'application/problem+json'))
      .send(answer.body);
  }

  private describe(error: unknown): ProblemDetails {
    if (error instanceof HttpException) {
      const body = error.getResponse();
      if (typeof body === 'object' && 'type' in body && 'title' in body)
        return { ...(body as ProblemDetails), status: error.getStatus() };
      return plainProblem(error.getStatus());
    }
    // Fastify's own refusals (a body over the limit, broken JSON) carry a status.
    const status = (error as { statusCode?: unknown } | null)?.statusCode;
    if (typeof status === 'number' && status >= 400 && status < 500) return plainProblem(status);
    return isStoreAway(error) ? plainProblem(503) : plainProblem(500);
  }
}

/** A status in problem details, with nothing said beyond it. */
export function plainProblem(status: number): ProblemDetails {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: problemType(title.toLowerCase().replaceAll(' ', '-')), title, status };
}
