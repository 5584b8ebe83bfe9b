export { ErrorFilter, type ErrorEnvelope } from './error-filter';
export { stopOnSignals } from './graceful-stop';
export { createHttpApp, MAX_BODY_BYTES, type HttpAppOptions } from './http-app';
export { parseJsonBody } from './json-body';
export { OperationsController } from './operations.controller';
export {
  badRequest,
  ProblemException,
  problemType,
  type ProblemDetails,
  type ProblemField,
} from './problem.exception';
export { RawBody } from './raw-body.decorator';
