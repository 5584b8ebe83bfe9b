import type { PayeeField } from '@kyc-relay/contracts';

/** What a payee is registered with, each field valid and normal; a field that was not given is not there. */
export type PayeeProfile = Readonly<
  Record<MandatoryField, string> & Partial<Record<Exclude<PayeeField, MandatoryField>, string>>
>;

/** The fields that a registration must give (payees.md, API); a business gives its `company` too. */
export const MANDATORY_FIELDS = [
  'dateOfBirth',
  'governmentId',
  'governmentIdType',
  'lastName',
  'firstName',
  'email',
  'zip',
  'countryCode',
  'state',
  'city',
  'street',
  'profileType',
] as const satisfies readonly PayeeField[];

/** A field that a registration must give. */
export type MandatoryField = (typeof MANDATORY_FIELDS)[number];

/** Persons, and companies. */
export const PROFILE_TYPES = ['INDIVIDUAL', 'BUSINESS'] as const;

/** The documents of persons, and that of companies. */
export const GOVERNMENT_ID_TYPES = [
  'ID_CARD',
  'PASSPORT',
  'DRIVER_LICENSE',
  'BUSINESS_REGISTRATION_CERT',
] as const;

/** The language of a payee: the one it was given, or that of its country. */
export function languageOf(profile: Pick<PayeeProfile, 'lang' | 'countryCode'>): string {
  return profile.lang ?? (profile.countryCode === 'CN' ? 'zh_CN' : 'en_US');
}

/** Emails are compared without regard to case; the same text in every locale and database. */
export function emailKeyOf(email: string): string {
  return email.toLowerCase();
}
