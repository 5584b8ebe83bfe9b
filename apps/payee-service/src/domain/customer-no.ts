const RANDOM_DIGITS = 8;

/** How many random numbers a customer number is made with, each from 0 to this, exclusive. */
export const CUSTOMER_NO_RANDOM_LIMIT = 10 ** RANDOM_DIGITS;

/**
 * Makes a `customerNo`: 22 digits, a 2 as in the source's examples, the milliseconds of now, and random digits. Numbers
 * that grow with time keep the index of a million payees warm at one end; uniqueness is the store's to guarantee.
 *
 * @param nowMs Unix milliseconds
 * @param random a whole number below {@link CUSTOMER_NO_RANDOM_LIMIT}
 */
export function makeCustomerNo(nowMs: number, random: number): string {
  return `2${String(nowMs).padStart(13, '0')}${String(random).padStart(RANDOM_DIGITS, '0')}`;
}

/** Whether a text has the form of a `customerNo`. */
export function isCustomerNo(text: string): boolean {
  return /^\d{22}$/.test(text);
}
