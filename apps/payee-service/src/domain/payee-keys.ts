import type { PayeeField } from '@kyc-relay/contracts';
import { isCustomerNo } from './customer-no';
import { checkField } from './field-rules';
import type { Parameters } from './parameters';
import { emailKeyOf } from './profile';
import { refuse, refuseFields, type PayeeRefusal } from './refusal';

/** The parameters that select a payee. */
export const KEY_NAMES = ['customerNo', 'email', 'customerCode'] as const;
/** A parameter that selects a payee. */
export type KeyName = (typeof KEY_NAMES)[number];

/** The keys that were given, at least one; the email as it is compared. */
export type PayeeKeys = Readonly<Partial<Record<KeyName, string>>>;

/** Reads the keys of retrieve, update and delete. */
export function readKeys(
  parameters: Parameters,
): { readonly ok: true; readonly keys: PayeeKeys } | PayeeRefusal {
  const given = KEY_NAMES.filter((name) => parameters.has(name));
  if (given.length === 0)
    return refuseFields('payee.parameter-missing', [KEY_NAMES.join(' or ')], 'is missing');
  const keys: Partial<Record<KeyName, string>> = {};
  const problems = [];
  for (const name of given) {
    const value = parameters.get(name) ?? null;
    const message =
      name === 'customerNo' ? checkCustomerNo(value) : checkField(name satisfies PayeeField, value);
    if (message !== null) problems.push({ field: name, message });
    else if (value !== null) keys[name] = name === 'email' ? emailKeyOf(value) : value;
  }
  return problems.length > 0 ? refuse('payee.value-wrong', problems) : { ok: true, keys };
}

/**
 * The one payee that all given keys name.
 *
 * @param found for each key the `customerNo` of the payee it names; a key that names nobody is not there
 */
export function agreeOnPayee(
  keys: PayeeKeys,
  found: ReadonlyMap<KeyName, string>,
): { readonly ok: true; readonly customerNo: string } | PayeeRefusal {
  const given = KEY_NAMES.filter((name) => keys[name] !== undefined);
  const unknown = given.filter((name) => !found.has(name));
  if (unknown.length > 0) return refuseFields('payee.key-unknown', unknown, 'names no payee');
  const [customerNo, ...others] = new Set(found.values());
  if (customerNo === undefined || others.length > 0)
    return refuseFields('payee.parameters-misfit', given, 'name different payees');
  return { ok: true, customerNo };
}

function checkCustomerNo(value: string | null): string | null {
  return value !== null && isCustomerNo(value) ? null : 'must be 22 digits';
}
