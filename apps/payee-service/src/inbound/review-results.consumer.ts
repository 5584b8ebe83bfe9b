import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { REVIEW_DECIDED_EVENTS, TOPICS } from '@kyc-relay/contracts';
import type { Chunk, ChunkOutcome } from '@kyc-relay/messaging';
import { ReviewResultsHandler } from '../handlers/review-results.handler';

/** The results of reviews; those of KYB decide the state of payees. */
@Controller()
export class ReviewResultsConsumer {
  constructor(@Inject(ReviewResultsHandler) private readonly handler: ReviewResultsHandler) {}

  @EventPattern(TOPICS.reviewDecided, undefined, { contract: REVIEW_DECIDED_EVENTS })
  async onReviewResults(@Payload() chunk: Chunk): Promise<ChunkOutcome> {
    return await this.handler.handle(chunk);
  }
}
