import type { DataClass } from './personal-data';

/**
 * The fields that registering a payee sets, by their names on the wire, each with its class (payees.md, API). They also
 * are the names that stand in `changedFields` of `payee.changed`.
 */
export const PAYEE_FIELD_CLASSES = {
  customerCode: 'PERSONAL',
  dateOfBirth: 'PERSONAL',
  governmentId: 'IDENTITY',
  governmentIdType: null,
  lastName: 'PERSONAL',
  firstName: 'PERSONAL',
  email: 'PERSONAL',
  phone: 'PERSONAL',
  zip: 'PERSONAL',
  country: null,
  countryCode: null,
  state: 'PERSONAL',
  city: 'PERSONAL',
  street: 'PERSONAL',
  street2: 'PERSONAL',
  profileType: null,
  company: 'PERSONAL',
  lang: null,
} as const satisfies Readonly<Record<string, DataClass | null>>;

/** A field that registering a payee sets. */
export type PayeeField = keyof typeof PAYEE_FIELD_CLASSES;

/** The fields that registering a payee sets. */
export const PAYEE_FIELDS = Object.keys(PAYEE_FIELD_CLASSES) as readonly PayeeField[];
