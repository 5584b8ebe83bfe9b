/** How a field is protected: `PERSONAL` is masked in logs, histories and operator answers; `IDENTITY` is sealed at rest too. */
export type DataClass = 'PERSONAL' | 'IDENTITY';

/** The class of every field of our contracts that says something about a person (platform.md, Security). */
export const FIELD_CLASSES: Readonly<Record<string, DataClass>> = {
  name: 'PERSONAL',
  phone: 'PERSONAL',
  previous_phone: 'PERSONAL',
  gender: 'PERSONAL',
  date_of_birth: 'PERSONAL',
  nationality: 'PERSONAL',
  address: 'PERSONAL',
  mailing_address: 'PERSONAL',
  industry_code: 'PERSONAL',
  occupation_code: 'PERSONAL',
  ic_type: 'PERSONAL',
  ic_number: 'IDENTITY',
};

/** Every field that is masked, identity numbers included. */
export const PERSONAL_FIELDS: ReadonlySet<string> = new Set(Object.keys(FIELD_CLASSES));

/** The fields that hold an identity number. */
export const IDENTITY_FIELDS: ReadonlySet<string> = new Set(
  Object.keys(FIELD_CLASSES).filter((field) => FIELD_CLASSES[field] === 'IDENTITY'),
);

const SURROGATE = /[\ud800-\udfff]/;
const SHOWN = 4;
const WHOLLY_MASKED_UP_TO = 8;

/**
 * Masks a value: all but the last four characters become `*`, eight or fewer wholly. Characters are Unicode code points.
 *
 * @param text the value
 */
export function mask(text: string): string {
  // Only where two units make a character do they have to be told apart.
  const characters = SURROGATE.test(text) ? Array.from(text) : text;
  const shown = characters.length <= WHOLLY_MASKED_UP_TO ? 0 : SHOWN;
  const hidden = characters.length - shown;
  const end = characters.slice(hidden);
  return '*'.repeat(hidden) + (typeof end === 'string' ? end : end.join(''));
}
