import { constantTimeEqual } from './constant-time';
import { sha256Hex } from './digest';

describe('constantTimeEqual', () => {
  it.each([
    ['', '', true],
    ['secret', 'secret', true],
    ['密钥', '密钥', true],
    ['secret', 'Secret', false],
    ['secret', 'secre', false],
    ['secret', 'secret\0', false],
    ['', 'x', false],
    ['x'.repeat(100_000), 'x'.repeat(100_000), true],
    ['x'.repeat(100_000), 'x'.repeat(99_999), false],
  ])('compares texts of any length', (a, b, equal) => {
    expect(constantTimeEqual(a, b)).toBe(equal);
  });
});

describe('sha256Hex', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('agrees with the test vectors of FIPS 180-2: %j', (text, hex) => {
    expect(sha256Hex(text)).toBe(hex);
    expect(sha256Hex(Buffer.from(text))).toBe(hex);
  });
});
