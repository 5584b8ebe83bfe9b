import { isISO31661Alpha2 } from 'class-validator';
import { isCalendarDay } from './calendar-day';
import { dayInCountry, zonesOf } from './country-day';

const CODES = Array.from({ length: 26 * 26 }, (_, index) =>
  String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26)),
).filter((code) => isISO31661Alpha2(code));

describe('the day in a country', () => {
  it.each([
    // China is Asia/Shanghai, though Urumqi is two hours behind.
    ['CN', '2022-11-23T15:59:59Z', '2022-11-23'],
    ['CN', '2022-11-23T16:00:00Z', '2022-11-24'],
    // The westernmost of the United States is Hawaii, ten hours behind all year.
    ['US', '2022-11-24T09:59:59Z', '2022-11-23'],
    ['US', '2022-11-24T10:00:00Z', '2022-11-24'],
    ['US', '2022-07-04T09:59:59Z', '2022-07-03'],
    // Kaliningrad, not Kamchatka.
    ['RU', '2022-11-23T21:59:59Z', '2022-11-23'],
    ['RU', '2022-11-23T22:00:00Z', '2022-11-24'],
    // West of the date line and east of it: the day begins last on Tarawa.
    ['KI', '2022-11-23T11:59:59Z', '2022-11-23'],
    ['KI', '2022-11-23T12:00:00Z', '2022-11-24'],
    // Summer time counts: Lisbon is at UTC+1, the Azores at UTC.
    ['PT', '2022-07-03T23:30:00Z', '2022-07-03'],
    ['PT', '2022-07-04T00:00:00Z', '2022-07-04'],
    ['MY', '2022-11-23T16:00:00Z', '2022-11-24'],
    ['GB', '2022-11-23T23:59:59Z', '2022-11-23'],
    ['IN', '2022-11-23T18:30:00Z', '2022-11-24'],
    // Uninhabited, without a zone of its own.
    ['BV', '2022-11-24T11:59:59Z', '2022-11-23'],
    ['BV', '2022-11-24T12:00:00Z', '2022-11-24'],
  ])('%s at %s is %s', (countryCode, now, day) => {
    expect(dayInCountry(countryCode, new Date(now))).toBe(day);
  });

  it('is known for every country', () => {
    expect(CODES).toHaveLength(249);
    for (const code of CODES) {
      const day = dayInCountry(code, new Date('2022-11-24T12:00:00Z'));
      expect([code, isCalendarDay(day)]).toEqual([code, true]);
    }
  });

  it('comes from zones of the country itself, but where nobody lives', () => {
    expect(CODES.filter((code) => zonesOf(code).includes('Etc/GMT+12'))).toEqual(['BV', 'HM']);
    expect(zonesOf('US')).toEqual(expect.arrayContaining(['America/New_York', 'Pacific/Honolulu']));
    expect(zonesOf('CN')).toEqual(['Asia/Shanghai']);
  });
});
