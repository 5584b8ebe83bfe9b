import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isAddressRange } from '../address-range';

/** One or two values, so that a secret can be changed without a gap: the first signs, all verify. */
export type Secrets = readonly [string, ...string[]];

const MAX_SECRET_LENGTH = 1024;

/** A list of secrets: one or two texts that are not blank. */
export function IsSecrets(): PropertyDecorator {
  return rule(
    'isSecrets',
    `must be a list of one or two texts that are not blank, of at most ${MAX_SECRET_LENGTH} characters`,
    (value) => Array.isArray(value) && value.length >= 1 && value.length <= 2 && value.every(isSecret),
  );
}

/** An absolute http or https URL. Credentials would end up in logs, a fragment is never sent. */
export function IsHttpUrl(): PropertyDecorator {
  return rule('isHttpUrl', 'must be an http or https URL without user, password and fragment', (value) => {
    if (typeof value !== 'string' || value !== value.trim() || !URL.canParse(value)) return false;
    const url = new URL(value);
    return ['http:', 'https:'].includes(url.protocol) && url.username + url.password + url.hash === '';
  });
}

/** A whole number, both limits included. */
export function IsWholeNumber(min: number, max: number): PropertyDecorator {
  return rule(
    'isWholeNumber',
    `must be a whole number from ${min} to ${max}`,
    (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  );
}

/** A number of requests per second; 0 means without limit, unless it must be positive. */
export function IsRate(options: { positive?: boolean } = {}): PropertyDecorator {
  const { positive = false } = options;
  return rule(
    'isRate',
    positive ? 'must be a number above 0, at most 100000' : 'must be a number from 0 (no limit) to 100000',
    (value) => typeof value === 'number' && (positive ? value > 0 : value >= 0) && value <= 100_000,
  );
}

/** An IP address, or a range of them such as `10.0.0.0/8` or `2001:db8::/32`. */
export function IsAddressRange(options?: ValidationOptions): PropertyDecorator {
  return rule(
    'isAddressRange',
    'must be an IP address or a range such as 10.0.0.0/8',
    (value) => typeof value === 'string' && isAddressRange(value),
    options,
  );
}

/** A time zone's name, such as `Asia/Shanghai`. */
export function IsTimeZone(): PropertyDecorator {
  return rule('isTimeZone', 'must be the name of a time zone such as Asia/Shanghai', (value) => {
    if (typeof value !== 'string') return false;
    try {
      return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
    } catch {
      return false;
    }
  });
}

/** A date and time without zone, `yyyy-MM-dd HH:mm:ss`. */
export function IsLocalTime(): PropertyDecorator {
  return rule('isLocalTime', 'must be a date and time such as 2023-01-01 00:00:00', (value) => {
    if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value)) return false;
    // Only a date that exists comes back as it was written: Date takes February 30 for March 2.
    const date = new Date(`${value.replace(' ', 'T')}Z`);
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value.replace(' ', 'T'));
  });
}

function rule(
  name: string,
  message: string,
  validate: (value: unknown) => boolean,
  options?: ValidationOptions,
): PropertyDecorator {
  return ValidateBy({ name, validator: { validate, defaultMessage: () => message } }, options);
}

function isSecret(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.length <= MAX_SECRET_LENGTH;
}
