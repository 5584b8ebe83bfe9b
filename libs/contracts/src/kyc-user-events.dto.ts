import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Min,
  ValidateNested,
} from 'class-validator';
import { INFO_TARGETS, LEVELS, type InfoTarget, type Level } from './kyc-case-events.dto';
import { KycInfoDto } from './kyc-info.dto';
import { HasAnyField, IsEventId, IsText, IsTimestamp, IsUpstreamId } from './rules.decorator';

/** Client statuses: 2 pending, 3 approved, 4 rejected, 5 deleted. */
export const CLIENT_STATUSES = [2, 3, 4, 5] as const;
/** A client status. */
export type ClientStatus = (typeof CLIENT_STATUSES)[number];

/** What a business can subscribe to. */
export const SUBSCRIPTION_EVENTS = ['KYC_STATUS_CHANGED', 'KYC_INFO_CHANGED'] as const;
/** One kind of change that a business can subscribe to. */
export type SubscriptionEvent = (typeof SUBSCRIPTION_EVENTS)[number];

/** What a business does with a subscription. */
export const SUBSCRIPTION_ACTIONS = ['SUBSCRIBE', 'UNSUBSCRIBE'] as const;
/** What a business does with a subscription. */
export type SubscriptionAction = (typeof SUBSCRIPTION_ACTIONS)[number];

/** A business that a status change concerns. */
export class StatusSubscriptionDto {
  /** The business. */
  @IsText({ max: 256 })
  biz_id!: string;

  /** Whether the approved level reaches what the business requires. */
  @IsBoolean()
  is_meet_business!: boolean;
}

/** `kyc.status-changed`: the status or level that is told of a user changed. */
export class StatusChangedDto {
  /** Id of this event, UUIDv7; also that of the callbacks it causes. */
  @IsEventId()
  event_id!: string;

  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;

  /** Number of this change of the user's record, from 1 without gaps. */
  @IsInt()
  @Min(1)
  version!: number;

  /** 2 pending, 3 approved, 4 rejected, 5 deleted. */
  @IsIn(CLIENT_STATUSES)
  spay_kyc_client_status!: ClientStatus;

  /** Level of the case, or of what was deleted. */
  @IsIn(LEVELS)
  spay_kyc_level!: Level;

  /** Text of a rejection, or empty. */
  @IsText({ min: 0, max: 1024 })
  spay_reject_reason!: string;

  /** Keys of a rejection as a JSON array in a text, or empty. */
  @IsText({ min: 0, max: 65_536 })
  spay_reject_reason_key!: string;

  /** Text of a delete, or empty. */
  @IsText({ min: 0, max: 1024 })
  spay_delete_reason!: string;

  /** Keys of a delete as a JSON array in a text, or empty. */
  @IsText({ min: 0, max: 65_536 })
  spay_delete_reason_key!: string;

  /** `ce_time` of the cause in Unix seconds. */
  @IsInt()
  change_status_time!: number;

  /** Whether the user may try again after a rejection, where upstream said so. */
  @IsOptional()
  @IsBoolean()
  retry?: boolean;

  /** The businesses that are subscribed to status changes at that moment. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StatusSubscriptionDto)
  subscriptions!: StatusSubscriptionDto[];
}

/** A business that an info change concerns. */
export class InfoSubscriptionDto {
  /** The business. */
  @IsText({ max: 256 })
  biz_id!: string;
}

/** `kyc.info-changed`: fields of the approved or of the pending data have new values. */
export class InfoChangedDto {
  /** Id of this event, UUIDv7; also that of the callbacks it causes. */
  @IsEventId()
  event_id!: string;

  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;

  /** Number of this change of the user's record, from 1 without gaps. */
  @IsInt()
  @Min(1)
  version!: number;

  /** Which data changed. */
  @IsIn(INFO_TARGETS)
  target!: InfoTarget;

  /** `ce_time` of the cause in Unix seconds. */
  @IsInt()
  change_time!: number;

  /** The new values of the fields that differ; `ic_number` masked. */
  @HasAnyField()
  @ValidateNested()
  @Type(() => KycInfoDto)
  changes!: KycInfoDto;

  /** The businesses that are subscribed to info changes at that moment; none for a pending change. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => InfoSubscriptionDto)
  subscriptions!: InfoSubscriptionDto[];
}

/** `kyc.subscription-changed`: a business subscribed or unsubscribed. */
export class SubscriptionChangedDto {
  /** Id of this event, UUIDv7. */
  @IsEventId()
  event_id!: string;

  /** The business. */
  @IsText({ max: 256 })
  biz_id!: string;

  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;

  /** What the business did. */
  @IsIn(SUBSCRIPTION_ACTIONS)
  action!: SubscriptionAction;

  /** Whether anything is still subscribed to. */
  @IsBoolean()
  subscribed!: boolean;

  /** What is subscribed to now. */
  @IsArray()
  @ArrayUnique({ message: 'must not repeat' })
  @IsIn(SUBSCRIPTION_EVENTS, { each: true })
  events!: SubscriptionEvent[];

  /** When, RFC 3339 UTC. */
  @IsTimestamp()
  changed_at!: string;
}

/** `kyc.seamless-individual-requested`: an eKYC is approved for the first time, the registration may follow. */
export class SeamlessIndividualRequestedDto {
  /** Id of this event, UUIDv7. */
  @IsEventId()
  event_id!: string;

  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;

  /** The case that was approved. */
  @IsUpstreamId()
  case_id!: string;

  /** When we asked for it, RFC 3339 UTC. */
  @IsTimestamp()
  requested_at!: string;
}

/** The contents of `kyc.user-events.v1` by event type. */
export const KYC_USER_EVENT_DTOS = {
  'kyc.status-changed': StatusChangedDto,
  'kyc.info-changed': InfoChangedDto,
  'kyc.subscription-changed': SubscriptionChangedDto,
  'kyc.seamless-individual-requested': SeamlessIndividualRequestedDto,
} as const;

/** The type of an event of `kyc.user-events.v1`. */
export type KycUserEventType = keyof typeof KYC_USER_EVENT_DTOS;
