/**
 * The bytes of a sealed value, version 1:
 *
 * | offset | length | what |
 * | --- | --- | --- |
 * | 0 | 1 | version, 1 |
 * | 1 | 1 | n, the length of the key's id |
 * | 2 | n | the key's id, ASCII |
 * | 2 + n | 12 | nonce, random |
 * | 14 + n | as the plain bytes | AES-256-GCM ciphertext |
 * | last 16 | 16 | authentication tag |
 *
 * The associated data are the UTF-8 of the JSON array `[table, column, row]`, so a value that is copied to
 * another row, column or table does not open there. The key's id comes first and in clear, so that
 * a key can be found, and rows that await rotation recognised, without opening anything.
 */

/** Where a sealed value is stored; it opens only there. */
export interface SealedPlace {
  /** Table with its schema, such as `kyc.users`. */
  table: string;
  /** Column of that table. */
  column: string;
  /** The row's primary key as text. It must never change while the value is sealed. */
  row: string;
}

/**
 * `seal.malformed`: the bytes have not the form above. `seal.unknown-key`: sealed with a key that is not in the
 * ring. `seal.not-authentic`: changed, cut, or sealed for another place or with another key of the same id.
 */
export type SealCode = 'seal.malformed' | 'seal.unknown-key' | 'seal.not-authentic';

/** A sealed value cannot be opened. Carries the code and, where it helps, the key's id; never any content. */
export class SealError extends Error {
  constructor(
    /** What is wrong; stable, fit for a metric's label. */
    readonly code: SealCode,
    message: string,
  ) {
    super(message);
    this.name = 'SealError';
  }
}

const VERSION = 1;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** The lengths that AES-256-GCM is used with here, in bytes. 96-bit nonces are the ones GCM is made for. */
export const LENGTHS = { key: 32, nonce: NONCE_LENGTH, tag: TAG_LENGTH } as const;

/** A sealed value taken apart; the parts are views on the same memory. */
export interface SealedParts {
  keyId: string;
  nonce: Uint8Array;
  ciphertext: Uint8Array;
  tag: Uint8Array;
}

/** What stands before the nonce of everything that the key with this id seals. */
export function headOf(keyId: string): Buffer {
  return Buffer.concat([Buffer.from([VERSION, keyId.length]), Buffer.from(keyId, 'ascii')]);
}

/** The associated data of a place. A JSON array, as no two places have the same text. */
export function associatedData(place: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify([place.table, place.column, place.row]));
}

/** The id of the key that sealed a value; throws `SealError` when the bytes are no sealed value. */
export function keyIdOf(sealed: Uint8Array): string {
  return partsOf(sealed).keyId;
}

/** Takes a sealed value apart; throws `SealError` when the bytes are no sealed value. */
export function partsOf(sealed: Uint8Array): SealedParts {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes[0] !== VERSION) throw new SealError('seal.malformed', 'not a sealed value of version 1');
  const idEnd = 2 + (bytes[1] ?? 0);
  const nonceEnd = idEnd + NONCE_LENGTH;
  const tagStart = bytes.length - TAG_LENGTH;
  if (idEnd === 2 || tagStart < nonceEnd)
    throw new SealError('seal.malformed', 'the sealed value is cut off');
  return {
    keyId: bytes.toString('latin1', 2, idEnd),
    nonce: bytes.subarray(idEnd, nonceEnd),
    ciphertext: bytes.subarray(nonceEnd, tagStart),
    tag: bytes.subarray(tagStart),
  };
}
