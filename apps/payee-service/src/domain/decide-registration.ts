import { PAYEE_FIELDS } from '@kyc-relay/contracts';
import { applied, type AppliedChange } from './decision';
import { describeChanges } from './history-entry';
import type { Payee } from './payee';
import { emailKeyOf, languageOf, type PayeeProfile } from './profile';
import { refuseFields, type PayeeRefusal } from './refusal';

/** A registration that is valid in itself. */
export interface Registration {
  readonly merchantNo: string;
  readonly storeNo: string;
  readonly profile: PayeeProfile;
}

/** The payee that a registration makes, where nobody has its email or code yet. */
export function registerPayee(registration: Registration, customerNo: string, now: Date): AppliedChange {
  const { merchantNo, storeNo, profile } = registration;
  const payee: Payee = {
    customerNo,
    merchantNo,
    storeNo,
    version: 1,
    status: 'Unverified',
    statusSince: now,
    profile,
    createdAt: now,
    updatedAt: now,
  };
  return applied(
    'REGISTERED',
    payee,
    { source: 'PARTNER', by: storeNo, at: now },
    describeChanges(null, profile),
  );
}

/**
 * Judges a registration whose email or code is used already: the same content again is the same payee, anything else a
 * conflict.
 *
 * @param existing the merchant's payees with that email or that code, at least one
 */
export function judgeRepeat(
  registration: Registration,
  existing: readonly Payee[],
): { readonly ok: true; readonly payee: Payee } | PayeeRefusal {
  const [payee, ...others] = existing;
  if (payee !== undefined && others.length === 0 && isSameContent(registration, payee))
    return { ok: true, payee };
  const { email, customerCode } = registration.profile;
  const used: string[] = [];
  if (existing.some((one) => emailKeyOf(one.profile.email) === emailKeyOf(email))) used.push('email');
  if (
    existing.some(
      ({ profile }) => profile.customerCode !== undefined && profile.customerCode === customerCode,
    )
  )
    used.push('customerCode');
  return refuseFields('payee.parameters-misfit', used, 'is already used by a payee with other content');
}

/** All fields but the timestamp and the signature count, the store too (payees.md, API). */
function isSameContent({ storeNo, profile }: Registration, payee: Payee): boolean {
  return (
    storeNo === payee.storeNo &&
    PAYEE_FIELDS.every((field) => comparable(profile, field) === comparable(payee.profile, field))
  );
}

function comparable(profile: PayeeProfile, field: (typeof PAYEE_FIELDS)[number]): string | undefined {
  if (field === 'email') return emailKeyOf(profile.email);
  return field === 'lang' ? languageOf(profile) : profile[field];
}
