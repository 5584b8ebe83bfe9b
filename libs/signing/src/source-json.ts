/**
 * JSON as it was written. Two partners sign parameters as the source text of their values, so `1.00` must stay `1.00` and
 * a number of 22 digits whole, which `JSON.parse` loses; and a key that stands twice could be signed as one value and
 * read as the other, so it is refused. Source: payees.md, "Data protection"; risk-cases.md, "Signature".
 */

/** A number as its source text, such as `1.00` or `2000305228294092293550`. */
export class SourceNumber {
  constructor(readonly source: string) {}
}

/** A JSON value whose numbers are kept as source text; objects have no prototype. */
export type SourceJson = string | boolean | null | SourceNumber | readonly SourceJson[] | SourceObject;

/** A JSON object of such values. */
export interface SourceObject {
  readonly [key: string]: SourceJson;
}

/** `syntax`: not JSON. `duplicate-key`: an object has a key twice. `too-deep`: nested more than 32 deep. */
export type SourceJsonRefusal = 'syntax' | 'duplicate-key' | 'too-deep';

/** What a text says, or why it is not taken. */
export type SourceJsonVerdict =
  | {
      ok: true;
      value: SourceJson;
      /** Where the text is an object: each member's value exactly as it stands in the text, quotes and all. */
      sources: ReadonlyMap<string, string>;
    }
  | {
      ok: false;
      reason: SourceJsonRefusal;
      /** The key that stands twice. It comes from the caller and may be anything: show it only where it is known. */
      key?: string;
    };

/** Deeper is an attack, and recursion must end somewhere. */
const MAX_DEPTH = 32;
const WHITE_SPACE = /[\t\n\r ]*/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * Reads a JSON text (RFC 8259) without loss.
 *
 * @param text the text; bytes are to be checked for UTF-8 before
 */
export function parseSourceJson(text: string): SourceJsonVerdict {
  const parser = new SourceParser(text);
  try {
    return { ok: true, value: parser.readWhole(), sources: parser.sources };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ok: false, reason: error.reason, ...(error.key === undefined ? {} : { key: error.key }) };
  }
}

/** Ends the parser from any depth; it never leaves this file. */
class Refused extends Error {
  constructor(
    readonly reason: SourceJsonRefusal,
    readonly key?: string,
  ) {
    super(reason);
  }
}

class SourceParser {
  /** The texts of the outermost object's members. */
  readonly sources = new Map<string, string>();
  private at = 0;

  constructor(private readonly text: string) {}

  readWhole(): SourceJson {
    const value = this.readValue(0);
    this.skipWhiteSpace();
    if (this.at < this.text.length) throw new Refused('syntax');
    return value;
  }

  private readValue(depth: number): SourceJson {
    this.skipWhiteSpace();
    switch (this.text[this.at]) {
      case '{':
        return this.readObject(depth);
      case '[':
        return this.readArray(depth);
      case '"':
        return this.readText();
      default:
        return this.readScalar();
    }
  }

  private readObject(depth: number): SourceObject {
    const members = Object.create(null) as Record<string, SourceJson>;
    this.enter(depth);
    if (this.take('}')) return members;
    do {
      this.skipWhiteSpace();
      const key = this.readText();
      if (key in members) throw new Refused('duplicate-key', key);
      this.expect(':');
      this.skipWhiteSpace();
      const start = this.at;
      members[key] = this.readValue(depth + 1);
      if (depth === 0) this.sources.set(key, this.text.slice(start, this.at));
    } while (this.take(','));
    this.expect('}');
    return members;
  }

  private readArray(depth: number): SourceJson[] {
    const elements: SourceJson[] = [];
    this.enter(depth);
    if (this.take(']')) return elements;
    do elements.push(this.readValue(depth + 1));
    while (this.take(','));
    this.expect(']');
    return elements;
  }

  /** Finds where the text ends; what is inside is left to `JSON.parse`, which knows every escape. */
  private readText(): string {
    if (this.text[this.at] !== '"') throw new Refused('syntax');
    let end = this.at;
    do {
      end = this.text.indexOf('"', end + 1);
      if (end < 0) throw new Refused('syntax');
    } while (this.isEscaped(end));
    const token = this.text.slice(this.at, end + 1);
    this.at = end + 1;
    try {
      return JSON.parse(token) as string;
    } catch {
      throw new Refused('syntax');
    }
  }

  private isEscaped(quote: number): boolean {
    let backslashes = 0;
    while (this.text[quote - 1 - backslashes] === '\\') backslashes += 1;
    return backslashes % 2 === 1;
  }

  private readScalar(): SourceJson {
    SCALAR.lastIndex = this.at;
    const source = SCALAR.exec(this.text)?.[0];
    if (source === undefined) throw new Refused('syntax');
    this.at += source.length;
    if (source === 'null') return null;
    return source === 'true' || source === 'false' ? source === 'true' : new SourceNumber(source);
  }

  private enter(depth: number): void {
    if (depth >= MAX_DEPTH) throw new Refused('too-deep');
    this.at += 1;
  }

  private expect(character: string): void {
    if (!this.take(character)) throw new Refused('syntax');
  }

  private take(character: string): boolean {
    this.skipWhiteSpace();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private skipWhiteSpace(): void {
    WHITE_SPACE.lastIndex = this.at;
    WHITE_SPACE.test(this.text);
    this.at = WHITE_SPACE.lastIndex;
  }
}
