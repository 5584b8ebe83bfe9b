import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsOptional, ValidateNested } from 'class-validator';
import type { TypedCloudEvent } from './cloud-event';
import { KycInfoDto } from './kyc-info.dto';
import { HasAnyField, IsText, IsUpstreamId } from './rules.decorator';

/** KYC levels: 100 partial, 200 full, 300 eKYC. */
export const LEVELS = [100, 200, 300] as const;
/** A KYC level. */
export type Level = (typeof LEVELS)[number];

/** Who decided a case: a rule, or a person of operations. */
export const DECIDERS = ['AUTO', 'OPS'] as const;
/** Who decided a case. */
export type Decider = (typeof DECIDERS)[number];

/** Which data an info change concerns. */
export const INFO_TARGETS = ['APPROVED', 'PENDING'] as const;
/** Which data an info change concerns. */
export type InfoTarget = (typeof INFO_TARGETS)[number];

/** `kyc.case.submitted`: a new case waits for its decision. */
export class CaseSubmittedDto {
  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;

  /** The case; never used again once it is decided. */
  @IsUpstreamId()
  case_id!: string;

  /** The level that the user asks for. */
  @IsIn(LEVELS)
  level!: Level;

  /** Region of the user, such as `MY`; not used. */
  @IsOptional()
  @IsText({ max: 512 })
  region?: string;

  /** The data that an approval makes the approved ones. */
  @IsOptional()
  @ValidateNested()
  @Type(() => KycInfoDto)
  info?: KycInfoDto;
}

/** `kyc.case.approved`: the pending case is approved. */
export class CaseApprovedDto {
  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;

  /** The pending case. */
  @IsUpstreamId()
  case_id!: string;

  /** Who decided. */
  @IsIn(DECIDERS)
  decided_by!: Decider;
}

/** Why something was rejected or deleted; absent, null and empty are the same. */
export class ReasonsDto {
  /** Keys picked from upstream's list, up to 50 of 128 characters. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsText({ max: 128 }, { each: true })
  reason_keys?: string[];

  /** Text written under "others", up to 1,024 characters. */
  @IsOptional()
  @IsText({ min: 0, max: 1024 })
  other_reason?: string;
}

/** `kyc.case.rejected`: the pending case is rejected. */
export class CaseRejectedDto extends ReasonsDto {
  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;

  /** The pending case. */
  @IsUpstreamId()
  case_id!: string;

  /** Who decided. */
  @IsIn(DECIDERS)
  decided_by!: Decider;

  /** Whether the user may try again; passed on in our event. */
  @IsOptional()
  @IsBoolean()
  retry?: boolean;
}

/** `kyc.photo.reuploaded`: a new photo on an approved eKYC waits for its decision. */
export class PhotoReuploadedDto {
  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;

  /** The case that the photo opens. */
  @IsUpstreamId()
  case_id!: string;
}

/** `kyc.record.deleted`: the approval ends. */
export class RecordDeletedDto extends ReasonsDto {
  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;
}

/** `kyc.info.changed`: fields of the approved or of the pending data have new values. */
export class KycInfoChangedDto {
  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;

  /** Which data: the approved ones or those of the pending case. */
  @IsIn(INFO_TARGETS)
  target!: InfoTarget;

  /** The pending case, where upstream names it. */
  @IsOptional()
  @IsUpstreamId()
  case_id?: string;

  /** The new values by field; at least one. */
  @HasAnyField()
  @ValidateNested()
  @Type(() => KycInfoDto)
  changes!: KycInfoDto;
}

/** The contents of `kyc.case-events.v1` by event type. */
export const KYC_CASE_EVENT_DTOS = {
  'kyc.case.submitted': CaseSubmittedDto,
  'kyc.case.approved': CaseApprovedDto,
  'kyc.case.rejected': CaseRejectedDto,
  'kyc.photo.reuploaded': PhotoReuploadedDto,
  'kyc.record.deleted': RecordDeletedDto,
  'kyc.info.changed': KycInfoChangedDto,
} as const;

/** A checked event of `kyc.case-events.v1`. */
export type KycCaseEvent = {
  [K in keyof typeof KYC_CASE_EVENT_DTOS]: TypedCloudEvent<K, InstanceType<(typeof KYC_CASE_EVENT_DTOS)[K]>>;
}[keyof typeof KYC_CASE_EVENT_DTOS];
