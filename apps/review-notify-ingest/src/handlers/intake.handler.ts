import { Inject, Injectable } from '@nestjs/common';
import { GroupCommit } from '@kyc-relay/service';
import type { StepDecision } from '../domain/decide-step';
import { ReviewRepository } from '../outbound/review.repository';
import { ReviewGroup, type IncomingReview } from './review-group';

/** Most messages of one transaction: enough to share its cost, few enough to keep its locks short. */
const MAX_GROUP = 100;
/** Most messages that wait in memory, each of at most 64 KiB. */
const MAX_WAITING = 1_000;

/** Takes messages in; those that come at the same time share a transaction. */
@Injectable()
export class IntakeHandler {
  private readonly groups = new GroupCommit<IncomingReview, StepDecision>(
    async (messages) => await this.takeGroup(messages),
    { items: MAX_GROUP, waiting: MAX_WAITING },
  );

  constructor(@Inject(ReviewRepository) private readonly reviews: ReviewRepository) {}

  /**
   * What the message is to its review; whatever follows from it is committed then.
   * @throws ProblemException 503 when too many wait already; the driver's error when the store is away
   */
  async take(incoming: IncomingReview): Promise<StepDecision> {
    return await this.groups.submit(incoming);
  }

  private async takeGroup(messages: readonly IncomingReview[]): Promise<StepDecision[]> {
    const group = await ReviewGroup.read(this.reviews, messages);
    const decisions = messages.map((message) => group.decide(message));
    await group.save();
    return decisions;
  }
}
