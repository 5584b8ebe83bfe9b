import { isUtf8 } from 'node:buffer';
import { PAYEE_FIELDS, type FieldError } from '@kyc-relay/contracts';
import { parseSourceJson, SourceNumber, type PayeeParameters, type SourceJson } from '@kyc-relay/signing';
import type { Parameters } from '../domain/parameters';

/** The body of a partner's request, read but not yet believed. */
export type ReadBody =
  | {
      readonly ok: true;
      /** What is signed: every parameter as its source text, null where it says null. */
      readonly signed: PayeeParameters;
      /** Those that are there, as their texts. */
      readonly parameters: Parameters;
    }
  | { readonly ok: false; readonly problem: FieldError };

/** The parameters that the API knows; no other name is repeated in an answer, as a caller could put anything there. */
const KNOWN: ReadonlySet<string> = new Set([
  ...PAYEE_FIELDS,
  'customerNo',
  'merchantNo',
  'storeNo',
  'timestamp',
  'verifySign',
]);

/** Reads a body: a JSON object in UTF-8 without a key that stands twice. */
export function readPartnerBody(body: Buffer): ReadBody {
  const json = isUtf8(body) ? parseSourceJson(body.toString('utf8')) : undefined;
  if (!json) return unreadable('must be JSON in UTF-8');
  if (!json.ok) {
    if (json.reason !== 'duplicate-key') return unreadable('must be JSON in UTF-8');
    const field = json.key !== undefined && KNOWN.has(json.key) ? json.key : 'a parameter';
    return { ok: false, problem: { field, message: 'is there twice' } };
  }
  if (!isObject(json.value)) return unreadable('must be a JSON object');
  const signed: [string, string | null][] = [];
  const parameters = new Map<string, string | null>();
  for (const [name, value] of Object.entries(json.value)) {
    const text = textOf(value);
    signed.push([name, value === null ? null : (text ?? json.sources.get(name) ?? '')]);
    if (value !== null && text !== '') parameters.set(name, text);
  }
  // Unlike assignment this makes even `__proto__` a property like any other.
  return { ok: true, signed: Object.fromEntries(signed), parameters };
}

function unreadable(message: string): ReadBody {
  return { ok: false, problem: { field: 'body', message } };
}

/** A text, a number as it was written, or null for anything else. */
function textOf(value: SourceJson): string | null {
  if (typeof value === 'string') return value;
  return value instanceof SourceNumber ? value.source : null;
}

function isObject(value: SourceJson): value is Readonly<Record<string, SourceJson>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof SourceNumber)
  );
}
