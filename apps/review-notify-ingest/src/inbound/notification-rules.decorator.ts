import { MAX_REVIEW_ID_LENGTH, MAX_REVIEW_TEXT_BYTES } from '@kyc-relay/contracts';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/** An id of the partner's or the institution's: 1 to 32 characters beside the white space around them, which is not part of it. */
export function IsPartnerId(): PropertyDecorator {
  return ValidateBy({
    name: 'isPartnerId',
    validator: {
      validate: (value) => {
        const length = typeof value === 'string' ? Array.from(value.trim()).length : 0;
        return length >= 1 && length <= MAX_REVIEW_ID_LENGTH;
      },
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
        validate: (value) => typeof value === 'string' && Buffer.byteLength(value) <= MAX_REVIEW_TEXT_BYTES,
        defaultMessage: () => `must be a text of at most ${MAX_REVIEW_TEXT_BYTES} bytes`,
      },
    },
    options,
  );
}
