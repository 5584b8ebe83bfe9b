import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { IsEventId, IsText, IsTimestamp } from './rules.decorator';

/** The event type of `risk.case-changed.v1`. */
export const RISK_CASE_CHANGED = 'risk.case-changed';

/** What tells us of a change: our own reading of the partner's query, or a reading that the partner's push caused. */
export const RISK_CASE_SOURCES = ['PULL', 'PUSH'] as const;
/** What told us of a change. */
export type RiskCaseSource = (typeof RISK_CASE_SOURCES)[number];

/** Kinds of change of a case (risk-cases.md, Pull). OPENED stands alone, for a case that was not known. */
export const RISK_CASE_CHANGES = [
  'OPENED',
  'STATUS',
  'MEASURE',
  'APPEAL',
  'APPROVAL',
  'DETAIL',
  'IMAGE',
  'FIELD',
] as const;
/** A kind of change of a case. */
export type RiskCaseChangeKind = (typeof RISK_CASE_CHANGES)[number];

/** Longest `flowNo`; a longer one is no key, neither for Kafka's partitions nor for an index. */
export const MAX_FLOW_NO_LENGTH = 128;

/** Fields that are masked wherever they stand in a case, by the partner's names. */
export const RISK_MASKED_FIELDS: ReadonlySet<string> = new Set([
  'idCardNo',
  'claimantName',
  'claimantPhone',
  'contact',
  'alRealId',
]);

/** What a file of a case is, told by its name. */
export const RISK_FILE_KINDS = ['IMAGE', 'ARCHIVE', 'DOCUMENT', 'OTHER'] as const;
/** What a file of a case is. */
export type RiskFileKind = (typeof RISK_FILE_KINDS)[number];

/** Any value of a case: the partner's texts, lists and objects; never a number. */
export type RiskCaseValue = string | readonly RiskCaseValue[] | { readonly [name: string]: RiskCaseValue };

/** A value that changed, masked; null where there is or was none. */
function IsCaseValue(): PropertyDecorator {
  return ValidateBy({
    name: 'isCaseValue',
    validator: {
      validate: (value: unknown) => value === null || typeof value === 'string' || typeof value === 'object',
      defaultMessage: () => 'must be null, a text, a list or an object',
    },
  });
}

/** A text, or null where the change is not of one field. */
function IsFieldName(): PropertyDecorator {
  return ValidateBy({
    name: 'isFieldName',
    validator: {
      validate: (value: unknown) => value === null || (typeof value === 'string' && value !== ''),
      defaultMessage: () => 'must be null or the name of a field',
    },
  });
}

/** One changed field of a case. */
export class RiskCaseChangeDto {
  /** The kind of change. */
  @IsIn(RISK_CASE_CHANGES)
  what!: RiskCaseChangeKind;

  /** The partner's name of the field; null for OPENED. */
  @IsFieldName()
  field!: string | null;

  /** The value before, masked, lists as a whole; null where it was absent. */
  @IsCaseValue()
  from!: RiskCaseValue | null;

  /** The value now, masked, lists as a whole; null where it is absent. */
  @IsCaseValue()
  to!: RiskCaseValue | null;
}

/** `risk.case-changed`: a risk case was found, or found changed (risk-cases.md, Pull). */
export class RiskCaseChangedDto {
  /** Id of this event, UUIDv7. */
  @IsEventId()
  event_id!: string;

  /** The case, in the partner's numbers. The Kafka key. */
  @IsText({ max: MAX_FLOW_NO_LENGTH })
  flowNo!: string;

  /** The agent whose copy the case is in. */
  @IsText({ max: 64 })
  firstLevelAgentNum!: string;

  /** Number of this change of the case, from 1 without gaps. */
  @IsInt()
  @Min(1)
  version!: number;

  /** What told us. */
  @IsIn(RISK_CASE_SOURCES)
  source!: RiskCaseSource;

  /** When we saw it, RFC 3339 UTC. */
  @IsTimestamp()
  observed_at!: string;

  /** What changed, one entry a field. */
  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  @Type(() => RiskCaseChangeDto)
  changes!: RiskCaseChangeDto[];

  /**
   * The case now: the partner's names and texts, empty values left out, personal ones masked, times RFC 3339 UTC,
   * `caseImgList` as `[{category, files: [{url, kind}]}]`. A case too large for a message is here without its lists.
   */
  @IsObject()
  case!: Record<string, RiskCaseValue>;
}

/** The contents of `risk.case-changed.v1` by event type. */
export const RISK_CASE_CHANGED_DTOS = { [RISK_CASE_CHANGED]: RiskCaseChangedDto } as const;
