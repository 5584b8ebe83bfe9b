import { PAYEE_FIELDS, type PayeeField, type PayeeStatus } from '@kyc-relay/contracts';
import { applied, type AppliedChange } from './decision';
import { checkDocuments, withNormalGovernmentId } from './document-rules';
import { describeChanges } from './history-entry';
import type { Payee } from './payee';
import type { PayeeProfile } from './profile';
import { refuseFields, type PayeeRefusal } from './refusal';

/** The fields that an update may change; the keys select and never change. */
export const CHANGEABLE_FIELDS = PAYEE_FIELDS.filter(
  (field) => field !== 'email' && field !== 'customerCode',
);

/** Once activated, and after, a payee is not updated (payees.md, API). */
const FIXED: readonly PayeeStatus[] = ['Activated', 'Deactivated'];

/** An update that leaves everything as it is. */
export interface Unchanged {
  readonly kind: 'UNCHANGED';
}

/**
 * Decides an update.
 *
 * @param fields what is given, each valid in itself
 * @param storeNo the store that updates
 */
export function decideUpdate(
  payee: Payee,
  fields: Readonly<Partial<Record<PayeeField, string>>>,
  context: { readonly storeNo: string; readonly now: Date },
): AppliedChange | Unchanged | PayeeRefusal {
  if (FIXED.includes(payee.status))
    return refuseFields('payee.status-forbids', ['payeeStatus'], `is ${payee.status}: no update is allowed`);
  const merged: PayeeProfile = withNormalGovernmentId({ ...payee.profile, ...fields });
  const refusal = checkDocuments(merged, new Set(Object.keys(fields) as PayeeField[]), context.now);
  if (refusal !== null) return refusal;
  const changes = describeChanges(payee.profile, merged);
  if (changes.length === 0) return { kind: 'UNCHANGED' };
  const updated: Payee = { ...payee, version: payee.version + 1, profile: merged, updatedAt: context.now };
  return applied('UPDATED', updated, { source: 'PARTNER', by: context.storeNo, at: context.now }, changes);
}
