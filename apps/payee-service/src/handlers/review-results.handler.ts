import { Inject, Injectable } from '@nestjs/common';
import { RegistryFile } from '@kyc-relay/config';
import type { ReviewDecidedDto } from '@kyc-relay/contracts';
import type { Chunk, ChunkOutcome, Fact } from '@kyc-relay/messaging';
import { Outbox } from '@kyc-relay/outbox';
import type { Tx } from '@kyc-relay/persistence';
import { decideReview } from '../domain/decide-status';
import type { ReviewStep } from '../domain/history-entry';
import type { Payee } from '../domain/payee';
import { appendHistory } from '../outbound/history.repository';
import { PayeesRepository, type LockedPayees } from '../outbound/payees.repository';
import { rememberStep } from '../outbound/review-steps.repository';
import { recordChanges } from './record-changes';
import { ReviewAlarms } from './review-alarms';

/**
 * KYB results move the payees they name, one after the other in the order of the topic. Every result is taken: one that
 * fits no move is kept in the payee's history and alarmed, never refused.
 */
@Injectable()
export class ReviewResultsHandler {
  constructor(
    @Inject(PayeesRepository) private readonly payees: PayeesRepository,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(RegistryFile) private readonly registry: RegistryFile,
    @Inject(ReviewAlarms) private readonly alarms: ReviewAlarms,
  ) {}

  async handle(chunk: Chunk): Promise<ChunkOutcome> {
    const { tx } = chunk;
    const facts = await chunk.facts();
    // The transport has checked each fact against the topic's contract.
    const reviews = facts as Fact<ReviewDecidedDto>[];
    const named = reviews.filter(({ data }) => data.kind === 'KYB').map(({ data }) => data.merchantClientId);
    const held = await this.payees.lock(tx, named);
    const current = new Map(held.payees);
    for (const review of reviews) {
      const payee = current.get(review.data.merchantClientId);
      if (review.data.kind === 'STORE') this.alarms.countLeft('store');
      else if (!payee) this.alarms.countLeft('unknown_payee');
      else current.set(payee.customerNo, await this.apply(tx, held, payee, review));
    }
    return facts.map(() => undefined);
  }

  /** @returns the payee as the result leaves it */
  private async apply(
    tx: Tx,
    held: LockedPayees,
    payee: Payee,
    { data, traceparent }: Fact<ReviewDecidedDto>,
  ): Promise<Payee> {
    const { customerNo } = payee;
    const step: ReviewStep = {
      institutionId: data.institutionId,
      bizType: data.bizType,
      bizId: data.bizId,
      sequence: data.sequence,
      status: data.status,
    };
    this.alarms.watchSequence(customerNo, step, await rememberStep(tx, { customerNo, step }));
    const merchants = this.registry.current().institutions.get(data.institutionId)?.merchants ?? [];
    const decision = decideReview(payee, step, { merchants, now: new Date() });
    if (decision.kind === 'KEPT') {
      await appendHistory(tx, [{ customerNo, entry: decision.entry }]);
      this.alarms.tellKept(customerNo, step, decision.reason);
      return payee;
    }
    await this.payees.save(tx, payee, decision.payee);
    await recordChanges(held.locked, this.outbox, [decision], traceparent);
    this.alarms.tellMoved(payee, decision.payee, step);
    return decision.payee;
  }
}
