import type { HeadTask } from '../domain/claimed-lane';
import type { ClaimWish, LeasedLane } from '../outbound/lanes.repository';
import type { NewTask } from '../outbound/tasks.repository';

/** A lane with its first pending task. */
export interface LeasedHead {
  lane: LeasedLane;
  head: HeadTask;
}

/** What a transaction that made tasks came to. */
export interface OfferOutcome {
  /** What it leased. */
  leased: readonly LeasedHead[];
  /** Whether it made lanes due that are not leased. */
  anyDue: boolean;
}

/**
 * The delivery's leave to lease lanes while their tasks are made, as many as it could call at once: such a lane had nothing
 * pending, so the new task is its head, and the claim and the look for the head are saved.
 */
export interface LeaseOffer {
  /** In whose name. */
  owner: string;
  /** Of which business and kind how many; none when there is no room. */
  wishes: readonly ClaimWish[];
  /** Must be called once, when the transaction is over; undefined when it is not known to have committed. */
  end(outcome: OfferOutcome | undefined): void;
}

/** What an offer goes by. */
export type OfferedTask = Pick<NewTask, 'biz_id' | 'kind'>;

/** Makes an offer for new tasks. */
export type OfferLeases = (tasks: readonly OfferedTask[]) => LeaseOffer;
