import { formatLocalTime, parseLocalTime, type Instant, type Zone } from './zone-time';
import type { SyncWindow } from './sync-window';

/** A month of the partner's calendar. */
export interface Month {
  /** Its first day, `yyyy-MM-01`. */
  firstDay: string;
  /** Its last day, `yyyy-MM-dd`. */
  lastDay: string;
  /** Its first to its last second. */
  window: SyncWindow;
}

const DAY_MS = 86_400_000;

/** The months from the one that holds `from` to the one that holds `to`. */
export function monthsBetween(from: Instant, to: Instant, zone: Zone): Month[] {
  const months: Month[] = [];
  const last = formatLocalTime(to, zone).slice(0, 7);
  for (let month = formatLocalTime(from, zone).slice(0, 7); month <= last; month = following(month)) {
    const start = startOf(month, zone);
    const end = startOf(following(month), zone) - 1_000;
    months.push({
      firstDay: `${month}-01`,
      lastDay: formatLocalTime(end, zone).slice(0, 10),
      window: { from: start, to: end },
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
