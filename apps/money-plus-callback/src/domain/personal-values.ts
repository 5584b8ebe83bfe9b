import { mask, PERSONAL_FIELDS } from '@kyc-relay/contracts';
import { callbackName } from './callback-body';
import type { TaskKind } from './task';

const NAMES: ReadonlySet<string> = new Set([...PERSONAL_FIELDS].map((field) => callbackName(field)));

/** A single letter, such as a gender's, says nothing where it stands alone, and stands everywhere. */
const SHORTEST = 2;

/** What a callback tells of a person, the longest first; only info callbacks tell anything. */
export function personalValues({ kind, body }: { kind: TaskKind; body: Buffer }): string[] {
  if (kind !== 'INFO') return [];
  return Object.entries(JSON.parse(body.toString('utf8')) as Record<string, unknown>)
    .filter(([name]) => NAMES.has(name))
    .map(([, value]) => value)
    .filter((value): value is string => typeof value === 'string' && value.length >= SHORTEST)
    .sort((one, other) => other.length - one.length);
}

/** A receiver's words without what it repeats of a person, as it is or escaped as in JSON. */
export function maskRepeated(words: string, values: readonly string[]): string {
  let masked = words;
  for (const value of values)
    for (const form of new Set([value, JSON.stringify(value).slice(1, -1), inAscii(value)]))
      masked = masked.replaceAll(form, () => mask(value));
  return masked;
}

function inAscii(value: string): string {
  return JSON.stringify(value)
    .slice(1, -1)
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
