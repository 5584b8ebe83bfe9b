import type { RiskCaseValue } from '@kyc-relay/contracts';
import { SourceNumber, type SourceJson, type SourceObject } from '@kyc-relay/signing';
import { escapeText } from './escape-text';
import { normaliseAmount } from './normalise-amount';
import { splitPath, type CaseFile } from './normalise-image';
import { isList, isObject } from './write-json';
import { formatInstant, parseLocalTime, type Zone } from './zone-time';

/** A case with one way to say each thing: what changes are found in, and, masked, what is published. */
export type CaseContent = Readonly<Record<string, RiskCaseValue>>;

/** What only a push says of a case (risk-cases.md, Push); absent where no push has. */
export interface PushNotes {
  measure?: string;
  remark?: string;
}

const TIME_FIELDS = new Set(['createTime', 'riskIdentificationTime', 'operatorTime']);
const AMOUNT_FIELDS = new Set(['amount']);
const IMAGES = 'caseImgList';

/**
 * The content of a row: the partner's names, everything empty left out, numbers and booleans as texts, times as RFC 3339,
 * amounts in one notation, images as files. A time or amount that cannot be read stays as it was given.
 *
 * @param row as the partner gave it
 * @param notes added where the row itself has no such field
 */
export function normaliseCase(row: SourceObject, notes: PushNotes, zone: Zone): CaseContent {
  const content = normaliseObject(row, zone);
  const { measure, remark } = notes;
  return {
    ...(measure === undefined ? {} : { measure }),
    ...(remark === undefined ? {} : { remark }),
    ...content,
  };
}

function normaliseObject(object: SourceObject, zone: Zone): Record<string, RiskCaseValue> {
  const content: [string, RiskCaseValue][] = [];
  for (const [name, value] of Object.entries(object)) {
    const normal =
      name === IMAGES && isList(value) ? normaliseImages(value) : normaliseField(name, value, zone);
    if (normal !== undefined) content.push([escapeText(name), normal]);
  }
  // Not by assignment, which would take a field named __proto__ for something else.
  return Object.fromEntries(content);
}

function normaliseField(name: string, value: SourceJson, zone: Zone): RiskCaseValue | undefined {
  if (value === null || value === '') return undefined;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof SourceNumber) return normaliseText(name, value.source, zone);
  if (typeof value === 'string') return normaliseText(name, escapeText(value), zone);
  if (isList(value)) {
    const elements = value.flatMap((element) => normaliseField(name, element, zone) ?? []);
    return elements.length === 0 ? undefined : elements;
  }
  const inner = normaliseObject(value, zone);
  return Object.keys(inner).length === 0 ? undefined : inner;
}

function normaliseText(name: string, text: string, zone: Zone): string {
  if (AMOUNT_FIELDS.has(name)) return normaliseAmount(text);
  if (!TIME_FIELDS.has(name)) return text;
  const instant = parseLocalTime(text.trim(), zone);
  return instant === undefined ? text : formatInstant(instant);
}

/** `[{category, files[]}]`, categories that stand twice put together; what has no file is left out. */
function normaliseImages(images: readonly SourceJson[]): RiskCaseValue | undefined {
  const files = new Map<string, Map<string, CaseFile>>();
  for (const image of images) {
    if (!isObject(image)) continue;
    const { category, path } = image;
    if (typeof path !== 'string') continue;
    const name = typeof category === 'string' ? escapeText(category) : '';
    const ofCategory = files.get(name) ?? new Map<string, CaseFile>();
    for (const file of splitPath(escapeText(path))) ofCategory.set(file.url, file);
    if (ofCategory.size > 0) files.set(name, ofCategory);
  }
  if (files.size === 0) return undefined;
  return [...files].map(([category, byUrl]) => ({
    ...(category === '' ? {} : { category }),
    files: [...byUrl.values()].map(({ url, kind }) => ({ url, kind })),
  }));
}
