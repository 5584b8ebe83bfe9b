import { formatInstant, formatLocalTime, localDay, parseLocalTime, wholeSecond, zoneOf } from './zone-time';

const SHANGHAI = zoneOf('Asia/Shanghai');

describe('times of the partner', () => {
  it.each([
    ['2023-04-10 10:15:14', '2023-04-10T02:15:14.000Z'],
    ['2023-02-15 15:00:01.0', '2023-02-15T07:00:01.000Z'],
    ['2023-02-15 15:00:01.123456', '2023-02-15T07:00:01.123Z'],
    ['2023-01-01 00:00:00', '2022-12-31T16:00:00.000Z'],
    ['2024-02-29 23:59:59', '2024-02-29T15:59:59.000Z'],
    ['1969-12-31 23:59:59.5', '1969-12-31T15:59:59.500Z'],
    // China had summer time then.
    ['1988-07-01 12:00:00', '1988-07-01T03:00:00.000Z'],
    ['2000-01-01 00:00:00', '1999-12-31T16:00:00.000Z'],
  ])('%s in Shanghai is %s', (local, utc) => {
    const instant = parseLocalTime(local, SHANGHAI);
    expect(instant).toBe(Date.parse(utc));
    expect(formatInstant(instant!)).toBe(utc);
    expect(formatLocalTime(instant!, SHANGHAI)).toBe(local.slice(0, 19));
    expect(localDay(instant!, SHANGHAI)).toBe(local.slice(0, 10));
  });

  it.each([
    '',
    '2023-04-10',
    '2023-04-10T10:15:14',
    '2023-04-10 10:15',
    '2023-02-30 10:15:14',
    '2023-04-10 24:00:00',
    '2023-13-01 00:00:00',
    '2023-04-10 10:15:14Z',
    ' 2023-04-10 10:15:14',
    '2023-04-10 10:15:14.',
    '23-04-10 10:15:14',
    '２０２３-04-10 10:15:14',
    '0000-01-01 00:00:00',
    '0001-01-01 00:00:00',
  ])('%j is none', (text) => {
    expect(parseLocalTime(text, SHANGHAI)).toBeUndefined();
  });

  it.each(['Asia/Shanghai', 'UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'])(
    'agree with the calendar in %s, over days on which the offset changes',
    (name) => {
      const zone = zoneOf(name);
      const calendar = new Intl.DateTimeFormat('sv-SE', {
        timeZone: name,
        dateStyle: 'short',
        timeStyle: 'medium',
      });
      for (
        let instant = Date.UTC(2023, 9, 25);
        instant < Date.UTC(2023, 10, 12);
        instant += 17 * 60_000 + 7_000
      ) {
        const local = formatLocalTime(instant, zone);
        expect(local).toBe(calendar.format(instant));
        // An hour that comes twice is read as one of the two.
        expect(Math.abs(parseLocalTime(local, zone)! - instant) % 1_800_000).toBe(0);
      }
    },
  );

  it.each([-62_135_596_800_000, -1, 0, 951_782_400_000, 253_402_300_799_999])(
    '%d is written as Date does',
    (instant) => {
      expect(formatInstant(instant)).toBe(new Date(instant).toISOString());
    },
  );

  it('are cut to whole seconds', () => {
    expect([1_999, 2_000, -1].map(wholeSecond)).toEqual([1_000, 2_000, -1_000]);
  });
});
