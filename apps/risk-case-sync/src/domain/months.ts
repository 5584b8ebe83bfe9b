import { formatLocalTime, parseLocalTime, type Instant, type Zone } from './zone-time';
import type { SyncWindow } from './sync-window';

/** A month of the partner's calendar. */
export interface Month {
  /** Its first day, `yyyy-MM-01`. */
  name: string;
  /** The first day that is compared, `yyyy-MM-dd`. */
  firstDay: string;
  /** The last day that is compared, `yyyy-MM-dd`. */
  lastDay: string;
  /** From the first to the last second that is compared. */
  window: SyncWindow;
}

const DAY_MS = 86_400_000;

/**
 * The months from the one that holds `from` to the one that holds `to`, as far as they can be compared: the first begins
 * where cases are copied from, if that is a later day's start, and the last ends with the day before the one of `to`,
 * since cases are still coming in today.
 */
export function comparableMonths(from: Instant, to: Instant, zone: Zone): Month[] {
  const yesterday = boundsOfDay(formatLocalTime(to, zone).slice(0, 10), zone).first - 1_000;
  const firstDay = boundsOfDay(formatLocalTime(from, zone).slice(0, 10), zone);
  const start = firstDay.first >= from ? firstDay.first : firstDay.last + 1;
  const months: Month[] = [];
  const last = formatLocalTime(yesterday, zone).slice(0, 7);
  for (let month = formatLocalTime(start, zone).slice(0, 7); month <= last; month = following(month)) {
    const window = {
      from: Math.max(start, startOf(month, zone)),
      to: Math.min(yesterday, startOf(following(month), zone) - 1_000),
    };
    if (window.from > window.to) continue;
    months.push({
      name: `${month}-01`,
      firstDay: formatLocalTime(window.from, zone).slice(0, 10),
      lastDay: formatLocalTime(window.to, zone).slice(0, 10),
      window,
    });
  }
  return months;
}

function following(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12
    ? `${String(year + 1).padStart(4, '0')}-01`
    : `${String(year).padStart(4, '0')}-${String(number + 1).padStart(2, '0')}`;
}

function startOf(month: string, zone: Zone): Instant {
  return parseLocalTime(`${month}-01 00:00:00`, zone) ?? Number.NaN;
}

/** The first and the last instant of a day of the partner's calendar. */
export function boundsOfDay(day: string, zone: Zone): { first: Instant; last: Instant } {
  const first = parseLocalTime(`${day} 00:00:00`, zone) ?? Number.NaN;
  // A day can have 23 to 25 hours; 36 hours on is within the next one.
  const next = formatLocalTime(first + 1.5 * DAY_MS, zone).slice(0, 10);
  return { first, last: (parseLocalTime(`${next} 00:00:00`, zone) ?? Number.NaN) - 1 };
}
