import { IDENTITY_FIELDS, mask } from '@kyc-relay/contracts';
import type { ReviewDetail } from './notification';

/** A number shorter than this would be found in ordinary text, where masking it would hide what it has nothing to do with. */
const MIN_SOUGHT_LENGTH = 6;

/**
 * What masks given identity numbers wherever they stand in a text: a reviewer's comment may quote one.
 *
 * @param numbers in clear
 */
export function maskingOf(numbers: readonly string[]): (text: string) => string {
  const sought = numbers
    .filter((number) => number.length >= MIN_SOUGHT_LENGTH)
    // A number that is part of another must not spoil the other.
    .sort((a, b) => b.length - a.length);
  const shortest = sought.at(-1)?.length ?? Infinity;
  return (text) =>
    text.length < shortest
      ? text
      : sought.reduce((masked, number) => masked.replaceAll(number, mask(number)), text);
}

/** The identity numbers of a `reviewDetail`. */
export function numbersOf(detail: ReviewDetail | undefined): string[] {
  return detail?.persons.map((person) => person.idCardNumber) ?? [];
}

/**
 * A notification as operators may see it: without `sign`, identity numbers masked at any depth and also where they are
 * quoted, all else as the partner sent it.
 *
 * @param message a parsed notification, whose depth is bounded already
 */
export function maskMessage(message: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const numbers: string[] = [];
  collectNumbers(message, numbers);
  const { sign: _, ...shown } = message;
  return maskValue(shown, maskingOf(numbers)) as Record<string, unknown>;
}

/** Whether a field of that name holds an identity number: ours do by contract, an unknown one by what it is called. */
function isIdentityField(name: string): boolean {
  return IDENTITY_FIELDS.has(name) || /id_?card/i.test(name);
}

function collectNumbers(value: unknown, into: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (isIdentityField(name) && isLeaf(inner)) into.push(String(inner));
    else collectNumbers(inner, into);
  }
}

function maskValue(value: unknown, maskQuoted: (text: string) => string): unknown {
  if (typeof value === 'string') return maskQuoted(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => maskValue(inner, maskQuoted));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isIdentityField(name) && isLeaf(inner) ? mask(String(inner)) : maskValue(inner, maskQuoted),
    ]),
  );
}

function isLeaf(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
