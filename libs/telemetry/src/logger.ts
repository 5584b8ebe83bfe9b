import { pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger } from 'pino';

/** The logger every service uses; one JSON line per entry on standard output. */
export type Logger = PinoLogger;

/** Keys whose values never reach a log line, wherever a careless call puts them. */
const REDACTED = [
  'authorization',
  'sign',
  'verifySign',
  'secret',
  'secrets',
  'token',
  'phone',
  'name',
  'address',
  'ic_number',
  'governmentId',
  'idCardNo',
  'idCardNumber',
  'body',
  'value',
  'parameters',
];

/**
 * What a log says of an error: its class, its code and where it was thrown.
 * The message stays out: drivers and parsers quote values in it, and values may be personal.
 */
export function describeError(error: unknown): { type: string; code?: string; at?: string[] } {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const inner = (error as { driverError?: unknown }).driverError ?? error.cause;
  const code = (error as { code?: unknown }).code ?? (inner as { code?: unknown } | undefined)?.code;
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    at: frames
      .slice(0, 6)
      .map((line) => line.trim().replace(/\(?\/.*\/((?:libs|apps|tools|node_modules)\/)/, '$1')),
  };
}

/** Makes the service's logger. `level` is one of pino's names; `destination` is for tests. */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError, error: describeError },
    redact: { paths: REDACTED.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
  };
  return destination ? pino(options, destination) : pino(options);
}
