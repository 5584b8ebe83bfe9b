import type { CaseFilter } from './case-book';
import { isSignedBy } from './risk-sign';

/** A query as the acquirer takes it. */
export interface AcquirerQuery {
  filter: CaseFilter;
  page: number;
}

/** The query, or the message of `respCode` 99. */
export type ReadQuery = { ok: true; query: AcquirerQuery } | { ok: false; message: string };

/** Rows a page: the documentation allows no other number. */
export const ROWS = 20;
const TIME = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)?$/;

/** Reads and checks a request of the query as the documentation describes it. */
export function readQuery(
  text: string,
  account: { accessid: string; access_keys: readonly string[] },
): ReadQuery {
  let body: Record<string, unknown>;
  try {
    body = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return refuse('body is not JSON');
  }
  if (body['accessid'] !== account.accessid || !isSignedBy(body, account.access_keys))
    return refuse('sign is wrong');
  const field = (name: string): string => (typeof body[name] === 'string' ? body[name] : '');
  const list = (name: string): string[] => field(name).split(',').filter(Boolean);
  const filter: CaseFilter = {
    agent: field('firstLevelAgentNum'),
    flowNos: list('flowNo'),
    mercNums: list('mercNum'),
    statuses: list('flowStatus'),
    from: field('createTimeBegin'),
    to: field('createTimeEnd'),
  };
  if (filter.agent === '') return refuse('firstLevelAgentNum is missing');
  if (filter.flowNos.length > ROWS) return refuse('flowNo names more than 20 cases');
  if (!TIME.test(filter.from)) return refuse('createTimeBegin is no time');
  if (!TIME.test(filter.to)) return refuse('createTimeEnd is no time');
  if (!Number.isInteger(body['beginLine']) || Number(body['beginLine']) < 1)
    return refuse('beginLine must be from 1');
  if (body['pageSize'] !== ROWS) return refuse('pageSize must be 20');
  return { ok: true, query: { filter, page: Number(body['beginLine']) } };
}

function refuse(message: string): ReadQuery {
  return { ok: false, message };
}
