import {
  caseApproved,
  caseRejected,
  caseSubmitted,
  infoChanged,
  phoneChanged,
  photoReuploaded,
  recordDeleted,
  type DecidedBy,
  type EventStamp,
  type InfoFields,
  type ReceivedRequest,
  type UpstreamEvent,
} from '@kyc-relay/simulators';
import { awaitState } from './await-state';
import { TOPICS, type World } from './world';
import type { TopicMessage } from './topic-log';

/** Reasons of a rejection or a delete, in any of their forms. */
export interface Reasons {
  reason_keys?: string[] | null;
  other_reason?: string | null;
}

/** One user, and what upstream says about them. Building an event publishes nothing; `tell` does. */
export class User {
  private cases = 0;

  constructor(
    readonly world: World,
    readonly uid: string,
  ) {}

  /** A new user to whom Money+ is subscribed. */
  static async subscribed(world: World, name?: string): Promise<User> {
    const user = new User(world, world.uid(name));
    await world.subscribe(user.uid);
    return user;
  }

  /** The id of the case that was opened last. */
  get caseId(): string {
    return `${this.uid}-c${this.cases}`;
  }

  submit(level: number, info?: InfoFields, over: Partial<EventStamp> = {}): UpstreamEvent {
    this.cases += 1;
    const { uid: shopee_uid, caseId: case_id } = this;
    return caseSubmitted(this.world.stamp(over), { shopee_uid, case_id, level, ...(info && { info }) });
  }

  reupload(): UpstreamEvent {
    this.cases += 1;
    return photoReuploaded(this.world.stamp(), { shopee_uid: this.uid, case_id: this.caseId });
  }

  approve(decided_by: DecidedBy = 'OPS', over: Partial<EventStamp> = {}): UpstreamEvent {
    return caseApproved(this.world.stamp(over), { shopee_uid: this.uid, case_id: this.caseId, decided_by });
  }

  reject(decided_by: DecidedBy = 'OPS', reasons: Reasons & { retry?: boolean } = {}): UpstreamEvent {
    return caseRejected(this.world.stamp(), {
      shopee_uid: this.uid,
      case_id: this.caseId,
      decided_by,
      ...(reasons as object),
    });
  }

  remove(reasons: Reasons = {}): UpstreamEvent {
    return recordDeleted(this.world.stamp(), { shopee_uid: this.uid, ...(reasons as object) });
  }

  changeApproved(changes: InfoFields, over: Partial<EventStamp> = {}): UpstreamEvent {
    return infoChanged(this.world.stamp(over), { shopee_uid: this.uid, target: 'APPROVED', changes });
  }

  changePending(changes: InfoFields): UpstreamEvent {
    const { uid: shopee_uid, caseId: case_id } = this;
    return infoChanged(this.world.stamp(), { shopee_uid, target: 'PENDING', case_id, changes });
  }

  changePhone(phone: string, previous_phone?: string): UpstreamEvent {
    return phoneChanged(this.world.stamp(), {
      shopee_uid: this.uid,
      phone,
      changed_by: 'USER',
      ...(previous_phone !== undefined && { previous_phone }),
    });
  }

  /** Approved at a level, with this info. */
  becomes(level: number, info?: InfoFields): UpstreamEvent[] {
    return [this.submit(level, info), this.approve()];
  }

  /** Upstream says so, over Kafka, in this order. */
  async tell(...events: UpstreamEvent[]): Promise<this> {
    await this.world.publish(...events);
    return this;
  }

  /** Says so and waits until the record has reached this version. */
  async tellUntil(version: number, ...events: UpstreamEvent[]): Promise<this> {
    await this.tell(...events);
    await this.changes(version);
    return this;
  }

  /** The first `count` changes of the record as published, status and info. */
  async changes(count: number): Promise<TopicMessage[]> {
    return await awaitState(`${count} changes of ${this.uid}`, () => {
      const found = this.changesSoFar();
      return found.length >= count && found;
    });
  }

  /** The changes published until now. */
  changesSoFar(): TopicMessage[] {
    return this.world.topics
      .of(TOPICS.userEvents, this.uid)
      .filter(({ headers }) => ['kyc.status-changed', 'kyc.info-changed'].includes(headers['ce_type'] ?? ''));
  }

  /** All callbacks of the user once there are `count`. */
  async callbacks(count: number): Promise<ReceivedRequest[]> {
    const filter = { shopee_uid: this.uid, success: true };
    await awaitState(
      `${count} callbacks of ${this.uid}`,
      () => this.world.moneyPlus.received(filter).length >= count,
    );
    return this.world.moneyPlus.received({ shopee_uid: this.uid });
  }

  /** The user's dead letters of a topic once there are `count`. */
  async deadLetters(count: number, topic: string = TOPICS.caseEvents): Promise<TopicMessage[]> {
    return await this.world.topics.first(count, `${topic}.dlq`, this.uid);
  }
}

/** The JSON of a message or a callback. */
export function parseBody(text: string | undefined): Record<string, unknown> {
  return JSON.parse(text ?? 'null') as Record<string, unknown>;
}
