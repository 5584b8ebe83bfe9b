import { IsText, MayBeAbsent } from './rules.decorator';

/** Longest value of an info field and of a phone number, in characters. */
export const MAX_INFO_LENGTH = 512;

/**
 * KYC data of a user; each field may be left out, none may be null or empty (kyc-to-money-plus.md, Input). Personal, all of
 * it; `ic_number` is an identity number.
 */
export class KycInfoDto {
  /** Full name. */
  @MayBeAbsent()
  @IsText({ max: MAX_INFO_LENGTH })
  name?: string;

  /** Phone number as upstream writes it. */
  @MayBeAbsent()
  @IsText({ max: MAX_INFO_LENGTH })
  phone?: string;

  /** Gender. */
  @MayBeAbsent()
  @IsText({ max: MAX_INFO_LENGTH })
  gender?: string;

  /** Date of birth as upstream writes it. */
  @MayBeAbsent()
  @IsText({ max: MAX_INFO_LENGTH })
  date_of_birth?: string;

  /** Nationality. */
  @MayBeAbsent()
  @IsText({ max: MAX_INFO_LENGTH })
  nationality?: string;

  /** Residential address. */
  @MayBeAbsent()
  @IsText({ max: MAX_INFO_LENGTH })
  address?: string;

  /** Mailing address. */
  @MayBeAbsent()
  @IsText({ max: MAX_INFO_LENGTH })
  mailing_address?: string;

  /** Code of the industry; receivers have the dictionary. */
  @MayBeAbsent()
  @IsText({ max: MAX_INFO_LENGTH })
  industry_code?: string;

  /** Code of the occupation; receivers have the dictionary. */
  @MayBeAbsent()
  @IsText({ max: MAX_INFO_LENGTH })
  occupation_code?: string;

  /** Kind of the identity document. */
  @MayBeAbsent()
  @IsText({ max: MAX_INFO_LENGTH })
  ic_type?: string;

  /** Number of the identity document; masked wherever we publish it. */
  @MayBeAbsent()
  @IsText({ max: MAX_INFO_LENGTH })
  ic_number?: string;
}

/** The fields of `info`, in the order of the specification. */
export const INFO_FIELDS = [
  'name',
  'phone',
  'gender',
  'date_of_birth',
  'nationality',
  'address',
  'mailing_address',
  'industry_code',
  'occupation_code',
  'ic_type',
  'ic_number',
] as const satisfies readonly (keyof KycInfoDto)[];

/** The name of an info field. */
export type InfoField = (typeof INFO_FIELDS)[number];
