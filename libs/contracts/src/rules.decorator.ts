import { Matches, ValidateBy, ValidateIf, type ValidationOptions } from 'class-validator';
import { parseTimestamp } from './rfc3339';

/**
 * A text of `min` to `max` characters. Characters are Unicode code points: class-validator's own `MaxLength` counts no
 * variation selectors, so that a text of any size could pass.
 *
 * @param limits largest and smallest length; the smallest is 1 unless said
 * @param options `each` for the elements of an array
 */
export function IsText(
  limits: { max: number; min?: number },
  options?: ValidationOptions,
): PropertyDecorator {
  const { max, min = 1 } = limits;
  const message = `must be a text of ${min} to ${max} characters`;
  return ValidateBy(
    {
      name: 'isText',
      constraints: [min, max],
      validator: { validate: (value) => hasLength(value, min, max), defaultMessage: () => message },
    },
    options,
  );
}

function hasLength(value: unknown, min: number, max: number): boolean {
  if (typeof value !== 'string') return false;
  // A code point takes one or two units, so only a text between the bounds has to be counted.
  if (value.length <= max && value.length >= 2 * min) return true;
  if (value.length > 2 * max || value.length < min) return false;
  const points = Array.from(value).length;
  return points >= min && points <= max;
}

/** A `shopee_uid` or `case_id`: 1 to 64 of letters, digits, `_`, `-` (kyc-to-money-plus.md, Input). */
export function IsUpstreamId(): PropertyDecorator {
  return Matches(/^[A-Za-z0-9_-]{1,64}$/, { message: 'must be 1 to 64 of letters, digits, _ and -' });
}

/** A UUID of ours, lower or upper case. */
export function IsEventId(): PropertyDecorator {
  return Matches(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { message: 'must be a UUID' });
}

/** An RFC 3339 timestamp with a zone. */
export function IsTimestamp(): PropertyDecorator {
  return ValidateBy({
    name: 'isTimestamp',
    validator: {
      validate: (value) => typeof value === 'string' && parseTimestamp(value) !== null,
      defaultMessage: () => 'must be an RFC 3339 timestamp with a zone',
    },
  });
}

/** A field that may be left out but, unlike with `IsOptional`, not be null. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** An object that has at least one field. */
export function HasAnyField(): PropertyDecorator {
  return ValidateBy({
    name: 'hasAnyField',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'object' && value !== null && Object.keys(value).length > 0,
      defaultMessage: () => 'must be an object with at least one field',
    },
  });
}
