import { IDENTITY_FIELDS, mask, PERSONAL_FIELDS } from './personal-data';
import { INFO_FIELDS } from './kyc-info.dto';

describe('mask', () => {
  it.each([
    ['', ''],
    ['1', '*'],
    ['12345678', '********'],
    ['123456789', '*****6789'],
    ['900517-14-5678', '**********5678'],
    ['😀😀😀😀😀😀😀😀', '********'],
    ['a😀b😀c😀d😀e', '*****😀d😀e'],
  ])('shows of %j only the last four characters, of eight or fewer none', (text, expected) => {
    expect(mask(text)).toBe(expected);
  });
});

describe('the classes of fields', () => {
  it('count every info field as personal and the number of the document as identity', () => {
    for (const field of INFO_FIELDS) expect(PERSONAL_FIELDS.has(field)).toBe(true);
    expect([...IDENTITY_FIELDS]).toEqual(['ic_number']);
  });
});
