import { inspect } from 'node:util';
import { KeyRing, KeyRingError } from './key-ring';
import { keyIdOf, SealError, type SealedPlace } from './sealed-format';

const OLD_KEY = Buffer.alloc(32, 1).toString('base64');
const NEW_KEY = Buffer.alloc(32, 2).toString('base64');
const place: SealedPlace = { table: 'kyc.users', column: 'ic_number', row: 'user-1' };

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SealError) return error.code;
    throw error;
  }
  return 'opened';
}

describe('KeyRing.parse', () => {
  const short = Buffer.alloc(31, 7).toString('base64');
  it.each([
    ['', 'entry 1: must have the form id:base64'],
    [NEW_KEY, 'entry 1: must have the form id:base64'],
    [`:${NEW_KEY}`, 'entry 1: the id must be 1 to 32 letters, digits, "_" or "-"'],
    [`a b:${NEW_KEY}`, 'entry 1: the id must be 1 to 32 letters, digits, "_" or "-"'],
    [`${'k'.repeat(33)}:${NEW_KEY}`, 'entry 1: the id must be 1 to 32 letters, digits, "_" or "-"'],
    [`a:${short}`, 'entry 1: the key must be the base64 of 32 bytes'],
    ['a:', 'entry 1: the key must be the base64 of 32 bytes'],
    ['a:not base64 at all, really', 'entry 1: the key must be the base64 of 32 bytes'],
    [`a:${NEW_KEY},`, 'entry 2: must have the form id:base64'],
    [`a:${NEW_KEY},a:${OLD_KEY}`, 'entry 2: its id is used twice'],
  ])('refuses %j and says which entry', (text, message) => {
    expect(() => KeyRing.parse(text)).toThrow(new KeyRingError(message));
  });

  it('takes spaces around entries and keys without padding', () => {
    const ring = KeyRing.parse(` b:${NEW_KEY.replace('=', '')} , a:${OLD_KEY} `);
    expect(ring.sealingKeyId).toBe('b');
  });

  it('shows no key when it is printed', () => {
    const ring = KeyRing.parse(`a:${NEW_KEY}`);
    for (const shown of [inspect(ring, { depth: 9, showHidden: true }), JSON.stringify(ring)]) {
      expect(shown).not.toContain(NEW_KEY);
      expect(shown).not.toContain('02 02 02');
    }
  });
});

describe('KeyRing', () => {
  const ring = KeyRing.parse(`b:${NEW_KEY},a:${OLD_KEY}`);

  it.each([
    ['a text', 'S1234567D'],
    ['no bytes', ''],
    ['text beyond ASCII', '张三 · é 😀'],
    ['64 KiB', 'x'.repeat(65_536)],
  ])('opens what it sealed: %s', (_name, text) => {
    expect(ring.open(ring.seal(text, place), place).toString()).toBe(text);
  });

  it('opens bytes that are no text', () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    expect(ring.open(ring.seal(bytes, place), place)).toEqual(bytes);
  });

  it('opens from memory that holds other bytes around it', () => {
    const sealed = ring.seal('S1234567D', place);
    const row = new Uint8Array(sealed.length + 10);
    row.set(sealed, 5);
    expect(ring.open(row.subarray(5, 5 + sealed.length), place).toString()).toBe('S1234567D');
  });

  it('adds 30 bytes and the id of the key', () => {
    expect(ring.seal('S1234567D', place)).toHaveLength('S1234567D'.length + 30 + 'b'.length);
  });

  it('seals the same content differently each time and shows nothing of it', () => {
    const [one, two] = [ring.seal('S1234567D', place), ring.seal('S1234567D', place)];
    expect(one).not.toEqual(two);
    expect(one.includes('S1234567D')).toBe(false);
  });

  it('never uses a nonce twice', () => {
    const nonces = Array.from({ length: 2000 }, () => ring.seal('', place).toString('hex', 3, 15));
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it.each<[string, SealedPlace]>([
    ['another row', { ...place, row: 'user-2' }],
    ['another column', { ...place, column: 'passport' }],
    ['another table', { ...place, table: 'kyc.cases' }],
    ['a place with shifted limits', { table: 'kyc.users', column: 'ic_number","user-1', row: '' }],
  ])('does not open at %s', (_name, other) => {
    expect(codeOf(() => ring.open(ring.seal('S1234567D', place), other))).toBe('seal.not-authentic');
  });

  it('does not open when any one byte is changed', () => {
    const sealed = ring.seal('S1', place);
    const codes = [...sealed.keys()].map((index) => {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 0x01;
      return codeOf(() => ring.open(changed, place));
    });
    expect(codes.slice(0, 3)).toEqual(['seal.malformed', 'seal.malformed', 'seal.unknown-key']);
    expect(new Set(codes.slice(3))).toEqual(new Set(['seal.not-authentic']));
  });

  it('does not open when it is cut anywhere', () => {
    const sealed = ring.seal('S1', place);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(codeOf(() => ring.open(sealed.subarray(0, length), place))).toMatch(/malformed|not-authentic/);
    }
  });

  it('does not open with another key of the same id', () => {
    const other = KeyRing.parse(`b:${OLD_KEY}`);
    expect(codeOf(() => other.open(ring.seal('S1', place), place))).toBe('seal.not-authentic');
  });

  it('tells nothing of content or keys when it does not open', () => {
    const sealed = ring.seal('S1234567D', place);
    expect(() => KeyRing.parse(`c:${OLD_KEY}`).open(sealed, place)).toThrow(
      new SealError('seal.unknown-key', 'sealed with a key that is not configured'),
    );
    expect(() => ring.open(sealed, { ...place, row: 'x' })).toThrow(
      new SealError('seal.not-authentic', 'the sealed value is not authentic at this place'),
    );
  });

  it('opens what the old key sealed and knows that it awaits rotation', () => {
    const before = KeyRing.parse(`a:${OLD_KEY}`);
    const sealed = before.seal('S1234567D', place);
    expect(keyIdOf(sealed)).toBe('a');
    expect(before.needsRotation(sealed)).toBe(false);
    expect(ring.needsRotation(sealed)).toBe(true);
    const rotated = ring.seal(ring.open(sealed, place), place);
    expect(ring.needsRotation(rotated)).toBe(false);
    expect(KeyRing.parse(`b:${NEW_KEY}`).open(rotated, place).toString()).toBe('S1234567D');
  });

  it('opens a value that was sealed when the format was fixed', () => {
    const sealed = Buffer.from(
      '010161000102030405060708090a0be897a71514cb304ebae16f74b3b92ea0fe5366a0818ffab529',
      'hex',
    );
    expect(ring.open(sealed, place).toString()).toBe('S1234567D');
  });
});
