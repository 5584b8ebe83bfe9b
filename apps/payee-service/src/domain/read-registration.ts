import { PAYEE_FIELDS, type FieldError, type PayeeField } from '@kyc-relay/contracts';
import { checkDocuments, withNormalGovernmentId } from './document-rules';
import { checkField } from './field-rules';
import type { Parameters } from './parameters';
import { MANDATORY_FIELDS, type PayeeProfile } from './profile';
import { refuse, refuseFields, type PayeeRefusal } from './refusal';

/** A valid profile, or why there is none. */
export type ReadRegistration = { readonly ok: true; readonly profile: PayeeProfile } | PayeeRefusal;

/** Fields that are valid each in itself, or what is wrong. */
export type ReadFields =
  { readonly ok: true; readonly fields: Partial<Record<PayeeField, string>> } | PayeeRefusal;

/**
 * Reads what a payee is registered with: first what is missing is told, then what is wrong, then what does not fit
 * together (payees.md, Answers).
 */
export function readRegistration(parameters: Parameters, now: Date): ReadRegistration {
  const needed: PayeeField[] = [...MANDATORY_FIELDS];
  if (parameters.get('profileType') === 'BUSINESS') needed.push('company');
  const missing = needed.filter((field) => !parameters.has(field));
  if (missing.length > 0) return refuseFields('payee.parameter-missing', missing, 'is missing');

  const read = readFields(parameters, PAYEE_FIELDS);
  if (!read.ok) return read;
  const profile = withNormalGovernmentId(read.fields as PayeeProfile);
  const refusal = checkDocuments(profile, new Set(PAYEE_FIELDS), now);
  return refusal ?? { ok: true, profile };
}

/** Reads those of the fields that are given. */
export function readFields(parameters: Parameters, names: readonly PayeeField[]): ReadFields {
  const fields: Partial<Record<PayeeField, string>> = {};
  const problems: FieldError[] = [];
  for (const field of names) {
    const value = parameters.get(field);
    if (value === undefined) continue;
    const message = checkField(field, value);
    if (message !== null) problems.push({ field, message });
    else if (value !== null) fields[field] = value;
  }
  return problems.length > 0 ? refuse('payee.value-wrong', problems) : { ok: true, fields };
}
