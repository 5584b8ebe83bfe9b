import type { DestinationStream } from 'pino';

/**
 * Lets the log lines of one turn of the event loop go out in one write: under load a write costs as much as making a line.
 * Nothing is held back longer than a turn; what the process says last goes out as it exits.
 */
export class LinesOfATurn implements DestinationStream {
  private lines = '';

  constructor(private readonly destination: DestinationStream) {
    process.on('exit', () => {
      this.flushSync();
    });
  }

  write(line: string): void {
    if (this.lines === '')
      setImmediate(() => {
        this.flushSync();
      });
    this.lines += line;
  }

  /** Called by pino after a fatal line, too. */
  flushSync(): void {
    const { lines } = this;
    this.lines = '';
    if (lines !== '') this.destination.write(lines);
  }
}
