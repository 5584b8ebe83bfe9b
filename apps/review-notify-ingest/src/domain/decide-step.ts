/** How long a step is recognised when its message comes again after a newer one; the partner repeats for about half a day. */
export const LATE_REPEAT_MS = 86_400_000;

/** A step of a review, as far as repeats are recognised by it. */
export interface KnownStep {
  sequence: number;
  /** SHA-256 of the canonical content, hex. */
  contentHash: string;
  receivedAt: Date;
}

/** A review as decisions know it. */
export interface ReviewState {
  /** Fixed by the first step, like `subClientId`. */
  merchantClientId: string;
  subClientId: string;
  firstSeenAt: Date;
  latest: KnownStep;
  /** Steps before the latest that may be repeated late; ones of other content need not be among them. */
  older: readonly KnownStep[];
}

/** A message about a review. */
export interface Arrival {
  merchantClientId: string;
  subClientId: string;
  contentHash: string;
  receivedAt: Date;
}

/** What a message is to its review (review-notify.md, Answer and duplicates). */
export type StepDecision =
  /** The next step. */
  | { kind: 'STEP'; state: ReviewState }
  /** The latest step again. */
  | { kind: 'REPEAT'; sequence: number }
  /** A step before the latest again, within a day: counted, no step. */
  | { kind: 'LATE_REPEAT'; sequence: number }
  /** It names another client than the first step did. The signature does not cover that: refused and alarmed. */
  | { kind: 'CONFLICT'; field: 'merchantClientId' | 'subClientId' };

/** Decides what a message is to its review; `review` is undefined where it is the first one. */
export function decideStep(review: ReviewState | undefined, arrival: Arrival): StepDecision {
  if (!review) return { kind: 'STEP', state: openReview(arrival) };
  if (arrival.merchantClientId !== review.merchantClientId)
    return { kind: 'CONFLICT', field: 'merchantClientId' };
  if (arrival.subClientId !== review.subClientId) return { kind: 'CONFLICT', field: 'subClientId' };
  if (arrival.contentHash === review.latest.contentHash)
    return { kind: 'REPEAT', sequence: review.latest.sequence };
  const again = review.older.findLast(
    (step) =>
      step.contentHash === arrival.contentHash &&
      arrival.receivedAt.getTime() - step.receivedAt.getTime() <= LATE_REPEAT_MS,
  );
  if (again) return { kind: 'LATE_REPEAT', sequence: again.sequence };
  return { kind: 'STEP', state: takeStep(review, arrival) };
}

function openReview({ merchantClientId, subClientId, contentHash, receivedAt }: Arrival): ReviewState {
  return {
    merchantClientId,
    subClientId,
    firstSeenAt: receivedAt,
    latest: { sequence: 1, contentHash, receivedAt },
    older: [],
  };
}

function takeStep(review: ReviewState, { contentHash, receivedAt }: Arrival): ReviewState {
  return {
    ...review,
    latest: { sequence: review.latest.sequence + 1, contentHash, receivedAt },
    older: [...review.older, review.latest],
  };
}
