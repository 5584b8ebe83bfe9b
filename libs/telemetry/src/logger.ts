import {
  destination as openDestination,
  pino,
  stdTimeFunctions,
  type DestinationStream,
  type Logger as PinoLogger,
} from 'pino';
import { LinesOfATurn } from './lines-of-a-turn';

/** The logger every service uses; one JSON line per entry on standard output. */
export type Logger = PinoLogger;

/** Keys whose values never reach a log line, wherever a careless call puts them. */
const REDACTED: ReadonlySet<string> = new Set([
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
]);

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

const CENSOR = '[redacted]';

/**
 * A log line with the values of {@link REDACTED} keys replaced, at the top and one level below. Our own, since pino's
 * redaction costs 20 to 30 us a line with this many paths, most of a line's cost.
 */
function redact(line: Record<string, unknown>, isNested = false): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const [key, value] of Object.entries(line)) {
    const safe = REDACTED.has(key) ? CENSOR : !isNested && isPlainObject(value) ? redact(value, true) : value;
    if (safe !== value) (copy ??= { ...line })[key] = safe;
  }
  return copy ?? line;
}

/** What is of a class of its own (an error, a date) is a serializer's matter. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

let standardOutput: DestinationStream | undefined;

/** Makes the service's logger. `level` is one of pino's names; `destination` is for tests. */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (line: Record<string, unknown>) => redact(line),
    },
    serializers: { err: describeError, error: describeError },
  };
  standardOutput ??= new LinesOfATurn(openDestination({ fd: 1, sync: true }));
  return pino(options, destination ?? standardOutput);
}
