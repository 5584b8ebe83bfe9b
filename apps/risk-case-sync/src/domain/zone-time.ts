import { parseTimestamp } from '@kyc-relay/contracts';

/** A moment as milliseconds since 1970 in UTC. */
export type Instant = number;

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
/** Offsets that are remembered; each is one day of the partner's calendar. */
const MOST_DAYS = 20_000;
/** The years 0001 to 9999. */
const EARLIEST = -62_135_596_800_000;
const LATEST = 253_402_300_799_999;
/** `yyyy-MM-dd HH:mm:ss`, sometimes with a fraction (risk-cases.md, Pull). */
const LOCAL_TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{1,9})?$/;

/** A time zone, with what has been found out about its offsets. */
export interface Zone {
  readonly name: string;
  readonly calendar: Intl.DateTimeFormat;
  /** The offset of a UTC day on which it does not change, by number of the day. */
  readonly offsetOfDay: Map<number, number>;
}

const zones = new Map<string, Zone>();

/** The zone of that name, such as `Asia/Shanghai`; the registry has checked that it exists. */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    const calendar = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    zone = { name, calendar, offsetOfDay: new Map() };
    zones.set(name, zone);
  }
  return zone;
}

/** Reads a partner's local time; undefined for a text that is none, or names a day that does not exist. */
export function parseLocalTime(text: string, zone: Zone): Instant | undefined {
  const match = LOCAL_TIME.exec(text);
  if (!match) return undefined;
  const [, date = '', time = '', fraction = ''] = match;
  const local = parseTimestamp(`${date}T${time}${fraction}Z`)?.getTime();
  if (local === undefined) return undefined;
  // The offset is that of the instant, which the first guess misses by at most an offset.
  const guess = local - offsetAt(local, zone);
  const instant = local - offsetAt(guess, zone);
  // What lies outside in UTC can be neither stored nor told.
  return instant >= EARLIEST && instant <= LATEST ? instant : undefined;
}

/** Writes an instant as the partner's `yyyy-MM-dd HH:mm:ss`; a fraction of a second is cut off. */
export function formatLocalTime(instant: Instant, zone: Zone): string {
  const { date, time } = civil(instant + offsetAt(instant, zone));
  return `${date} ${time}`;
}

/** The day of the partner's calendar, `yyyy-MM-dd`. */
export function localDay(instant: Instant, zone: Zone): string {
  return civil(instant + offsetAt(instant, zone)).date;
}

/** Writes an instant as RFC 3339 in UTC, with milliseconds. */
export function formatInstant(instant: Instant): string {
  const { date, time } = civil(instant);
  const milliseconds = instant - Math.floor(instant / SECOND_MS) * SECOND_MS;
  return `${date}T${time}.${String(milliseconds).padStart(3, '0')}Z`;
}

/** The instant cut to its second. */
export function wholeSecond(instant: Instant): Instant {
  return Math.floor(instant / SECOND_MS) * SECOND_MS;
}

function offsetAt(instant: Instant, zone: Zone): number {
  const day = Math.floor(instant / DAY_MS);
  const known = zone.offsetOfDay.get(day);
  if (known !== undefined) return known;
  const [first, last] = [readOffset(day * DAY_MS, zone), readOffset((day + 1) * DAY_MS - SECOND_MS, zone)];
  if (first !== last) return readOffset(wholeSecond(instant), zone);
  if (zone.offsetOfDay.size >= MOST_DAYS) zone.offsetOfDay.clear();
  zone.offsetOfDay.set(day, first);
  return first;
}

/** Asking the calendar is slow, hence the memory above. */
function readOffset(second: Instant, zone: Zone): number {
  const parts: Record<string, string> = {};
  for (const { type, value } of zone.calendar.formatToParts(second)) parts[type] = value;
  const number = (type: string): number => Number(parts[type] ?? 0);
  const year = parts['era'] === 'BC' ? 1 - number('year') : number('year');
  const days = daysFromCivil(year, number('month'), number('day'));
  const seconds = (number('hour') * 60 + number('minute')) * 60 + number('second');
  return days * DAY_MS + seconds * SECOND_MS - second;
}

/** Days since 1970 of a date of the Gregorian calendar; the year counted from March puts the leap day last. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date and time of the Gregorian calendar, the other way round. */
function civil(instant: Instant): { date: string; time: string } {
  const days = Math.floor(instant / DAY_MS);
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const seconds = Math.floor((instant - days * DAY_MS) / SECOND_MS);
  return {
    date: `${pad(year, 4)}-${pad(month)}-${pad(day)}`,
    time: `${pad(Math.floor(seconds / 3_600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`,
  };
}

function pad(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}
