import { MAX_REVIEW_ID_LENGTH, MAX_REVIEW_TEXT_BYTES } from '@kyc-relay/contracts';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/** An id of the partner's or the institution's: 1 to 32 characters beside the white space around them, which is not part of it. */
export function IsPartnerId(): PropertyDecorator {
  return ValidateBy({
    name: 'isPartnerId',
    validator: {
      validate: isPartnerId,
      defaultMessage: () => `must be a text of 1 to ${MAX_REVIEW_ID_LENGTH} characters, not blank`,
    },
  });
}

/** A text of up to 1 KiB of UTF-8, possibly empty: the lengths of the partner's tables are its promise, no reason to refuse. */
export function IsFreeText(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isFreeText',
      validator: {
        validate: isFreeText,
        defaultMessage: () => `must be a text of at most ${MAX_REVIEW_TEXT_BYTES} bytes`,
      },
    },
    options,
  );
}

function isPartnerId(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const id = value.trim();
  if (id.length <= MAX_REVIEW_ID_LENGTH) return id !== '';
  // A character is at most two units, so only what is not much too long has to be counted.
  return id.length <= 2 * MAX_REVIEW_ID_LENGTH && Array.from(id).length <= MAX_REVIEW_ID_LENGTH;
}

function isFreeText(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  // A unit is at most three bytes.
  return value.length * 3 <= MAX_REVIEW_TEXT_BYTES || Buffer.byteLength(value) <= MAX_REVIEW_TEXT_BYTES;
}
