import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { traceparentOf } from './request-spans';

/** The request's W3C trace context, for what follows from it; undefined where there is no trace. */
export const Traceparent = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined =>
  traceparentOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
