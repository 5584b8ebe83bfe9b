import type { RiskCaseChangeDto, RiskCaseValue } from '@kyc-relay/contracts';
import { isDeepStrictEqual } from 'node:util';
import { kindOfField, maskValue } from './case-fields';
import type { CaseContent } from './normalise-case';

/** What is told of a case that was not known. */
export const OPENED: RiskCaseChangeDto = { what: 'OPENED', field: null, from: null, to: null };

/** What differs between two contents, one change a field in the order of names, masked; nothing when they are equal. */
export function detectChanges(before: CaseContent, now: CaseContent): RiskCaseChangeDto[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return fields
    .filter((field) => !isDeepStrictEqual(valueOf(before, field), valueOf(now, field)))
    .map((field) => ({
      what: kindOfField(field),
      field,
      from: maskOrNull(field, valueOf(before, field)),
      to: maskOrNull(field, valueOf(now, field)),
    }));
}

function valueOf(content: CaseContent, field: string): RiskCaseValue | undefined {
  return Object.hasOwn(content, field) ? content[field] : undefined;
}

function maskOrNull(field: string, value: RiskCaseValue | undefined): RiskCaseValue | null {
  return value === undefined ? null : maskValue(field, value);
}
