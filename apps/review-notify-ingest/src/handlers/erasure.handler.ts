import { Inject, Injectable } from '@nestjs/common';
import type { PayeeChangedDto } from '@kyc-relay/contracts';
import type { Chunk, ChunkOutcome } from '@kyc-relay/messaging';
import { ReviewRepository } from '../outbound/review.repository';

/** Erases the personal data in a deleted payee's reviews, and remembers it for what comes later about that payee. */
@Injectable()
export class ErasureHandler {
  constructor(@Inject(ReviewRepository) private readonly reviews: ReviewRepository) {}

  async handle(chunk: Chunk): Promise<ChunkOutcome> {
    const facts = await chunk.facts();
    // The transport has checked each fact against the topic's contract, which has one type.
    const payees = facts.map(({ data }) => data as PayeeChangedDto);
    const deleted = payees.filter(({ change }) => change === 'DELETED').map(({ customerNo }) => customerNo);
    if (deleted.length > 0) await this.reviews.erase(chunk.tx, deleted, new Date());
    return facts.map(() => undefined);
  }
}
