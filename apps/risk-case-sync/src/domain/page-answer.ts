import { MAX_DEPTH } from '@kyc-relay/contracts';
import { parseSourceJson, SourceNumber, type SourceJson } from '@kyc-relay/signing';
import { isList, isObject } from './write-json';

/** Why an answer is none: it is to be asked for again. */
export type AnswerFailure = 'INVALID_JSON' | 'WRONG_SHAPE' | 'RESP_99' | 'RESP_UNKNOWN';

/** What the partner answered to a query. */
export type PageAnswer =
  | {
      ok: true;
      rows: readonly SourceJson[];
      /** How many cases match, by the partner's word; null where it says nothing that could be a count. */
      total: number | null;
    }
  | { ok: false; code: AnswerFailure };

const COUNT = /^\d{1,9}$/;

/** Reads an answer of the partner's query (risk-cases.md, Pull). An answer without rows and total has none of them. */
export function readPageAnswer(text: string): PageAnswer {
  const value = parseLeniently(text);
  if (value === undefined) return { ok: false, code: 'INVALID_JSON' };
  if (!isObject(value)) return { ok: false, code: 'WRONG_SHAPE' };
  const code = value['respCode'];
  if (code !== '00') return { ok: false, code: code === '99' ? 'RESP_99' : 'RESP_UNKNOWN' };
  const data = value['respData'];
  if (data === undefined || data === null || data === '') return { ok: true, rows: [], total: 0 };
  if (!isObject(data)) return { ok: false, code: 'WRONG_SHAPE' };
  // Absent, as everywhere in this partner's data, can be an empty text.
  const list = data['list'] === '' ? [] : (data['list'] ?? []);
  if (!isList(list)) return { ok: false, code: 'WRONG_SHAPE' };
  return { ok: true, rows: list, total: readCount(data['totalCount']) ?? (list.length === 0 ? 0 : null) };
}

function readCount(value: SourceJson | undefined): number | undefined {
  const text = value instanceof SourceNumber ? value.source : value;
  return typeof text === 'string' && COUNT.test(text) ? Number(text) : undefined;
}

/** A key that stands twice in one row must not keep the other rows from us: then the last counts, as `JSON.parse` has it. */
function parseLeniently(text: string): SourceJson | undefined {
  const parsed = parseSourceJson(text);
  if (parsed.ok) return parsed.value;
  if (parsed.reason !== 'duplicate-key') return undefined;
  try {
    return toSourceJson(JSON.parse(text), 0);
  } catch {
    return undefined;
  }
}

function toSourceJson(value: unknown, depth: number): SourceJson | undefined {
  if (typeof value === 'number') return new SourceNumber(String(value));
  if (typeof value !== 'object' || value === null) return value as SourceJson;
  if (depth >= MAX_DEPTH) return undefined;
  const inner = Object.entries(value).map(
    ([key, member]) => [key, toSourceJson(member, depth + 1) ?? null] as const,
  );
  return Array.isArray(value) ? inner.map(([, element]) => element) : Object.fromEntries(inner);
}
