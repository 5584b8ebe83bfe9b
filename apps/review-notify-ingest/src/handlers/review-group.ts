import { newEventId, REVIEW_DECIDED, TOPICS } from '@kyc-relay/contracts';
import type { OutboxMessage } from '@kyc-relay/outbox';
import { decideStep, LATE_REPEAT_MS, type ReviewState, type StepDecision } from '../domain/decide-step';
import { reviewKey, type Notification } from '../domain/notification';
import { publishedReview } from '../domain/published-review';
import type { LateRepeat, ReviewRepository, ReviewStep } from '../outbound/review.repository';

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

/**
 * Messages that are taken in together: the reviews are read, each decision builds on the one before, and all steps are
 * written at once, which fails when somebody else took a step of one of the reviews in between.
 */
export class ReviewGroup {
  private readonly steps: ReviewStep[] = [];
  private readonly lateRepeats: LateRepeat[] = [];

  private constructor(
    private readonly reviews: ReviewRepository,
    /** By name, each as the last decision leaves it. */
    private readonly states: Map<string, ReviewState>,
  ) {}

  /** Reads what decisions about the messages need. */
  static async read(reviews: ReviewRepository, messages: readonly IncomingReview[]): Promise<ReviewGroup> {
    const earliest = Math.min(...messages.map(({ receivedAt }) => receivedAt.getTime()));
    const states = await reviews.find(
      messages.map(({ notification }) => notification),
      {
        contentHashes: messages.map(({ contentHash }) => contentHash),
        since: new Date(earliest - LATE_REPEAT_MS),
      },
    );
    return new ReviewGroup(reviews, states);
  }

  /** Decides about a message; nothing is written yet. */
  decide({ notification, body, contentHash, receivedAt, traceparent }: IncomingReview): StepDecision {
    const { merchantClientId, subClientId } = notification;
    const key = reviewKey(notification);
    const arrival = { merchantClientId, subClientId, contentHash, receivedAt };
    const decision = decideStep(this.states.get(key), arrival);
    if (decision.kind === 'STEP') {
      const { state } = decision;
      const eventId = newEventId();
      const message = { ...toMessage(eventId, notification, state), traceparent };
      this.states.set(key, state);
      this.steps.push({ eventId, notification, state, body, message });
    } else if (decision.kind === 'LATE_REPEAT') {
      this.lateRepeats.push({ review: notification, sequence: decision.sequence, at: receivedAt });
    }
    return decision;
  }

  /** Writes steps with their reviews and messages, and counts late repeats; of mere repeats nothing is written. */
  async save(): Promise<void> {
    await this.reviews.save(this.steps);
    // A count of its own: a crash between the two loses a count of what the partner repeats anyway.
    await this.reviews.countLateRepeats(this.lateRepeats);
  }
}

function toMessage(eventId: string, notification: Notification, state: ReviewState): OutboxMessage {
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
