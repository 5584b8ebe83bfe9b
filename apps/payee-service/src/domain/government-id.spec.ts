import { checkResidentIdentityNumber } from './resident-identity-number';
import { checkUnifiedSocialCreditCode } from './unified-social-credit-code';

const FORM_OF_NUMBER = 'must have 17 digits and a check character';
const FORM_OF_CODE = 'must have 18 digits or capital letters, without I, O, S, V and Z';
const DATE = 'must hold a date that exists';
const CHECKSUM = 'has a wrong checksum';

describe('a resident identity number', () => {
  // The first two are the source's, the third and fourth stand in GB 11643-1999.
  it.each(['110101199003074493', '110101199003079139', '11010519491231002X', '440524188001010014'])(
    '%s is right',
    (number) => {
      expect(checkResidentIdentityNumber(number)).toBeNull();
    },
  );

  it.each([
    ['110101199003074494', CHECKSUM],
    ['110101199003074439', CHECKSUM],
    ['110101199003074403', CHECKSUM],
    ['110105194912310021', CHECKSUM],
    ['110101199013074493', DATE],
    ['110101199002304493', DATE],
    ['110101000003074493', DATE],
    ['11010519491231002x', FORM_OF_NUMBER],
    ['11010119900307449', FORM_OF_NUMBER],
    ['1101011990030744931', FORM_OF_NUMBER],
    ['11010119900307449A', FORM_OF_NUMBER],
    ['X10101199003074493', FORM_OF_NUMBER],
    ['１１０１０１１９９００３０７４４９３', FORM_OF_NUMBER],
    ['', FORM_OF_NUMBER],
  ])('%s is wrong: %s', (number, broken) => {
    expect(checkResidentIdentityNumber(number)).toBe(broken);
  });

  it('has its checksum broken by any one wrong digit and any two swapped neighbours', () => {
    const right = '110101199003074493';
    for (let index = 0; index < 17; index += 1) {
      if (index >= 6 && index < 14) continue;
      for (const digit of '0123456789') {
        const wrong = right.slice(0, index) + digit + right.slice(index + 1);
        if (wrong !== right) expect(checkResidentIdentityNumber(wrong)).toBe(CHECKSUM);
      }
    }
    expect(checkResidentIdentityNumber('110101199003074943')).toBe(CHECKSUM);
  });
});

describe('a unified social credit code', () => {
  // The first is the source's.
  it.each(['91310115768225450T', '91350100M000100Y43', '91110108551385082Q'])('%s is right', (code) => {
    expect(checkUnifiedSocialCreditCode(code)).toBeNull();
  });

  it.each([
    ['913101157682254501', CHECKSUM],
    ['91310115768225451T', CHECKSUM],
    ['19310115768225450T', CHECKSUM],
    ['91310115768225450t', FORM_OF_CODE],
    ['9131011576822545OT', FORM_OF_CODE],
    ['91310115768225450I', FORM_OF_CODE],
    ['91310115768225450', FORM_OF_CODE],
    ['91310115768225450TT', FORM_OF_CODE],
    ['110101199003074493', CHECKSUM],
    ['', FORM_OF_CODE],
  ])('%s is wrong: %s', (code, broken) => {
    expect(checkUnifiedSocialCreditCode(code)).toBe(broken);
  });
});
