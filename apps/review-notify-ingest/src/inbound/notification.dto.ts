import 'reflect-metadata';
import { MAX_REVIEWED_CUSTOMER_ID, MAX_REVIEWED_CUSTOMER_TYPE } from '@kyc-relay/contracts';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min, ValidateIf, ValidateNested } from 'class-validator';
import { IsFreeText, IsPartnerId } from './notification-rules.decorator';

/** A part of `reviewDetail` as the partner sends it (the source's tables; lengths as review-notify.md relaxes them). */
export class PartBody {
  /** PASS, FAILED, PENDING, PASSED, or a word that is not known here. */
  @IsFreeText()
  status!: string;

  /** The reviewer's words. */
  @IsOptional()
  @IsFreeText()
  comment?: string;
}

/** `additionalInfo`. */
export class AdditionalInfoBody extends PartBody {
  /** Names of the documents that are wanted. */
  @IsOptional()
  @IsFreeText({ each: true })
  needAdditionalInfos?: string[];
}

/** Where the partner says a person's type: its table calls the field `customerTye`, its example `customerType`. */
interface TypeSpellings {
  customerType?: unknown;
  customerTye?: unknown;
}

function isSpeltRight({ customerType, customerTye }: TypeSpellings): boolean {
  return (customerType ?? undefined) !== undefined || (customerTye ?? undefined) === undefined;
}

/** One of `personReviewResult`. */
export class PersonBody extends PartBody {
  /** The partner's number of the person. */
  @IsInt({ message: 'must be a whole number' })
  @Min(0)
  @Max(MAX_REVIEWED_CUSTOMER_ID)
  customerId!: number;

  /** The identity number. */
  @IsFreeText()
  idCardNumber!: string;

  /** 1 legal person, 2 shareholder, 3 beneficiary. */
  @ValidateIf((person: TypeSpellings) => isSpeltRight(person))
  @IsInt({ message: 'must be a whole number' })
  @Min(0)
  @Max(MAX_REVIEWED_CUSTOMER_TYPE)
  customerType?: number;

  /** The same, as the partner's table spells it. */
  @ValidateIf((person: TypeSpellings) => !isSpeltRight(person))
  @IsInt({ message: 'must be a whole number' })
  @Min(0)
  @Max(MAX_REVIEWED_CUSTOMER_TYPE)
  customerTye?: number;
}

/** `reviewDetail`. */
export class DetailBody {
  /** The company's data. */
  @IsOptional()
  @ValidateNested()
  @Type(() => PartBody)
  companyReviewResult?: PartBody;

  /** Legal person, shareholders, beneficiaries. */
  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => PersonBody)
  personReviewResult?: PersonBody[];

  /** Documents beside. */
  @IsOptional()
  @ValidateNested()
  @Type(() => AdditionalInfoBody)
  additionalInfo?: AdditionalInfoBody;
}

/** `SM_KYC_REVIEW`, and what every notification has. */
export class KybNotificationBody {
  /** The review. */
  @IsPartnerId()
  bizId!: string;

  /** What is reviewed; its value decides which class a body is read as. */
  @IsPartnerId()
  bizType!: string;

  /** The institution that is told. */
  @IsPartnerId()
  institutionId!: string;

  /** The sub-merchant, in the institution's numbers. */
  @IsPartnerId()
  merchantClientId!: string;

  /** The sub-merchant, in the partner's numbers. */
  @IsPartnerId()
  subClientId!: string;

  /** PASS, FAILED, PENDING, MODIFY, PASSED, or a word that is not known here. */
  @IsFreeText()
  status!: string;

  /** The reviewer's words, possibly empty. */
  @IsFreeText()
  comment!: string;

  /** What has to be handed in again. */
  @IsOptional()
  @ValidateNested()
  @Type(() => DetailBody)
  reviewDetail?: DetailBody;
}

/** `SM_STORE_REVIEW`. */
export class StoreNotificationBody extends KybNotificationBody {
  /** The store, in the partner's numbers. */
  @IsPartnerId()
  accId!: string;

  /** The store, in the institution's numbers. */
  @IsPartnerId()
  merchantAccId!: string;
}
