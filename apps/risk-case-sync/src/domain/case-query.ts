import { isSafeText } from '@kyc-relay/contracts';
import { SourceNumber, type SourceJson, type SourceObject } from '@kyc-relay/signing';
import { parseLocalTime, type Instant, type Zone } from './zone-time';

/** What a client asks of our copy: the partner's query (risk-cases.md, Serve). Lists that are empty filter nothing. */
export interface CaseQuery {
  agent: string;
  flowNos: string[];
  mercNums: string[];
  statuses: string[];
  /** Included; undefined: no bound. */
  from: Instant | undefined;
  /** Included; undefined: no bound. */
  to: Instant | undefined;
  /** The number of the page, from 1. */
  page: number;
  pageSize: number;
}

/** The query, or which field is wrong and how. */
export type ReadCaseQuery = { ok: true; query: CaseQuery } | { ok: false; field: string; message: string };

/** Most rows a page. */
export const MOST_ROWS = 100;
/** Most items of a comma list, and their longest; the partner's have some 30 characters. */
const MOST_ITEMS = 100;
const LONGEST_ITEM = 128;
const WHOLE_NUMBER = /^\d{1,9}$/;

/** Ends the reading at the first wrong field; never leaves this file. */
class WrongField extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads a query whose signature is verified. Numbers may be given as texts; null and empty filter nothing.
 *
 * @param zoneOf the zone of an agent's times; undefined for an agent that the client may not see
 */
export function readCaseQuery(
  body: SourceObject,
  zoneOf: (agent: string) => Zone | undefined,
): ReadCaseQuery {
  try {
    const agent = readText(body, 'firstLevelAgentNum');
    if (agent === '') throw new WrongField('firstLevelAgentNum', 'is missing');
    const zone = zoneOf(agent);
    if (!zone) throw new WrongField('firstLevelAgentNum', 'is no agent that this client may see');
    const query: CaseQuery = {
      agent,
      flowNos: readList(body, 'flowNo'),
      mercNums: readList(body, 'mercNum'),
      statuses: readList(body, 'flowStatus'),
      from: readTime(body, 'createTimeBegin', zone),
      to: readTime(body, 'createTimeEnd', zone),
      page: readNumber(body, 'beginLine', 999_999_999),
      pageSize: readNumber(body, 'pageSize', MOST_ROWS),
    };
    return { ok: true, query };
  } catch (error) {
    if (!(error instanceof WrongField)) throw error;
    return { ok: false, field: error.field, message: error.message };
  }
}

function readText(body: SourceObject, field: string): string {
  const value: SourceJson = body[field] ?? '';
  const text = value instanceof SourceNumber ? value.source : value;
  if (typeof text !== 'string') throw new WrongField(field, 'must be a text');
  if (!isSafeText(text)) throw new WrongField(field, 'must not contain NUL or half of a surrogate pair');
  return text.trim();
}

function readList(body: SourceObject, field: string): string[] {
  const items = readText(body, field)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length > MOST_ITEMS) throw new WrongField(field, `must have at most ${MOST_ITEMS} items`);
  if (items.some((item) => item.length > LONGEST_ITEM))
    throw new WrongField(field, `must have items of at most ${LONGEST_ITEM} characters`);
  return [...new Set(items)];
}

function readTime(body: SourceObject, field: string, zone: Zone): Instant | undefined {
  const text = readText(body, field);
  if (text === '') return undefined;
  const instant = parseLocalTime(text, zone);
  if (instant === undefined) throw new WrongField(field, 'must be a time such as 2023-01-01 00:00:00');
  return instant;
}

function readNumber(body: SourceObject, field: string, most: number): number {
  const text = readText(body, field);
  if (text === '') throw new WrongField(field, 'is missing');
  const number = WHOLE_NUMBER.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) throw new WrongField(field, `must be a whole number from 1 to ${most}`);
  return number;
}
