import type { ReceivedFilter, RequestKind } from '../money-plus/received-request';
import type { SignatureVerdict } from '../money-plus/signature-check';
import { ControlProblem } from './control-problem';

const TEXT_FIELDS = ['biz_id', 'shopee_uid', 'event_id', 'behaviour'] as const;
const FLAG_FIELDS = ['success', 'answered_wholly'] as const;
const KINDS: readonly string[] = ['status', 'info', 'redirect-target', 'other'] satisfies RequestKind[];

/** Reads a filter from a query; a bad parameter is a problem that names it. */
export function parseFilter(query: URLSearchParams): ReceivedFilter {
  const filter: ReceivedFilter = {};
  for (const field of TEXT_FIELDS) {
    const value = query.get(field);
    if (value !== null) filter[field] = value;
  }
  for (const field of FLAG_FIELDS) {
    const value = query.get(field);
    if (value !== null) filter[field] = parseFlag(field, value);
  }
  const kind = query.get('kind');
  if (kind !== null) {
    if (!KINDS.includes(kind)) throw new ControlProblem(400, `kind must be one of ${KINDS.join(', ')}`);
    filter.kind = kind as RequestKind;
  }
  const signature = query.get('signature');
  if (signature !== null) filter.signature = signature as SignatureVerdict;
  if (query.has('since')) filter.since = parseCount(query, 'since', 0);
  return filter;
}

/** Reads a whole number from 0 on. */
export function parseCount(query: URLSearchParams, name: string, otherwise: number, most = 1e12): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most) {
    throw new ControlProblem(400, `${name} must be a whole number from 0 to ${most}`);
  }
  return value;
}

/** Reads `true` or `false`. */
export function parseFlag(name: string, text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new ControlProblem(400, `${name} must be true or false`);
  return text === 'true';
}

/** Writes a filter as a query, the other way round. */
export function filterQuery(filter: ReceivedFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter) as [string, string | number | boolean][]) {
    query.set(name, String(value));
  }
  return query;
}
