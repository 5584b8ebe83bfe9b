import { IsOptional } from 'class-validator';
import type { TypedCloudEvent } from './cloud-event';
import { MAX_INFO_LENGTH } from './kyc-info.dto';
import { IsText, IsUpstreamId } from './rules.decorator';

/** `account.activated`, `account.banned`, `account.unbanned`: the state of the wallet account changed. */
export class AccountStateDto {
  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;
}

/** `account.phone-changed`: the wallet account has another phone number. */
export class PhoneChangedDto {
  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;

  /** The new phone number. */
  @IsText({ max: MAX_INFO_LENGTH })
  phone!: string;

  /** The number before, where upstream says it; not used, the record knows the KYC phone. */
  @IsOptional()
  @IsText({ max: MAX_INFO_LENGTH })
  previous_phone?: string;

  /** Who changed it; kept in the history. */
  @IsText({ max: 512 })
  changed_by!: string;
}

/** The contents of `account.events.v1` by event type. */
export const ACCOUNT_EVENT_DTOS = {
  'account.activated': AccountStateDto,
  'account.banned': AccountStateDto,
  'account.unbanned': AccountStateDto,
  'account.phone-changed': PhoneChangedDto,
} as const;

/** The type that is ekyc-phone-change-consumer's alone. */
export const PHONE_CHANGED = 'account.phone-changed';

/** A checked event about the state of an account. */
export type AccountStateEvent = TypedCloudEvent<
  Exclude<keyof typeof ACCOUNT_EVENT_DTOS, typeof PHONE_CHANGED>,
  AccountStateDto
>;

/** A checked change of a phone number. */
export type PhoneChangedEvent = TypedCloudEvent<typeof PHONE_CHANGED, PhoneChangedDto>;
