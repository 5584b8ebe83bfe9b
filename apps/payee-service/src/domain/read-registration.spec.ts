import { MANDATORY_FIELDS } from './profile';
import { readRegistration } from './read-registration';
import type { Parameters } from './parameters';

const NOW = new Date('2022-11-24T03:00:00Z');

type Given = Record<string, string | null | undefined>;

const PERSON: Given = {
  city: '北京',
  country: '中国',
  countryCode: 'CN',
  customerCode: '1667198337',
  dateOfBirth: '1999-01-01',
  email: '1667198337@grigora.io',
  firstName: '三',
  governmentId: '110101199003074493',
  governmentIdType: 'ID_CARD',
  lastName: '张',
  phone: '1234567890',
  profileType: 'INDIVIDUAL',
  state: '北京',
  street: '长城',
  zip: '100000',
};

const COMPANY: Given = {
  ...PERSON,
  firstName: '白',
  lastName: '李',
  governmentId: '91310115768225450T',
  governmentIdType: 'BUSINESS_REGISTRATION_CERT',
  company: '支付宝',
  profileType: 'BUSINESS',
};

const FOREIGNER: Given = {
  ...PERSON,
  countryCode: 'US',
  firstName: 'Jane',
  lastName: 'Doe',
  governmentIdType: 'PASSPORT',
  governmentId: 'E1234567',
};

/** Undefined stands for a parameter that is not sent. */
function parameters(given: Given): Parameters {
  return new Map(
    Object.entries(given).filter((entry): entry is [string, string | null] => entry[1] !== undefined),
  );
}

/** The code and the fields that a registration is refused with, or `taken`. */
function judge(given: Given): string {
  const read = readRegistration(parameters(given), NOW);
  return read.ok ? 'taken' : `${read.code}: ${read.problems.map(({ field }) => field).join(' ')}`;
}

const missing = (fields: string): string => `payee.parameter-missing: ${fields}`;
const wrong = (fields: string): string => `payee.value-wrong: ${fields}`;
const MISFIT = 'payee.parameters-misfit: governmentIdType profileType';

describe('what a registration must give', () => {
  it.each(MANDATORY_FIELDS)('%s', (field) => {
    expect(judge({ ...PERSON, [field]: undefined })).toBe(missing(field));
  });

  it.each<[string, Given, string]>([
    ['nothing at all', {}, missing(MANDATORY_FIELDS.join(' '))],
    ['a company without its name', { ...COMPANY, company: undefined }, missing('company')],
    ['a person without a company', { ...PERSON, company: undefined }, 'taken'],
    [
      'only what is mandatory',
      { ...PERSON, customerCode: undefined, phone: undefined, country: undefined },
      'taken',
    ],
    ['what is missing, before what is wrong', { ...PERSON, zip: undefined, email: 'x' }, missing('zip')],
  ])('%s', (_, given, expected) => {
    expect(judge(given)).toBe(expected);
  });
});

describe('the values of a registration', () => {
  const long = (length: number): string => 'x'.repeat(length);
  it.each<[Given, string]>([
    [{ zip: long(255), state: long(255), city: long(255), street: long(255), street2: long(255) }, 'taken'],
    [{ phone: long(255), customerCode: long(255), country: long(255), company: long(255) }, 'taken'],
    [{ street: '😀'.repeat(255) }, 'taken'],
    [{ street: '😀'.repeat(256) }, wrong('street')],
    [{ zip: long(256), phone: long(256), company: long(256) }, wrong('phone zip company')],
    [{ street: '  ' }, wrong('street')],
    [{ city: 'a\0b' }, wrong('city')],
    [{ city: 'a\ud800b' }, wrong('city')],
    [{ state: null }, wrong('state')],
    [{ email: 'Someone.Else+x@Example.COM' }, 'taken'],
    [{ email: `${long(64)}@${long(63)}.${long(63)}.${long(58)}.io` }, 'taken'],
    [{ email: `${long(64)}@${long(63)}.${long(63)}.${long(59)}.io` }, wrong('email')],
    [{ email: '[email protected]' }, wrong('email')],
    [{ email: 'a@b' }, wrong('email')],
    [{ email: 'a@@example.com' }, wrong('email')],
    [{ countryCode: 'cn' }, wrong('countryCode')],
    [{ countryCode: 'CHN' }, wrong('countryCode')],
    [{ countryCode: 'XX' }, wrong('countryCode')],
    [{ countryCode: 'EU' }, wrong('countryCode')],
    [{ countryCode: 'UK' }, wrong('countryCode')],
    [{ profileType: 'COMPANY' }, wrong('profileType')],
    [{ profileType: 'individual' }, wrong('profileType')],
    [{ governmentIdType: 'VISA' }, wrong('governmentIdType')],
    [{ governmentIdType: 'toString' }, wrong('governmentIdType')],
    [{ lang: 'en_US' }, 'taken'],
    [{ lang: 'Chinese' }, wrong('lang')],
    [{ dateOfBirth: '1999-02-29' }, wrong('dateOfBirth')],
    [{ dateOfBirth: '01.01.1999' }, wrong('dateOfBirth')],
    [{ dateOfBirth: '1999-01-01T00:00:00Z' }, wrong('dateOfBirth')],
    [{ zip: ' ', email: 'x', dateOfBirth: 'x' }, wrong('dateOfBirth email zip')],
  ])('%j: %s', (change, expected) => {
    expect(judge({ ...PERSON, ...change })).toBe(expected);
  });
});

