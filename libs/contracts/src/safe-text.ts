// With the u flag a surrogate that is part of a pair is read as one character, so the range finds only lone halves.
const UNSAFE = /[\0\ud800-\udfff]/u;

/** How deep a free-form value may be nested; more is an attack, and recursion must end somewhere. */
export const MAX_DEPTH = 32;

/**
 * Says whether a text can be stored and sent on: Postgres takes no NUL, UTF-8 no half of a surrogate pair.
 *
 * @param text any text
 */
export function isSafeText(text: string): boolean {
  return !UNSAFE.test(text);
}

/**
 * Looks for unsafe text in any JSON value, in keys too.
 *
 * @param value any JSON value
 * @param depth how deep the value itself is nested already
 * @returns the rule that is broken, or null
 */
export function findUnsafeText(value: unknown, depth = 0): string | null {
  if (typeof value === 'string') return isSafeText(value) ? null : UNSAFE_TEXT_MESSAGE;
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= MAX_DEPTH) return `must not be nested more than ${MAX_DEPTH} deep`;
  for (const [key, inner] of Object.entries(value)) {
    const broken = isSafeText(key) ? findUnsafeText(inner, depth + 1) : UNSAFE_TEXT_MESSAGE;
    if (broken !== null) return broken;
  }
  return null;
}

/** The message for NUL and lone surrogates. */
export const UNSAFE_TEXT_MESSAGE = 'must not contain NUL or half of a surrogate pair';
