import { applied, type AppliedChange } from './decision';
import type { Payee } from './payee';

/** A delete is right in every status; what stays is the number, the status and when. */
export function deletePayee(
  payee: Payee,
  context: { readonly storeNo: string; readonly now: Date },
): AppliedChange {
  const deleted: Payee = { ...payee, version: payee.version + 1, updatedAt: context.now };
  return applied('DELETED', deleted, { source: 'PARTNER', by: context.storeNo, at: context.now });
}
