import { isSafeText, MAX_FLOW_NO_LENGTH } from '@kyc-relay/contracts';
import { SourceNumber, type SourceJson, type SourceObject } from '@kyc-relay/signing';
import { escapeText } from './escape-text';
import type { PushNotes } from './normalise-case';
import { isList, isObject, writeJson } from './write-json';

/** What a push says, as far as it counts: the rest is a hint, which reading back replaces (risk-cases.md, Push). */
export interface PushMessage {
  flowNo: string;
  /** The agent it names; undefined where it names none. */
  agent: string | undefined;
  notes: PushNotes;
}

/** The push, or the first field that is wrong. */
export type ReadPush = { ok: true; push: PushMessage } | { ok: false; field: string; message: string };

/** Reads a push: `flowNo` and `flowStatus` are mandatory, and a case is one number. */
export function readPush(body: SourceObject): ReadPush {
  for (const field of ['flowNo', 'flowStatus', 'firstLevelAgentNum', 'measure', 'remark'])
    if (textOf(body[field]) === undefined) return wrong(field, 'must be a text');
  const flowNo = textOf(body['flowNo']) ?? '';
  if (flowNo.trim() === '') return wrong('flowNo', 'is missing');
  if (flowNo.includes(',')) return wrong('flowNo', 'must be one number, without a comma');
  if (flowNo.length > MAX_FLOW_NO_LENGTH)
    return wrong('flowNo', `must have at most ${MAX_FLOW_NO_LENGTH} characters`);
  if (!isSafeText(flowNo)) return wrong('flowNo', 'must not contain NUL or half of a surrogate pair');
  if (textOf(body['flowStatus'])?.trim() === '') return wrong('flowStatus', 'is missing');
  const agent = textOf(body['firstLevelAgentNum']) ?? '';
  return { ok: true, push: { flowNo, agent: agent === '' ? undefined : agent, notes: readNotes(body) } };
}

/** Whether a push claims to be signed; a `sign` that says nothing is none. */
export function isClaimedSigned({ sign }: SourceObject): boolean {
  return sign !== undefined && sign !== null && sign !== '';
}

/** One text for each content, whatever the order of its keys and whoever signed it: what tells repeats apart. */
export function canonicalPush(body: SourceObject): string {
  const { sign: _, accessid: __, ...content } = body;
  return writeJson(sorted(content));
}

function readNotes(body: SourceObject): PushNotes {
  const measure = textOf(body['measure']) ?? '';
  const remark = textOf(body['remark']) ?? '';
  return {
    ...(measure === '' ? {} : { measure: escapeText(measure) }),
    ...(remark === '' ? {} : { remark: escapeText(remark) }),
  };
}

/** The text of a field, empty where it says nothing; undefined for what is no text. */
function textOf(value: SourceJson | undefined): string | undefined {
  if (value === undefined || value === null) return '';
  if (value instanceof SourceNumber) return value.source;
  return typeof value === 'string' ? value : undefined;
}

function sorted(value: SourceJson): SourceJson {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function wrong(field: string, message: string): ReadPush {
  return { ok: false, field, message };
}
