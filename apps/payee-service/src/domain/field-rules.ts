import { isEmail, isISO31661Alpha2 } from 'class-validator';
import { isSafeText, UNSAFE_TEXT_MESSAGE, type PayeeField } from '@kyc-relay/contracts';
import { isCalendarDay } from './calendar-day';
import { GOVERNMENT_ID_TYPES, PROFILE_TYPES } from './profile';

const MAX_LENGTH = 255;
const MAX_EMAIL_LENGTH = 254;
const LANGUAGE = /^[a-z]{2}_[A-Z]{2}$/;

/** Says what is wrong with a text that is not empty, or null. */
type Rule = (text: string) => string | null;

const RULES: Partial<Record<PayeeField, Rule>> = {
  dateOfBirth: must(isCalendarDay, 'must be a date that exists, as yyyy-MM-dd'),
  governmentIdType: oneOf(GOVERNMENT_ID_TYPES),
  email: must((text) => isEmail(text), 'must be an email address'),
  // The check itself does not mind lower case.
  countryCode: must(
    (text) => /^[A-Z]{2}$/.test(text) && isISO31661Alpha2(text),
    'must be an ISO 3166 alpha-2 code in upper case',
  ),
  profileType: oneOf(PROFILE_TYPES),
  lang: must((text) => LANGUAGE.test(text), 'must be a language and a country such as zh_CN'),
};

/**
 * What is wrong with the value of one field, whatever stands in the others.
 *
 * @param value a text that is not empty, or null where the parameter was neither a text nor a number
 * @returns the rule that is broken, or null
 */
export function checkField(field: PayeeField, value: string | null): string | null {
  if (value === null) return 'must be a text';
  const max = field === 'email' ? MAX_EMAIL_LENGTH : MAX_LENGTH;
  // Code points; a text has no more of them than units, and counting is dear for a hostile one.
  if (value.length > max && (value.length > 2 * max || Array.from(value).length > max))
    return `must have at most ${max} characters`;
  if (!isSafeText(value)) return UNSAFE_TEXT_MESSAGE;
  if (value.trim() === '') return 'must not be blank';
  return RULES[field]?.(value) ?? null;
}

function must(holds: (text: string) => boolean, message: string): Rule {
  return (text) => (holds(text) ? null : message);
}

function oneOf(words: readonly string[]): Rule {
  return must((text) => words.includes(text), `must be one of ${words.join(', ')}`);
}
