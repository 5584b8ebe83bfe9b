/** How a column travels: bytes as they are, JSON as its text, everything else as text that Postgres casts. */
const BYTES = 'bytea';
const JSON_TYPES: ReadonlySet<string> = new Set(['json', 'jsonb']);

/** The object ids of Postgres's types. */
const OID_OF_BYTES = 17;
const OID_OF_TEXT = 25;

/** One dimension, whether there are nulls, the type, how many elements, the first one's number: 4 bytes each. */
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const LENGTH_OF_NULL = -1;

/**
 * Rows as parameters of a statement, a column each: arrays in Postgres's binary form (ADR 11). As one JSON text they would cost
 * the store twice as much, since it makes a hash table of every object in it.
 */
export class RowSet<Row extends object> {
  /** The columns, as a list of an insert or a select has them. */
  readonly names: string;
  /** How many parameters the rows take. */
  readonly parameters: number;
  private readonly columns: readonly (readonly [name: keyof Row & string, type: string])[];

  /** @param types the columns and their types in Postgres */
  constructor(types: Readonly<Record<keyof Row & string, string>>) {
    this.columns = Object.entries<string>(types) as [keyof Row & string, string][];
    this.names = this.columns.map(([name]) => name).join(', ');
    this.parameters = this.columns.length;
  }

  /**
   * The rows as an item of a FROM list, which needs an alias behind it. Beside the columns there is `ordinality`: the row's
   * place, from 1 on.
   *
   * @param first number of the first of the statement's parameters that {@link pack} makes
   */
  from(first = 1): string {
    const arrays = this.columns.map(([, type], index) => `$${first + index}::${wireType(type)}[]`).join(', ');
    const values = this.columns.map(([name, type]) => (type === wireType(type) ? name : `${name}::${type}`));
    return `(select ${values.join(', ')}, ordinality
      from unnest(${arrays}) with ordinality as packed (${this.names}, ordinality))`;
  }

  /**
   * The rows as parameters. `undefined` is null; a `bytea` may be given as text, which stands for its UTF-8 bytes; of a `json`
   * the value is given.
   */
  pack(rows: readonly Row[]): Buffer[] {
    return this.columns.map(([name, type]) => {
      const isJson = JSON_TYPES.has(type);
      const values = rows.map((row) => (isJson ? jsonOf(row[name]) : textOf(row[name])));
      return packArray(values, type === BYTES ? OID_OF_BYTES : OID_OF_TEXT);
    });
  }
}

/** Texts as one parameter of type `text[]`; cheaper on both sides than the array itself, of which the driver makes a text. */
export function packTexts(values: readonly string[]): Buffer {
  return packArray(values, OID_OF_TEXT);
}

function wireType(type: string): string {
  return type === BYTES ? BYTES : 'text';
}

function jsonOf(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

function textOf(value: unknown): string | Buffer | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value;
  throw new Error('a column was given a value that has no text');
}

function packArray(values: readonly (string | Buffer | null)[], elementOid: number): Buffer {
  let most = HEADER_BYTES;
  for (const value of values) most += LENGTH_BYTES + mostBytesOf(value);
  const packed = Buffer.allocUnsafe(most);
  packed.writeInt32BE(1, 0);
  packed.writeInt32BE(values.includes(null) ? 1 : 0, 4);
  packed.writeInt32BE(elementOid, 8);
  packed.writeInt32BE(values.length, 12);
  packed.writeInt32BE(1, 16);
  let offset = HEADER_BYTES;
  for (const value of values) {
    const start = offset + LENGTH_BYTES;
    const length = value === null ? LENGTH_OF_NULL : write(packed, value, start);
    packed.writeInt32BE(length, offset);
    offset = start + Math.max(0, length);
  }
  return packed.subarray(0, offset);
}

/** A text's bytes are not counted, since writing them tells how many there are: three for each UTF-16 unit is the most. */
function mostBytesOf(value: string | Buffer | null): number {
  if (value === null) return 0;
  return typeof value === 'string' ? value.length * 3 : value.length;
}

function write(packed: Buffer, value: string | Buffer, start: number): number {
  return typeof value === 'string' ? packed.write(value, start, 'utf8') : value.copy(packed, start);
}
