import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, Max, Min, ValidateNested } from 'class-validator';
import { IsEventId, IsText, IsTimestamp, MayBeAbsent } from './rules.decorator';

/** The event type of `review.decided.v1`. */
export const REVIEW_DECIDED = 'review.decided';

/** What is reviewed: the KYB of a sub-merchant, or a store. */
export const REVIEW_KINDS = ['KYB', 'STORE'] as const;
/** What is reviewed. */
export type ReviewKind = (typeof REVIEW_KINDS)[number];

/** The partner's ids have at most 32 characters (review-notify.md, Endpoint). */
export const MAX_REVIEW_ID_LENGTH = 32;
/** A free text has at most 1 KiB of UTF-8, hence never more characters than that. */
export const MAX_REVIEW_TEXT_BYTES = 1024;
/** The partner's `Number(11)`. */
export const MAX_REVIEWED_CUSTOMER_ID = 99_999_999_999;
/** The partner's `Number(3)`. */
export const MAX_REVIEWED_CUSTOMER_TYPE = 999;

/** What the reviewer says of one part of a submission. */
export class ReviewedPartDto {
  /** PASS, FAILED, PENDING, or a word the partner has added since. */
  @IsText({ min: 0, max: MAX_REVIEW_TEXT_BYTES })
  status!: string;

  /** The reviewer's words; empty where there are none. */
  @IsText({ min: 0, max: MAX_REVIEW_TEXT_BYTES })
  comment!: string;
}

/** What the reviewer says of a person of the sub-merchant. */
export class ReviewedPersonDto extends ReviewedPartDto {
  /** The partner's number of the person. */
  @IsInt()
  @Min(0)
  @Max(MAX_REVIEWED_CUSTOMER_ID)
  customerId!: number;

  /** 1 legal person, 2 shareholder, 3 beneficiary. */
  @IsInt()
  @Min(0)
  @Max(MAX_REVIEWED_CUSTOMER_TYPE)
  customerType!: number;

  /** The person's identity number, masked. */
  @IsText({ min: 0, max: MAX_REVIEW_TEXT_BYTES })
  idCardNumber!: string;
}

/** What the reviewer says of the documents that were handed in beside. */
export class ReviewedAdditionalInfoDto extends ReviewedPartDto {
  /** Names of the documents that are wanted. */
  @IsArray()
  @IsText({ min: 0, max: MAX_REVIEW_TEXT_BYTES }, { each: true })
  needAdditionalInfos!: string[];
}

/** What has to be handed in again, part by part. */
export class ResubmissionDto {
  /** The company's data; absent when nothing was said of it. */
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => ReviewedPartDto)
  company?: ReviewedPartDto;

  /** The persons that something was said of. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ReviewedPersonDto)
  persons!: ReviewedPersonDto[];

  /** The documents beside; absent when nothing was said of them. */
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => ReviewedAdditionalInfoDto)
  additionalInfo?: ReviewedAdditionalInfoDto;
}

/** `review.decided`: a KYB or store review took its next step (review-notify.md, Output). Its names are the partner's. */
export class ReviewDecidedDto {
  /** Id of this event, UUIDv7. */
  @IsEventId()
  event_id!: string;

  /** What is reviewed. */
  @IsIn(REVIEW_KINDS)
  kind!: ReviewKind;

  /** The partner's word for the kind: `SM_KYC_REVIEW` or `SM_STORE_REVIEW`. */
  @IsText({ max: MAX_REVIEW_ID_LENGTH })
  bizType!: string;

  /** The review, unique per institution and `bizType`. */
  @IsText({ max: MAX_REVIEW_ID_LENGTH })
  bizId!: string;

  /** The institution that was told. */
  @IsText({ max: MAX_REVIEW_ID_LENGTH })
  institutionId!: string;

  /** The sub-merchant, in the partner's numbers. */
  @IsText({ max: MAX_REVIEW_ID_LENGTH })
  subClientId!: string;

  /** The sub-merchant, in the institution's numbers; of a payee its `customerNo`. The Kafka key. */
  @IsText({ max: MAX_REVIEW_ID_LENGTH })
  merchantClientId!: string;

  /** The store, in the partner's numbers; only of a STORE. */
  @MayBeAbsent()
  @IsText({ max: MAX_REVIEW_ID_LENGTH })
  accId?: string;

  /** The store, in the institution's numbers; only of a STORE. */
  @MayBeAbsent()
  @IsText({ max: MAX_REVIEW_ID_LENGTH })
  merchantAccId?: string;

  /** PASS, FAILED, PENDING, MODIFY, or a word the partner has added since. */
  @IsText({ min: 0, max: MAX_REVIEW_TEXT_BYTES })
  status!: string;

  /** The reviewer's words, possibly empty. */
  @IsText({ min: 0, max: MAX_REVIEW_TEXT_BYTES })
  comment!: string;

  /** Number of this step of the review, from 1 without gaps. */
  @IsInt()
  @Min(1)
  sequence!: number;

  /** When the review's first step arrived, RFC 3339 UTC. */
  @IsTimestamp()
  first_seen_at!: string;

  /** When this step arrived, RFC 3339 UTC. */
  @IsTimestamp()
  received_at!: string;

  /** There whenever the partner gave details. */
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => ResubmissionDto)
  resubmission?: ResubmissionDto;
}

/** The contents of `review.decided.v1` by event type. */
export const REVIEW_DECIDED_DTOS = { [REVIEW_DECIDED]: ReviewDecidedDto } as const;
