/** The part of `Intl.Locale` that tells the time zones of a region; a method in newer engines, a property in older ones. */
interface LocaleWithZones {
  getTimeZones?: () => string[] | undefined;
  readonly timeZones?: string[] | undefined;
}

/** Where nobody lives and no zone is kept, the last place on earth counts. */
const LAST_ZONE = 'Etc/GMT+12';
/** China keeps one time by law, though a second zone is in use (payees.md, API). */
const SINGLE_ZONES: Readonly<Record<string, readonly string[]>> = { CN: ['Asia/Shanghai'] };

/** No zone is off by part of a minute, so a day is the same all through one. */
const MINUTE_MS = 60_000;

const calendars = new Map<string, readonly Intl.DateTimeFormat[]>();
const lastDays = new Map<string, { minute: number; day: string }>();

/**
 * The day it is in a country; of several time zones the westernmost counts, which is the one where the day begins last.
 *
 * @param countryCode ISO 3166 alpha-2
 * @param now the instant
 * @returns the day as `yyyy-MM-dd`
 */
export function dayInCountry(countryCode: string, now: Date): string {
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  const known = lastDays.get(countryCode);
  if (known?.minute === minute) return known.day;
  const days = calendarsOf(countryCode).map((calendar) => calendar.format(now));
  const day = days.reduce((last, one) => (one < last ? one : last));
  lastDays.set(countryCode, { minute, day });
  return day;
}

/** The time zones of a country as the engine knows them; the same source that knows their offsets. */
export function zonesOf(countryCode: string): readonly string[] {
  const single = SINGLE_ZONES[countryCode];
  if (single !== undefined) return single;
  const locale = new Intl.Locale(`und-${countryCode}`) as LocaleWithZones;
  const zones = locale.getTimeZones?.() ?? locale.timeZones ?? [];
  return zones.length === 0 ? [LAST_ZONE] : zones;
}

/** Making a calendar costs far more than using it. There are no more than the countries' zones. */
function calendarsOf(countryCode: string): readonly Intl.DateTimeFormat[] {
  let known = calendars.get(countryCode);
  if (known === undefined) {
    known = zonesOf(countryCode).map(
      // Sweden writes its days as ISO 8601 does.
      (timeZone) => new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }),
    );
    calendars.set(countryCode, known);
  }
  return known;
}
