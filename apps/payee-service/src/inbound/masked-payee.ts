import { PAYEE_FIELDS, type PayeeField } from '@kyc-relay/contracts';
import { show } from '../domain/history-entry';
import type { Payee } from '../domain/payee';
import { languageOf } from '../domain/profile';

/** A payee as operators see it: ids and states, and its fields with personal values masked. */
export type MaskedPayee = {
  customerNo: string;
  merchantNo: string;
  storeNo: string;
  payeeStatus: string;
  version: number;
  /** RFC 3339 UTC. */
  createdTime: string;
  updatedTime: string;
} & Partial<Record<PayeeField, string>>;

/** Masks a payee; what was not given is not there. */
export function toMaskedPayee(payee: Payee): MaskedPayee {
  const masked: MaskedPayee = {
    customerNo: payee.customerNo,
    merchantNo: payee.merchantNo,
    storeNo: payee.storeNo,
    payeeStatus: payee.status,
    version: payee.version,
    createdTime: payee.createdAt.toISOString(),
    updatedTime: payee.updatedAt.toISOString(),
  };
  const profile = { ...payee.profile, lang: languageOf(payee.profile) };
  for (const field of PAYEE_FIELDS) {
    const shown = show(field, profile[field]);
    if (shown !== null) masked[field] = shown;
  }
  return masked;
}
