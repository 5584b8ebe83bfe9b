import type { FieldError, PayeeField } from '@kyc-relay/contracts';
import { hasReachedAge } from './calendar-day';
import { dayInCountry } from './country-day';
import type { PayeeProfile } from './profile';
import { refuse, refuseFields, type PayeeRefusal } from './refusal';
import { checkResidentIdentityNumber } from './resident-identity-number';
import { checkUnifiedSocialCreditCode } from './unified-social-credit-code';

const ADULT_YEARS = 18;
const PASSPORT_OR_LICENCE = /^[A-Za-z0-9]{5,20}$/;
const HAN_NAME = /^·*\p{Script=Han}[\p{Script=Han}·]*$/u;

/** A rule about fields that depend on each other. */
interface DocumentRule {
  /** The field that is named when the rule is broken. */
  field: PayeeField;
  /** Besides the field itself, those that the rule looks at: a change of any of them asks for the rule. */
  dependsOn: readonly PayeeField[];
  check: (profile: PayeeProfile, now: Date) => string | null;
}

const VALUE_RULES: readonly DocumentRule[] = [
  {
    field: 'dateOfBirth',
    dependsOn: ['countryCode'],
    check: ({ dateOfBirth, countryCode }, now) =>
      hasReachedAge(dateOfBirth, ADULT_YEARS, dayInCountry(countryCode, now))
        ? null
        : `must be ${ADULT_YEARS} years ago or earlier`,
  },
  {
    field: 'governmentId',
    dependsOn: ['governmentIdType', 'countryCode'],
    check: checkGovernmentId,
  },
  nameRule('lastName'),
  nameRule('firstName'),
];

/**
 * Checks the rules between fields, as far as they concern what is given: a record that was taken under other rules stays
 * as it is where it is not touched.
 *
 * @param profile each field valid in itself
 * @param given the fields that are registered or changed
 * @returns the refusal, or null
 */
export function checkDocuments(
  profile: PayeeProfile,
  given: ReadonlySet<PayeeField>,
  now: Date,
): PayeeRefusal | null {
  const concerns = (...fields: PayeeField[]): boolean => fields.some((field) => given.has(field));
  if (concerns('profileType') && profile.profileType === 'BUSINESS' && profile.company === undefined)
    return refuseFields('payee.parameter-missing', ['company'], 'is missing: a business needs it');

  const isMisfit =
    (profile.profileType === 'BUSINESS') !== (profile.governmentIdType === 'BUSINESS_REGISTRATION_CERT');
  const isMisfitNew = isMisfit && concerns('profileType', 'governmentIdType');
  const problems: FieldError[] = [];
  for (const { field, dependsOn, check } of VALUE_RULES) {
    // What a document of the other profile would have to look like says nothing.
    if (!concerns(field, ...dependsOn) || (isMisfitNew && dependsOn.includes('governmentIdType'))) continue;
    const message = check(profile, now);
    if (message !== null) problems.push({ field, message });
  }
  if (problems.length > 0) return refuse('payee.value-wrong', problems);
  if (isMisfitNew)
    return refuseFields(
      'payee.parameters-misfit',
      ['governmentIdType', 'profileType'],
      'do not fit together',
    );
  return null;
}

/** Numbers are kept with their check character in upper case. */
export function withNormalGovernmentId(profile: PayeeProfile): PayeeProfile {
  const isChinese = profile.governmentIdType === 'ID_CARD' || isCreditCode(profile);
  const governmentId = profile.governmentId.replaceAll('x', 'X');
  return isChinese && governmentId !== profile.governmentId ? { ...profile, governmentId } : profile;
}

function checkGovernmentId(profile: PayeeProfile): string | null {
  const { governmentId, governmentIdType } = profile;
  switch (governmentIdType) {
    case 'ID_CARD':
      return checkResidentIdentityNumber(governmentId);
    case 'BUSINESS_REGISTRATION_CERT':
      return isCreditCode(profile) ? checkUnifiedSocialCreditCode(governmentId) : null;
    default:
      return PASSPORT_OR_LICENCE.test(governmentId) ? null : 'must have 5 to 20 letters or digits';
  }
}

function isCreditCode({ governmentIdType, countryCode }: PayeeProfile): boolean {
  return governmentIdType === 'BUSINESS_REGISTRATION_CERT' && countryCode === 'CN';
}

function nameRule(field: 'lastName' | 'firstName'): DocumentRule {
  return {
    field,
    dependsOn: ['governmentIdType'],
    check: (profile) =>
      profile.governmentIdType !== 'ID_CARD' || HAN_NAME.test(profile[field])
        ? null
        : 'must be in Chinese characters, as on the ID_CARD',
  };
}
