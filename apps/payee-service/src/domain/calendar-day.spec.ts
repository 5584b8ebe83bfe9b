import { hasReachedAge, isCalendarDay } from './calendar-day';

describe('isCalendarDay', () => {
  it.each(['1999-01-01', '2000-02-29', '2024-02-29', '0001-01-01', '9999-12-31', '2023-04-30'])(
    'takes %s',
    (text) => {
      expect(isCalendarDay(text)).toBe(true);
    },
  );

  it.each([
    '1900-02-29',
    '2023-02-29',
    '2023-02-30',
    '2023-04-31',
    '2023-13-01',
    '2023-00-10',
    '2023-01-00',
    '2023-01-32',
    '0000-01-01',
    '99-01-01',
    '1999-1-1',
    '1999/01/01',
    '1999-01-01T00:00:00Z',
    ' 1999-01-01',
    '١٩٩٩-٠١-٠١',
    '',
  ])('refuses %j', (text) => {
    expect(isCalendarDay(text)).toBe(false);
  });
});

describe('hasReachedAge', () => {
  it.each([
    ['2004-11-24', '2022-11-23', false],
    ['2004-11-24', '2022-11-24', true],
    ['2004-11-24', '2022-11-25', true],
    ['2004-12-01', '2022-11-30', false],
    ['2004-02-29', '2022-02-28', false],
    ['2004-02-29', '2022-03-01', true],
    ['2023-01-01', '2022-11-24', false],
    ['1850-01-01', '2022-11-24', true],
    ['0001-01-01', '2022-11-24', true],
    ['9999-01-01', '2022-11-24', false],
    ['9990-01-01', '2022-11-24', false],
  ])('born on %s is 18 on %s: %j', (dateOfBirth, today, expected) => {
    expect(hasReachedAge(dateOfBirth, 18, today)).toBe(expected);
  });
});
