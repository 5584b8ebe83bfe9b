import { joinSorted, matchesHex, md5Hex } from './md5';
import { SourceNumber, type SourceJson, type SourceObject } from './source-json';

/**
 * `sign` of the risk-case API: upper-case hex MD5 of the body's canonical text followed by the access key.
 * Source: risk-cases.md, "Signature"; vectors `risk-md5.json`.
 */

/** A JSON value whose numbers and booleans are given as their source text. Its depth is bounded by its parser. */
export type RiskValue = string | null | readonly RiskValue[] | RiskObject;

/** A JSON object of such values. */
export interface RiskObject {
  readonly [key: string]: RiskValue;
}

/** A parsed body as the rule takes it: numbers and booleans by their source text. */
export function toRiskObject(body: SourceObject): RiskObject {
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, toRiskValue(value)]));
}

function toRiskValue(value: SourceJson): RiskValue {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof SourceNumber) return value.source;
  return isArray(value) ? value.map(toRiskValue) : toRiskObject(value);
}

/** `Array.isArray` does not tell a readonly array from the rest of a union. */
function isArray(value: readonly SourceJson[] | SourceObject): value is readonly SourceJson[] {
  return Array.isArray(value);
}

/**
 * The canonical text: `k=v` joined with `&`, keys sorted, `sign` and whatever comes out empty left out; a nested
 * object is its own canonical text, an array its elements' texts joined with `&`.
 */
export function canonicalRisk(value: RiskValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (isList(value)) {
    return value
      .map(canonicalRisk)
      .filter((text) => text !== '')
      .join('&');
  }
  const fields = Object.entries(value).filter(([key]) => key !== 'sign');
  return joinSorted(fields.map(([key, field]) => [key, canonicalRisk(field)] as const));
}

/** The signature of a body; whether `sign` is in it makes no difference. */
export function signRisk(body: RiskObject, accessKey: string): string {
  return md5Hex(canonicalRisk(body) + accessKey).toUpperCase();
}

/** Whether the body's `sign` fits one of the access keys. */
export function verifyRisk(body: RiskObject, accessKeys: readonly string[]): boolean {
  const { sign } = body;
  return matchesHex(
    typeof sign === 'string' ? sign : undefined,
    accessKeys.map((key) => signRisk(body, key)),
  );
}

function isList(value: RiskValue): value is readonly RiskValue[] {
  return Array.isArray(value);
}
