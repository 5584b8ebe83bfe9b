import type { RiskCaseChangeDto } from '@kyc-relay/contracts';
import { detectChanges, OPENED } from './detect-changes';
import { normaliseCase, type CaseContent, type PushNotes } from './normalise-case';
import { readRaw, type RowReading } from './read-row';
import type { Instant, Zone } from './zone-time';

/** What is kept of a case. */
export interface KeptCase {
  version: number;
  /** When the answer that it is from was asked for. */
  askedAt: Instant;
  /** The row as it was last given. */
  raw: string;
  /** What pushes had said when it was last decided. */
  notes: PushNotes;
}

/** A case as it was read. */
export interface ReadCase {
  reading: RowReading & { kind: 'CASE' };
  askedAt: Instant;
  /** What pushes say now. */
  notes: PushNotes;
}

/**
 * What a reading means for the copy. STALE: it was asked for before what is kept, which therefore stays. SAME: only that
 * it was seen again. REWRITTEN: the row is another, its content is not. OPENED and CHANGED are told.
 */
export type CaseDecision =
  | { kind: 'STALE' }
  | { kind: 'SAME' }
  | { kind: 'REWRITTEN'; content: CaseContent }
  | { kind: 'OPENED' | 'CHANGED'; version: number; changes: RiskCaseChangeDto[]; content: CaseContent };

/** Decides about one row (risk-cases.md, Pull). */
export function decideCase(kept: KeptCase | undefined, read: ReadCase, zone: Zone): CaseDecision {
  const { reading, notes } = read;
  if (kept && read.askedAt < kept.askedAt) return { kind: 'STALE' };
  if (kept && kept.raw === reading.raw && hasSameNotes(kept.notes, notes)) return { kind: 'SAME' };
  const content = normaliseCase(reading.row, notes, zone);
  if (!kept) return { kind: 'OPENED', version: 1, changes: [OPENED], content };
  // Read anew by today's rules, so that a change of the rules is no change of the case.
  const changes = detectChanges(normaliseCase(readRaw(kept.raw), kept.notes, zone), content);
  if (changes.length === 0) return { kind: 'REWRITTEN', content };
  return { kind: 'CHANGED', version: kept.version + 1, changes, content };
}

function hasSameNotes(before: PushNotes, now: PushNotes): boolean {
  return before.measure === now.measure && before.remark === now.remark;
}