describe('the age', () => {
  it.each<[string, Given, string]>([
    ['18 years ago today', { dateOfBirth: '2004-11-24' }, 'taken'],
    ['18 years ago tomorrow', { dateOfBirth: '2004-11-25' }, wrong('dateOfBirth')],
    ['never yet', { dateOfBirth: '2999-01-01' }, wrong('dateOfBirth')],
    // At 03:00 UTC it is still yesterday in Hawaii.
    ['of an American', { ...FOREIGNER, dateOfBirth: '2004-11-24' }, wrong('dateOfBirth')],
    ['of an American, a day older', { ...FOREIGNER, dateOfBirth: '2004-11-23' }, 'taken'],
    ['of whoever signs for a company', { ...COMPANY, dateOfBirth: '2010-01-01' }, wrong('dateOfBirth')],
  ])('%s', (_, change, expected) => {
    expect(judge({ ...PERSON, ...change })).toBe(expected);
  });
});

describe('the documents', () => {
  it.each<[string, Given, string]>([
    ['a wrong checksum', { ...PERSON, governmentId: '110101199003074494' }, wrong('governmentId')],
    ['a date that is none', { ...PERSON, governmentId: '110101199013074493' }, wrong('governmentId')],
    ['a Latin name on an ID_CARD', { ...PERSON, firstName: 'San' }, wrong('firstName')],
    ['two Latin names', { ...PERSON, firstName: 'San', lastName: 'Zhang' }, wrong('lastName firstName')],
    ['a name with a dot', { ...PERSON, firstName: '买买提·吐尔逊' }, 'taken'],
    ['a rare character', { ...PERSON, lastName: '𠮷' }, 'taken'],
    ['a dot alone', { ...PERSON, firstName: '·' }, wrong('firstName')],
    ['a space in a name', { ...PERSON, firstName: '三 丰' }, wrong('firstName')],
    ['kana', { ...PERSON, firstName: 'さん' }, wrong('firstName')],
    ['an ID_CARD of who lives abroad', { ...PERSON, countryCode: 'US' }, 'taken'],
    ['a company wrong by one', { ...COMPANY, governmentId: '91310115768225451T' }, wrong('governmentId')],
    ['a company with Latin names', { ...COMPANY, firstName: 'Jack', lastName: 'Ma' }, 'taken'],
    ['a company abroad', { ...COMPANY, countryCode: 'US', governmentId: 'EIN 12-3456789' }, 'taken'],
    ['a passport', FOREIGNER, 'taken'],
    ['a licence', { ...FOREIGNER, governmentIdType: 'DRIVER_LICENSE', governmentId: 'abc12' }, 'taken'],
    ['a passport of 4', { ...FOREIGNER, governmentId: 'E123' }, wrong('governmentId')],
    ['a passport of 21', { ...FOREIGNER, governmentId: 'E12345678901234567890' }, wrong('governmentId')],
    ['a passport with a dash', { ...FOREIGNER, governmentId: 'E123-4567' }, wrong('governmentId')],
    ['a person with a certificate', { ...COMPANY, profileType: 'INDIVIDUAL' }, MISFIT],
    [
      'a person with a certificate, as sent',
      { ...PERSON, governmentIdType: 'BUSINESS_REGISTRATION_CERT' },
      MISFIT,
    ],
    ['a company with an ID_CARD', { ...PERSON, profileType: 'BUSINESS', company: 'x' }, MISFIT],
    ['a company with an ID_CARD, as sent', { ...COMPANY, governmentIdType: 'ID_CARD' }, MISFIT],
    ['a company with a passport', { ...COMPANY, governmentIdType: 'PASSPORT' }, MISFIT],
    [
      'what is wrong, before what does not fit',
      { ...COMPANY, governmentIdType: 'PASSPORT', zip: ' ' },
      wrong('zip'),
    ],
  ])('%s', (_, given, expected) => {
    expect(judge(given)).toBe(expected);
  });

  it.each<[string, Given, string]>([
    ['an ID_CARD', { ...PERSON, governmentId: '11010519491231002x' }, '11010519491231002X'],
    ['a passport, whose letters are its own', { ...FOREIGNER, governmentId: 'x123456' }, 'x123456'],
  ])('keep the lower-case x of %s as it belongs', (_, given, governmentId) => {
    expect(readRegistration(parameters(given), NOW)).toMatchObject({ ok: true, profile: { governmentId } });
  });

  it('never have a value in what is told of them', () => {
    for (const [field, value] of Object.entries({
      ...PERSON,
      governmentId: '110101199003074494',
      email: 'secret',
    })) {
      const read = readRegistration(
        parameters({ ...PERSON, governmentId: '1', [field]: `${value}\0secret` }),
        NOW,
      );
      expect(JSON.stringify(read)).not.toMatch(/secret|110101|1667198337/);
    }
  });
});
