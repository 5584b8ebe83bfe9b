export { ErrorFilter, type ErrorEnvelope } from './error-filter';
export { stopOnSignals } from './graceful-stop';
export { createHttpApp, MAX_BODY_BYTES, type BodyLimit, type HttpAppOptions } from './http-app';
export { parseJsonBody } from './json-body';
export * from './openapi/answers';
export { createOpenApi, type OpenApiParts } from './openapi/create-openapi';
export type * from './openapi/document';
export { OperationsController } from './operations.controller';
export {
  badRequest,
  ProblemException,
  problemType,
  type ProblemDetails,
  type ProblemField,
} from './problem.exception';
export { RateLimits, takeToken, TooManyRequests, type Bucket } from './rate-limit';
export { RawBody } from './raw-body.decorator';
export { readQuery, withoutEmpty } from './read-query';
export { remarkOn } from './request-observer';
export { traceparentOf, type TracedRequest } from './request-spans';
export { AddressRanges, isAllowedSource, sourceAddressOf } from './source-address';
export { Traceparent } from './traceparent.decorator';
