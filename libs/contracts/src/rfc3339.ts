const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/i;

/**
 * Reads an RFC 3339 timestamp: date, time and zone; a fraction beyond milliseconds is cut off. Fields are checked against
 * the calendar (there is no 30 February), a leap second is the first second of the next day as in Unix time. Years
 * 0001 to 9999 in UTC, which is what stores and receivers understand.
 *
 * @param text the timestamp
 * @returns the instant, or null when the text is not one
 */
export function parseTimestamp(text: string): Date | null {
  const match = TIMESTAMP.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6])];
  const [offsetHour, offsetMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return null;

  const instant = new Date(0);
  // setUTCFullYear takes years below 100 as they are; Date.UTC would make them 19xx.
  instant.setUTCFullYear(year, month - 1, day);
  // A day that does not exist rolls over into another month or day.
  if (instant.getUTCMonth() !== month - 1 || instant.getUTCDate() !== day) return null;
  const offsetMs = (match[8] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000;
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const time = instant.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 - offsetMs;
  if (second === 60 && time % 86_400_000 !== 0) return null;

  const result = new Date(time + milliseconds);
  return result.getUTCFullYear() >= 1 && result.getUTCFullYear() <= 9999 ? result : null;
}
