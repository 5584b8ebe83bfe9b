import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { NoncePool } from './nonce-pool';
import {
  associatedData,
  headOf,
  keyIdOf,
  LENGTHS,
  partsOf,
  SealError,
  type SealedParts,
  type SealedPlace,
} from './sealed-format';

/** `DATA_KEYS` cannot be used. The message says which entry and why, never anything of a key. */
export class KeyRingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'KeyRingError';
  }
}

const ID = /^[A-Za-z0-9_-]{1,32}$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The keys that seal identity numbers at rest: AES-256-GCM, the first key seals, all open.
 *
 * Nonces are random, so a key must not seal more than 2^32 values (NIST SP 800-38D, 8.3); rotate long before.
 * Source: platform.md, "Security".
 */
export class KeyRing {
  /** The first bytes of everything that is sealed from now on: a store can tell by them what awaits rotation. */
  readonly head: Buffer;
  private readonly nonces = new NoncePool();

  private constructor(
    /** The id of the key that seals new values. */
    readonly sealingKeyId: string,
    private readonly sealingKey: KeyObject,
    private readonly keys: ReadonlyMap<string, KeyObject>,
  ) {
    this.head = headOf(sealingKeyId);
  }

  /**
   * Reads `id:base64[,id:base64...]`: ids of 1 to 32 letters, digits, `_`, `-`, no two alike; keys of 32 bytes.
   * Throws `KeyRingError`.
   */
  static parse(text: string): KeyRing {
    const keys = new Map<string, KeyObject>();
    for (const [index, entry] of text.split(',').entries()) {
      const { id, key } = parseEntry(entry.trim(), index + 1);
      if (keys.has(id)) throw new KeyRingError(`entry ${index + 1}: its id is used twice`);
      keys.set(id, key);
    }
    const [first] = keys;
    if (!first) throw new KeyRingError('there is no key');
    return new KeyRing(first[0], first[1], keys);
  }

  /** Seals a text (as UTF-8) or bytes for one place; the format is described in `sealed-format.ts`. */
  seal(plain: Buffer | string, place: SealedPlace): Buffer {
    const content = typeof plain === 'string' ? Buffer.from(plain) : plain;
    const start = this.head.length + LENGTHS.nonce;
    const sealed = Buffer.allocUnsafe(start + content.length + LENGTHS.tag);
    const nonce = this.nonces.next();
    sealed.set(this.head);
    sealed.set(nonce, this.head.length);
    const cipher = createCipheriv('aes-256-gcm', this.sealingKey, nonce);
    cipher.setAAD(associatedData(place));
    sealed.set(cipher.update(content), start);
    cipher.final();
    sealed.set(cipher.getAuthTag(), start + content.length);
    return sealed;
  }

  /** The plain bytes of a value sealed for this place; throws `SealError`. */
  open(sealed: Uint8Array, place: SealedPlace): Buffer {
    const parts = partsOf(sealed);
    const key = this.keys.get(parts.keyId);
    if (!key) throw new SealError('seal.unknown-key', 'sealed with a key that is not configured');
    return openParts(parts, key, place);
  }

  /** Whether a value is sealed with another key than the one that seals now; throws `SealError`. */
  needsRotation(sealed: Uint8Array): boolean {
    return keyIdOf(sealed) !== this.sealingKeyId;
  }
}

function parseEntry(entry: string, number: number): { id: string; key: KeyObject } {
  const colon = entry.indexOf(':');
  const id = entry.slice(0, Math.max(colon, 0));
  const encoded = entry.slice(colon + 1);
  if (colon < 0) throw new KeyRingError(`entry ${number}: must have the form id:base64`);
  if (!ID.test(id)) {
    throw new KeyRingError(`entry ${number}: the id must be 1 to 32 letters, digits, "_" or "-"`);
  }
  const key = Buffer.from(BASE64.test(encoded) ? encoded : '', 'base64');
  if (key.length !== LENGTHS.key) {
    throw new KeyRingError(`entry ${number}: the key must be the base64 of ${LENGTHS.key} bytes`);
  }
  return { id, key: createSecretKey(key) };
}

function openParts(parts: SealedParts, key: KeyObject, place: SealedPlace): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, parts.nonce, { authTagLength: LENGTHS.tag });
  decipher.setAAD(associatedData(place));
  decipher.setAuthTag(parts.tag);
  const plain = decipher.update(parts.ciphertext);
  try {
    decipher.final();
  } catch {
    // OpenSSL says only that the tag does not fit; which of the causes it was cannot be known.
    throw new SealError('seal.not-authentic', 'the sealed value is not authentic at this place');
  }
  return plain;
}
