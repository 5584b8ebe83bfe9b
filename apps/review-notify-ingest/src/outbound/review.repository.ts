import type { KeyRing, SealedPlace } from '@kyc-relay/crypto';
import type { Outbox, OutboxMessage } from '@kyc-relay/outbox';
import { packTexts, type Database, type PreparedStatement, type Tx } from '@kyc-relay/persistence';
import type { KnownStep, ReviewState } from '../domain/decide-step';
import { maskingOf, numbersOf } from '../domain/identity-numbers';
import { reviewKey, type Notification, type ReviewName } from '../domain/notification';
import {
  COUNT_LATE_REPEATS,
  ERASE,
  FIND,
  MARK_ERASED,
  parametersOfSave,
  saveStatement,
  type NameColumns,
  type ReviewColumns,
  type StepColumns,
} from './review.sql';

/** What to look for among a review's older steps. */
export interface RepeatQuery {
  /** Contents that have come now, as hashes. */
  contentHashes: readonly string[];
  /** Steps that came before are not looked at. */
  since: Date;
}

/** A step that was decided, on its way into the store. */
export interface ReviewStep {
  eventId: string;
  notification: Notification;
  /** The review as this step leaves it. */
  state: ReviewState;
  /** The bytes as they came, with the identity numbers. */
  body: Buffer;
  /** What is published of it. */
  message: OutboxMessage;
}

/** A step that came again late. */
export interface LateRepeat {
  review: ReviewName;
  sequence: number;
  at: Date;
}

interface ReviewRow extends NameColumns {
  merchant_client_id: string;
  sub_client_id: string;
  sequence: number;
  content_hash: string;
  first_seen_at: Date;
  received_at: Date;
  older: { sequence: number; content_hash: string; received_at: string }[] | null;
}

/** Reviews and their steps, and the clients they are about. */
export class ReviewRepository {
  private readonly saveSteps: PreparedStatement;

  constructor(
    private readonly database: Database,
    private readonly keyRing: KeyRing,
    private readonly outbox: Outbox,
  ) {
    this.saveSteps = saveStatement(outbox);
  }

  /**
   * The reviews that are there, by {@link reviewKey}, with their older steps of the given contents. Nothing is locked:
   * {@link save} finds out when a step was taken meanwhile.
   */
  async find(names: readonly ReviewName[], repeats: RepeatQuery): Promise<Map<string, ReviewState>> {
    const distinct = [...new Map(names.map((name) => [reviewKey(name), name])).values()];
    const rows = await this.database.query<ReviewRow>(FIND, [
      packTexts(distinct.map((name) => name.institutionId)),
      packTexts(distinct.map((name) => name.bizType)),
      packTexts(distinct.map((name) => name.bizId)),
      repeats.since,
      packTexts(repeats.contentHashes),
    ]);
    return new Map(rows.map((row) => [reviewKey(nameOf(row)), toState(row)]));
  }

  /**
   * Writes steps, in their order, with their messages, and their reviews as the last step of each leaves them; all or
   * nothing. Of a client whose payee was deleted nothing personal is kept.
   *
   * @throws the driver's unique violation when a review took a step since it was found: there is one of each sequence
   */
  async save(steps: readonly ReviewStep[]): Promise<void> {
    if (steps.length === 0) return;
    const last = new Map(steps.map((step) => [reviewKey(step.notification), step]));
    await this.database.execute(
      this.saveSteps,
      parametersOfSave(this.outbox, {
        merchantClientIds: [...new Set(steps.map(({ state }) => state.merchantClientId))],
        reviews: [...last.values()].map(toReviewColumns),
        steps: steps.map((step) => this.toStepColumns(step)),
        messages: steps.map(({ message }) => message),
      }),
    );
    this.outbox.wake();
  }

  /** Counts late repeats on the steps they repeat. */
  async countLateRepeats(repeats: readonly LateRepeat[]): Promise<void> {
    if (repeats.length === 0) return;
    await this.database.execute(COUNT_LATE_REPEATS, [
      repeats.map(({ review }) => review.institutionId),
      repeats.map(({ review }) => review.bizType),
      repeats.map(({ review }) => review.bizId),
      repeats.map(({ sequence }) => sequence),
      repeats.map(({ at }) => at),
    ]);
  }

  /** Erases what is personal in the clients' reviews, and remembers it for what comes later about them. */
  async erase(tx: Tx, merchantClientIds: readonly string[], at: Date): Promise<void> {
    // The clients' locks first: a step that is just being written is there when they are held, and erased with the rest.
    await tx.execute(MARK_ERASED, [[...new Set(merchantClientIds)], at]);
    await tx.execute(ERASE, [merchantClientIds]);
  }

  private toStepColumns({ eventId, notification, state, body }: ReviewStep): StepColumns {
    return {
      institution_id: notification.institutionId,
      biz_type: notification.bizType,
      biz_id: notification.bizId,
      merchant_client_id: state.merchantClientId,
      sequence: state.latest.sequence,
      event_id: eventId,
      status: notification.status,
      comment: maskingOf(numbersOf(notification.detail))(notification.comment),
      acc_id: notification.accId,
      merchant_acc_id: notification.merchantAccId,
      content_hash: Buffer.from(state.latest.contentHash, 'hex'),
      received_at: state.latest.receivedAt,
      body: this.keyRing.seal(body, placeOfBody(eventId)),
    };
  }
}

/** Where the sealed body of a step belongs. */
export function placeOfBody(eventId: string): SealedPlace {
  return { table: 'review.steps', column: 'body', row: eventId };
}

function nameOf(row: ReviewRow): ReviewName {
  return { institutionId: row.institution_id, bizType: row.biz_type, bizId: row.biz_id };
}

function toState(row: ReviewRow): ReviewState {
  return {
    merchantClientId: row.merchant_client_id,
    subClientId: row.sub_client_id,
    firstSeenAt: row.first_seen_at,
    latest: { sequence: row.sequence, contentHash: row.content_hash, receivedAt: row.received_at },
    older: (row.older ?? []).map((step): KnownStep => ({
      sequence: step.sequence,
      contentHash: step.content_hash,
      receivedAt: new Date(step.received_at),
    })),
  };
}

function toReviewColumns({ notification, state }: ReviewStep): ReviewColumns {
  return {
    institution_id: notification.institutionId,
    biz_type: notification.bizType,
    biz_id: notification.bizId,
    kind: notification.kind,
    merchant_client_id: state.merchantClientId,
    sub_client_id: state.subClientId,
    status: notification.status,
    sequence: state.latest.sequence,
    content_hash: Buffer.from(state.latest.contentHash, 'hex'),
    first_seen_at: state.firstSeenAt,
    received_at: state.latest.receivedAt,
  };
}
