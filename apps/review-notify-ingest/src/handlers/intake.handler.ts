import { Inject, Injectable } from '@nestjs/common';
import { Outbox } from '@kyc-relay/outbox';
import { Database } from '@kyc-relay/persistence';
import type { StepDecision } from '../domain/decide-step';
import { ClientRepository } from '../outbound/client.repository';
import { ReviewRepository } from '../outbound/review.repository';
import { GroupCommit } from './group-commit';
import { ReviewChanges, type IncomingReview } from './review-changes';

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

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(ClientRepository) readonly clients: ClientRepository,
    @Inject(ReviewRepository) readonly reviews: ReviewRepository,
  ) {}

  /**
   * What the message is to its review; whatever follows from it is committed then.
   * @throws ProblemException 503 when too many wait already; the driver's error when the store is away
   */
  async take(incoming: IncomingReview): Promise<StepDecision> {
    return await this.groups.submit(incoming);
  }

  private async takeGroup(messages: readonly IncomingReview[]): Promise<StepDecision[]> {
    const decisions = await this.database.transaction(async (tx) => {
      const changes = await ReviewChanges.open(tx, this, messages);
      const taken = messages.map((message) => changes.take(message));
      await changes.save(this.outbox);
      return taken;
    });
    if (decisions.some(({ kind }) => kind === 'STEP')) this.outbox.wake();
    return decisions;
  }
}
