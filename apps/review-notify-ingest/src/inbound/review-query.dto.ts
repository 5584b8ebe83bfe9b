import { IsText, MAX_REVIEW_TEXT_BYTES, REVIEW_KINDS, type ReviewKind } from '@kyc-relay/contracts';
import { IsIn, IsOptional, ValidateBy } from 'class-validator';
import { readCursor } from './page-cursor';

/** Longest id that is looked for; longer ones are nobody's. */
const MAX_SOUGHT_ID = 64;

/** A page: how many at most and after which. Values are texts, as they come in a query. */
export class PageQuery {
  /** From 1 to {@link MAX_PAGE}. */
  @IsOptional()
  @IsPageSize()
  limit?: string;

  /** `next_cursor` of the page before. */
  @IsOptional()
  @IsCursor()
  cursor?: string;
}

/** `GET /v1/reviews` (review-notify.md, Output). */
export class ReviewListQuery extends PageQuery {
  /** Whose reviews. */
  @IsOptional()
  @IsText({ max: MAX_SOUGHT_ID })
  merchantClientId?: string;

  /** The status of the latest step. */
  @IsOptional()
  @IsText({ max: MAX_REVIEW_TEXT_BYTES })
  status?: string;

  /** What is reviewed. */
  @IsOptional()
  @IsIn(REVIEW_KINDS, { message: `must be one of ${REVIEW_KINDS.join(', ')}` })
  kind?: ReviewKind;
}

/** `GET /v1/reviews/{bizType}/{bizId}`. */
export class ReviewHistoryQuery extends PageQuery {
  /** Which institution's, where several have a review of that name. */
  @IsOptional()
  @IsText({ max: MAX_SOUGHT_ID })
  institutionId?: string;
}

/** Most items of a page. */
export const MAX_PAGE = 1_000;

function IsPageSize(): PropertyDecorator {
  return ValidateBy({
    name: 'isPageSize',
    validator: {
      validate: (value) =>
        typeof value === 'string' && /^[1-9]\d{0,3}$/.test(value) && Number(value) <= MAX_PAGE,
      defaultMessage: () => `must be a whole number from 1 to ${MAX_PAGE}`,
    },
  });
}

function IsCursor(): PropertyDecorator {
  return ValidateBy({
    name: 'isCursor',
    validator: {
      validate: (value) => typeof value === 'string' && readCursor(value) !== undefined,
      defaultMessage: () => 'must be a next_cursor of an earlier answer',
    },
  });
}
