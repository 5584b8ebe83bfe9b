export { Health, type HealthCheck, type HealthReport } from './health';
export { createLogger, describeError, type Logger } from './logger';
export { Metrics } from './metrics';
export { readTraceparent } from './trace-context';
