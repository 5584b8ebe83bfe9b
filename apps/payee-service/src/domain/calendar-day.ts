const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a text is a day of the calendar as `yyyy-MM-dd`, from year 1 on. */
export function isCalendarDay(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = (DAY.exec(text) ?? []).map(Number);
  if (year < 1 || day < 1) return false;
  const isLeapFebruary = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (DAYS_OF_MONTHS[month - 1] ?? 0) + (isLeapFebruary ? 1 : 0);
}

/**
 * Whether somebody has completed that many years.
 *
 * @param dateOfBirth day as `yyyy-MM-dd`; who is born on 29 February grows older on 1 March of years without one
 * @param today day as `yyyy-MM-dd`
 */
export function hasReachedAge(dateOfBirth: string, years: number, today: string): boolean {
  const birthday = String(Number(dateOfBirth.slice(0, 4)) + years).padStart(4, '0') + dateOfBirth.slice(4);
  // Days written this way sort as texts; years beyond 9999 have a digit more and no reader.
  return birthday.length === today.length && birthday <= today;
}
