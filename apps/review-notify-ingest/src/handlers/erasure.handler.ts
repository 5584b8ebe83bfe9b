import { Inject, Injectable } from '@nestjs/common';
import type { PayeeChangedDto } from '@kyc-relay/contracts';
import type { Chunk, ChunkOutcome } from '@kyc-relay/messaging';
import { ClientRepository } from '../outbound/client.repository';
import { ReviewRepository } from '../outbound/review.repository';

/** Erases the personal data in a deleted payee's reviews, and remembers it for what comes later about that payee. */
@Injectable()
export class ErasureHandler {
  constructor(
    @Inject(ClientRepository) private readonly clients: ClientRepository,
    @Inject(ReviewRepository) private readonly reviews: ReviewRepository,
  ) {}

  async handle({ facts, tx }: Chunk): Promise<ChunkOutcome> {
    // The transport has checked each fact against the topic's contract, which has one type.
    const payees = facts.map(({ data }) => data as PayeeChangedDto);
    const deleted = payees.filter(({ change }) => change === 'DELETED').map(({ customerNo }) => customerNo);
    if (deleted.length > 0) {
      // The clients' locks first, as everywhere: a message in work is saved before, and erased now.
      await this.clients.markErased(tx, deleted, new Date());
      await this.reviews.erase(tx, deleted);
    }
    return facts.map(() => undefined);
  }
}
