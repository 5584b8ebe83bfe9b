import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Checked, FieldError } from '@kyc-relay/contracts';
import { WHOLE_FILE } from './parse-registry';

/** A file cannot be used at start. Its message lists every problem, one a line, and holds no value. */
export class RegistryError extends Error {
  constructor(
    readonly file: string,
    readonly errors: readonly FieldError[],
  ) {
    const lines = errors.map(({ field, message }) => `  ${field} ${message}`);
    super([`${file} cannot be used:`, ...lines].join('\n'));
    this.name = 'RegistryError';
  }
}

/** What became of a changed file. */
export type FileReload<T> = { result: 'loaded'; value: T } | { result: 'refused'; errors: FieldError[] };

interface Reading<T> {
  /** Tells contents apart; also those that could not be read. */
  fingerprint: string;
  parse: () => Checked<T>;
}

/**
 * A file that is read again when its content changes. It is read and hashed each time, since a Secret's mount
 * changes by a swapped symbolic link, which file system notifications miss.
 */
export class WatchedFile<T> {
  private constructor(
    /** Path of the file. */
    readonly path: string,
    private readonly parse: (text: string) => Checked<T>,
    private judged: string,
    private seen: string,
  ) {}

  /** Reads the file for the first time; throws `RegistryError`. */
  static async open<T>(
    path: string,
    parse: (text: string) => Checked<T>,
  ): Promise<{ file: WatchedFile<T>; value: T }> {
    const reading = await read(path, parse);
    const checked = reading.parse();
    if (!checked.ok) throw new RegistryError(path, checked.errors);
    const file = new WatchedFile(path, parse, reading.fingerprint, reading.fingerprint);
    return { file, value: checked.value };
  }

  /**
   * Looks at the file and says what became of a change, once for each content; undefined when there is nothing
   * new. A content is judged when it was found twice in a row, so that a file that is just being written is not.
   */
  async check(): Promise<FileReload<T> | undefined> {
    const { fingerprint, parse } = await read(this.path, this.parse);
    const settled = fingerprint === this.seen;
    this.seen = fingerprint;
    if (!settled || fingerprint === this.judged) return undefined;
    this.judged = fingerprint;
    const checked = parse();
    return checked.ok
      ? { result: 'loaded', value: checked.value }
      : { result: 'refused', errors: checked.errors };
  }
}

async function read<T>(path: string, parse: (text: string) => Checked<T>): Promise<Reading<T>> {
  try {
    const bytes = await readFile(path);
    const fingerprint = createHash('sha256').update(bytes).digest('hex');
    return { fingerprint, parse: () => parse(bytes.toString('utf8')) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const errors = [{ field: WHOLE_FILE, message: `cannot be read (${code})` }];
    return { fingerprint: code, parse: () => ({ ok: false, errors }) };
  }
}
