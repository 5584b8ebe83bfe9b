import { createReadStream, createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { createInterface } from 'node:readline';
import type { Arrival, Ending, ReceivedRequest } from './received-request';

const FLUSH_MS = 50;
const FLUSH_LINES = 500;

/**
 * The receiver's log on disk: JSON lines, appended. A request has a line when it arrived, so that arrivals stand in
 * their order and one that hangs is seen, and a line when it ended; `readJournalFile` puts them together.
 */
export class JournalFile {
  private readonly stream: WriteStream;
  private lines: string[] = [];
  private readonly timer: NodeJS.Timeout;
  private failure: Error | undefined;

  /** Opens the file; `startedAt` in ms since the epoch. */
  constructor(path: string, startedAt: number) {
    this.stream = createWriteStream(path, { flags: 'a' });
    this.stream.on('error', (error) => {
      this.failure = error;
    });
    this.put({ line: 'started', at: startedAt });
    this.timer = setInterval(() => {
      this.flush();
    }, FLUSH_MS);
    this.timer.unref();
  }

  /** Writes an arrival. */
  arrived(index: number, arrival: Arrival): void {
    this.put({ line: 'arrived', index, ...arrival });
  }

  /** Writes an ending. */
  ended(index: number, ending: Ending, endedAt: number): void {
    this.put({ line: 'ended', index, ...ending, ended_at: endedAt });
  }

  /** Writes what is left and closes; rejects when the file could not be written wholly. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.flush();
    if (this.failure !== undefined) throw this.failure;
    this.stream.end();
    await finished(this.stream);
  }

  private put(line: object): void {
    this.lines.push(JSON.stringify(line));
    if (this.lines.length >= FLUSH_LINES) this.flush();
  }

  private flush(): void {
    if (this.lines.length === 0 || this.failure !== undefined) return;
    this.stream.write(`${this.lines.join('\n')}\n`);
    this.lines = [];
  }
}

/** Reads a log file back, in order of arrival. A last line that was cut by a kill is left out. */
export async function readJournalFile(path: string): Promise<ReceivedRequest[]> {
  const merger = new LineMerger();
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    merger.add(line);
  }
  return merger.requests;
}

/** Puts the lines of arrival and ending together. */
export class LineMerger {
  /** Requests so far, in order of arrival; several runs in one file are numbered on. */
  readonly requests: ReceivedRequest[] = [];
  private byIndex = new Map<number, ReceivedRequest>();

  /** Takes the next line of the file. */
  add(line: string): void {
    const entry = parseLine(line);
    if (entry === undefined) return;
    if (entry.line === 'started') {
      this.byIndex = new Map();
    } else if (entry.line === 'arrived') {
      const request: ReceivedRequest & { line?: string } = { ...entry, ...OPEN, index: this.requests.length };
      delete request.line;
      this.byIndex.set(entry.index, request);
      this.requests.push(request);
    } else {
      const request = this.byIndex.get(entry.index);
      if (request === undefined) return;
      const { status, success, answered_wholly, bytes_written, ended_at } = entry;
      Object.assign(request, { status, success, answered_wholly, bytes_written, ended_at });
    }
  }
}

const OPEN = { status: null, success: null, answered_wholly: null, bytes_written: null, ended_at: null };

type Line =
  | { line: 'started'; at: number }
  | ({ line: 'arrived'; index: number } & Arrival)
  | ({ line: 'ended'; index: number; ended_at: number } & Ending);

function parseLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
