import { createLogger, type Logger } from '@kyc-relay/telemetry';

/** A line that was logged, parsed. */
export type LogLine = Record<string, unknown> & { level: string; msg: string };

/** A logger like a service's, with everything it wrote. */
export interface CollectingLogger {
  logger: Logger;
  lines: LogLine[];
  /** All lines as they would stand on standard output. */
  text(): string;
}

/** Makes a logger that keeps its lines instead of printing them. */
export function collectingLogger(service = 'test'): CollectingLogger {
  const raw: string[] = [];
  const lines: LogLine[] = [];
  const logger = createLogger(service, 'debug', {
    write: (line: string) => {
      raw.push(line);
      lines.push(JSON.parse(line) as LogLine);
    },
  });
  return { logger, lines, text: () => raw.join('') };
}
