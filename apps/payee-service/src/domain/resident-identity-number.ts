import { isCalendarDay } from './calendar-day';

const FORM = /^\d{17}[\dX]$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/**
 * What is wrong with a resident identity number (GB 11643-1999): 17 digits, of which the 7th to 14th are the day of birth,
 * and a check character, `X` in upper case. The day need not be the registered day of birth: in the source it differs.
 *
 * @returns the rule that is broken, or null
 */
export function checkResidentIdentityNumber(number: string): string | null {
  if (!FORM.test(number)) return 'must have 17 digits and a check character';
  const birth = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!isCalendarDay(birth)) return 'must hold a date that exists';
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0);
  return number[17] === CHECK_CHARACTERS[sum % 11] ? null : 'has a wrong checksum';
}
