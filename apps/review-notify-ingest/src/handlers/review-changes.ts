import { newEventId, REVIEW_DECIDED, TOPICS } from '@kyc-relay/contracts';
import type { Outbox, OutboxMessage } from '@kyc-relay/outbox';
import type { Tx } from '@kyc-relay/persistence';
import { decideStep, LATE_REPEAT_MS, type ReviewState, type StepDecision } from '../domain/decide-step';
import { reviewKey, type Notification } from '../domain/notification';
import { publishedReview } from '../domain/published-review';
import type { ReviewStep } from '../domain/review-step';
import type { ClientRepository, LockedClients } from '../outbound/client.repository';
import type { LateRepeat, LockedReview, ReviewRepository } from '../outbound/review.repository';

/** A verified and checked message. */
export interface IncomingReview {
  notification: Notification;
  /** The bytes as they came. */
  body: Buffer;
  /** SHA-256 of the canonical content, hex. */
  contentHash: string;
  receivedAt: Date;
  /** W3C trace context, where the sender has one. */
  traceparent?: string | undefined;
}

/** Where reviews are kept. */
export interface ReviewStores {
  clients: ClientRepository;
  reviews: ReviewRepository;
}

/**
 * All that one transaction decides about reviews: clients and reviews are locked first, each decision builds on the one
 * before, and everything is written at the end in one statement a table.
 */
export class ReviewChanges {
  private readonly states: Map<string, ReviewState>;
  private readonly steps: ReviewStep[] = [];
  private readonly lateRepeats: LateRepeat[] = [];
  private readonly messages: OutboxMessage[] = [];

  private constructor(
    private readonly tx: Tx,
    private readonly stores: ReviewStores,
    private readonly clients: LockedClients,
    private readonly known: ReadonlyMap<string, LockedReview>,
  ) {
    this.states = new Map([...known].map(([key, { state }]) => [key, state]));
  }

  /** Locks what the messages are about and reads what decisions need. */
  static async open(
    tx: Tx,
    stores: ReviewStores,
    messages: readonly IncomingReview[],
  ): Promise<ReviewChanges> {
    const names = messages.map(({ notification }) => notification);
    const earliest = Math.min(...messages.map(({ receivedAt }) => receivedAt.getTime()));
    const clients = await stores.clients.lock(
      tx,
      names.map(({ merchantClientId }) => merchantClientId),
    );
    const known = await stores.reviews.lock(tx, names, {
      contentHashes: messages.map(({ contentHash }) => contentHash),
      since: new Date(earliest - LATE_REPEAT_MS),
    });
    return new ReviewChanges(tx, stores, clients, known);
  }

  /** Decides about a message; nothing is written yet. */
  take({ notification, body, contentHash, receivedAt, traceparent }: IncomingReview): StepDecision {
    const { merchantClientId, subClientId } = notification;
    const key = reviewKey(notification);
    const decision = decideStep(this.states.get(key), {
      merchantClientId,
      subClientId,
      contentHash,
      receivedAt,
    });
    if (decision.kind === 'STEP') {
      const eventId = newEventId();
      const isErased = this.clients.erased.has(merchantClientId);
      const step = { eventId, notification, state: decision.state, body, isErased };
      this.states.set(key, decision.state);
      this.steps.push(step);
      this.messages.push({ ...toMessage(step), traceparent });
    } else if (decision.kind === 'LATE_REPEAT') {
      this.lateRepeats.push({ review: notification, sequence: decision.sequence, at: receivedAt });
    }
    return decision;
  }

  /** Writes steps, reviews and messages. */
  async save(outbox: Outbox): Promise<void> {
    await this.stores.reviews.save(this.tx, this.steps, this.known);
    await this.stores.reviews.countLateRepeats(this.tx, this.lateRepeats);
    await outbox.enqueue(this.clients.locked, this.messages);
  }
}

function toMessage({ eventId, notification, state }: ReviewStep): OutboxMessage {
  const { sequence, receivedAt } = state.latest;
  return {
    topic: TOPICS.reviewDecided,
    key: state.merchantClientId,
    type: REVIEW_DECIDED,
    eventId,
    time: receivedAt,
    value: publishedReview(notification, { eventId, sequence, firstSeenAt: state.firstSeenAt, receivedAt }),
  };
}
