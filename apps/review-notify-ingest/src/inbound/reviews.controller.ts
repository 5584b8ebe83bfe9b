import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { RequireRole } from '@kyc-relay/access';
import { isSafeText } from '@kyc-relay/contracts';
import { badRequest, ProblemException, readQuery, withoutEmpty } from '@kyc-relay/http';
import { readStatus } from '../domain/notification';
import { ReviewViewHandler } from '../handlers/review-view.handler';
import type { ReviewItem, StepItem } from '../handlers/review-view.handler';
import { readCursor, writeCursor } from './page-cursor';
import { ReviewHistoryQuery, ReviewListQuery, type PageQuery } from './review-query.dto';

const DEFAULT_LIMIT = 50;
/** A review has a handful of steps: its history comes whole, unless somebody has gone to great lengths. */
const DEFAULT_HISTORY_LIMIT = 1_000;

/** What operators see of reviews, identity numbers masked. */
@Controller('v1/reviews')
@RequireRole('viewer')
export class ReviewsController {
  constructor(@Inject(ReviewViewHandler) private readonly view: ReviewViewHandler) {}

  /** Reviews as their latest steps leave them, the newest review first. */
  @Get()
  async list(@Query() query: unknown): Promise<{ items: ReviewItem[]; next_cursor: string | null }> {
    const { merchantClientId, status, kind, ...page } = readQuery(ReviewListQuery, withoutEmpty(query));
    const { items, next } = await this.view.list(
      { merchantClientId, status: status === undefined ? undefined : readStatus(status), kind },
      readPage(page, DEFAULT_LIMIT),
    );
    return { items, next_cursor: next === undefined ? null : writeCursor(next) };
  }

  /** One review with its steps, the oldest first; `next_cursor` leads to further steps. */
  @Get(':bizType/:bizId')
  async show(
    @Param('bizType') bizType: string,
    @Param('bizId') bizId: string,
    @Query() query: unknown,
  ): Promise<ReviewItem & { history: StepItem[]; next_cursor: string | null }> {
    const { institutionId, ...page } = readQuery(ReviewHistoryQuery, withoutEmpty(query));
    if (!isSafeText(bizType) || !isSafeText(bizId)) throw unknownReview();
    const found = await this.view.find(
      { bizType, bizId, institutionId },
      readPage(page, DEFAULT_HISTORY_LIMIT),
    );
    if (found === 'NONE') throw unknownReview();
    if (found === 'SEVERAL')
      throw badRequest([
        { field: 'institutionId', message: 'must be given: several institutions have this review' },
      ]);
    const { review, history, next } = found;
    return { ...review, history, next_cursor: next === undefined ? null : writeCursor(next) };
  }
}

function readPage({ limit, cursor }: PageQuery, defaultLimit: number): { limit: number; after?: string } {
  const after = cursor === undefined ? undefined : readCursor(cursor);
  return {
    limit: limit === undefined ? defaultLimit : Number(limit),
    ...(after === undefined ? {} : { after }),
  };
}

function unknownReview(): ProblemException {
  return new ProblemException(404, 'review.unknown', 'Not Found', { detail: 'there is no such review' });
}
