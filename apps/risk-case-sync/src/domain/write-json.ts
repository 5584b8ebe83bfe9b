import { SourceNumber, type SourceJson, type SourceObject } from '@kyc-relay/signing';

/** Writes a value as JSON again: numbers as they were written, texts escaped so that any can be stored and sent. */
export function writeJson(value: SourceJson): string {
  if (value instanceof SourceNumber) return value.source;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(writeJson).join(',')}]`;
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${writeJson(member)}`);
  return `{${members.join(',')}}`;
}

/** Whether a value is a list; `Array.isArray` does not tell a readonly one from the rest of the union. */
export function isList(value: SourceJson): value is readonly SourceJson[] {
  return Array.isArray(value);
}

/** Whether a value is an object. */
export function isObject(value: SourceJson | undefined): value is SourceObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof SourceNumber)
  );
}
