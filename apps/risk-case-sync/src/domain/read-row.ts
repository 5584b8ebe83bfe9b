import { MAX_FLOW_NO_LENGTH } from '@kyc-relay/contracts';
import { parseSourceJson, SourceNumber, type SourceJson, type SourceObject } from '@kyc-relay/signing';
import { escapeText } from './escape-text';
import { isObject, writeJson } from './write-json';
import { localDay, parseLocalTime, type Instant, type Zone } from './zone-time';

/** Why a row is no case; it is kept aside. */
export type OddReason = 'NOT_AN_OBJECT' | 'NO_FLOW_NO' | 'FLOW_NO_TOO_LONG';

/** What a case is found by, as the partner gave it. */
export interface CasePlace {
  /** Empty where the row has none. */
  status: string;
  /** Empty where the row has none. */
  mercNum: string;
  createdAt: Instant;
  /** The day of the partner's calendar, `yyyy-MM-dd`. */
  createdDay: string;
}

/** One row of the partner's answer. */
export type RowReading =
  | {
      kind: 'CASE';
      flowNo: string;
      row: SourceObject;
      /** The row as JSON, as it was given but for white space. */
      raw: string;
      place: CasePlace;
      /** The agent that the row itself names; empty where it names none. */
      agent: string;
      /** Whether the row has NUL or half a surrogate in it, which is escaped in everything but the raw row. */
      escaped: boolean;
    }
  | { kind: 'ODD'; reason: OddReason; raw: string };

/** A case that says nothing usable about when it was created stands last. */
const NO_TIME: Instant = 0;
/** What is longer is no number or status of the partner's, and too long for an index. */
const MAX_PLACE_LENGTH = 64;
/** In JSON text, where NUL and half surrogates can only stand as escapes. */
const MAYBE_UNSAFE = /\\u(?:0000|[dD][89a-fA-F])/;

/** Reads a row; any JSON value gives a reading. */
export function readRow(value: SourceJson, zone: Zone): RowReading {
  const raw = writeJson(value);
  if (!isObject(value)) return { kind: 'ODD', reason: 'NOT_AN_OBJECT', raw };
  const flowNo = readScalar(value['flowNo']);
  if (flowNo.trim() === '') return { kind: 'ODD', reason: 'NO_FLOW_NO', raw };
  if (flowNo.length > MAX_FLOW_NO_LENGTH) return { kind: 'ODD', reason: 'FLOW_NO_TOO_LONG', raw };
  const createdAt = parseLocalTime(readScalar(value['createTime']).trim(), zone) ?? NO_TIME;
  return {
    kind: 'CASE',
    flowNo,
    row: value,
    raw,
    place: {
      status: readIndexed(value['flowStatus']),
      mercNum: readIndexed(value['mercNum']),
      createdAt,
      createdDay: localDay(createdAt, zone),
    },
    agent: readScalar(value['firstLevelAgentNum']),
    escaped: MAYBE_UNSAFE.test(raw),
  };
}

/** Reads a row that was kept. */
export function readRaw(raw: string): SourceObject {
  const parsed = parseSourceJson(raw);
  return parsed.ok && isObject(parsed.value) ? parsed.value : {};
}

function readScalar(value: SourceJson | undefined): string {
  if (value instanceof SourceNumber) return value.source;
  return typeof value === 'string' ? escapeText(value) : '';
}

function readIndexed(value: SourceJson | undefined): string {
  const text = readScalar(value);
  return text.length > MAX_PLACE_LENGTH ? '' : text;
}
