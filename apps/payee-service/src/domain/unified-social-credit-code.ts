/** The characters of the code in the order of their values; I, O, S, V and Z are left out as they read like digits. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const FORM = new RegExp(`^[${ALPHABET}]{18}$`);

/**
 * What is wrong with a unified social credit code (GB 32100-2015): 17 characters and a check character, weighted by the
 * powers of 3, modulo 31.
 *
 * @returns the rule that is broken, or null
 */
export function checkUnifiedSocialCreditCode(code: string): string | null {
  if (!FORM.test(code)) return 'must have 18 digits or capital letters, without I, O, S, V and Z';
  let weight = 1;
  let sum = 0;
  for (const character of code.slice(0, 17)) {
    sum += weight * ALPHABET.indexOf(character);
    weight = (weight * 3) % ALPHABET.length;
  }
  const check = (ALPHABET.length - (sum % ALPHABET.length)) % ALPHABET.length;
  return code[17] === ALPHABET[check] ? null : 'has a wrong checksum';
}
