import { newEventId, TOPICS } from '@kyc-relay/contracts';
import type { Outbox, OutboxMessage } from '@kyc-relay/outbox';
import type { OpenTx } from '@kyc-relay/persistence';
import { causesCallback, newRecord, publishedValue, type Decision, type KycRecord } from '../domain';
import { caseKey, findDecidedCases, rememberDecidedCases, type CaseOfUser } from './decided-case.repository';
import { appendHistory, type HistoryRow } from './history.repository';
import type { LockedUsers, UserRepository } from './user.repository';

/**
 * All that one transaction decides about users: their records are locked first, each decision builds on the one before,
 * and everything is written at the end in one statement a table.
 */
export class UserChanges {
  private readonly changed = new Set<string>();
  private readonly history: HistoryRow[] = [];
  private readonly messages: OutboxMessage[] = [];
  private readonly decidedNow: CaseOfUser[] = [];

  private constructor(
    private readonly tx: OpenTx,
    private readonly repository: UserRepository,
    private readonly users: LockedUsers,
    private readonly decided: Set<string>,
  ) {}

  /**
   * Locks the users and reads what decisions need.
   * @param newCases cases that are submitted, of which it must be known whether they were decided before
   */
  static async open(
    tx: OpenTx,
    repository: UserRepository,
    shopeeUids: readonly string[],
    newCases: readonly CaseOfUser[] = [],
  ): Promise<UserChanges> {
    const [users, found] = await Promise.all([
      repository.lock(tx, shopeeUids),
      // Travels with the lock and is read behind it, unless users had to be made first.
      findDecidedCases(tx, newCases),
    ]);
    const decided = users.wereThere ? found : await findDecidedCases(tx, newCases);
    return new UserChanges(tx, repository, users, decided);
  }

  /** The user's record as of the last decision. */
  record(shopeeUid: string): KycRecord {
    return this.users.records.get(shopeeUid) ?? newRecord(shopeeUid);
  }

  /** Whether the case was decided, in this transaction or before. */
  wasDecided(shopeeUid: string, caseId: string): boolean {
    return this.decided.has(caseKey({ shopeeUid, caseId }));
  }

  /** Takes a decision about the user: nothing is written yet. */
  take(shopeeUid: string, decision: Decision, traceparent?: string): void {
    const callbacks: string[] = [];
    if (decision.kind === 'APPLIED') {
      this.users.records.set(shopeeUid, decision.record);
      this.changed.add(shopeeUid);
      for (const event of decision.events) {
        const eventId = newEventId();
        if (causesCallback(event)) callbacks.push(eventId);
        this.messages.push({
          topic: TOPICS.kycUserEvents,
          key: shopeeUid,
          type: event.type,
          eventId,
          time: decision.history.at,
          value: publishedValue(event, eventId),
          traceparent,
        });
      }
      if (decision.decidedCaseId !== undefined) {
        const one = { shopeeUid, caseId: decision.decidedCaseId };
        this.decided.add(caseKey(one));
        this.decidedNow.push(one);
      }
    }
    this.history.push({ shopeeUid, entry: decision.history, callbacks });
  }

  /** Writes records, history, decided cases and messages, and waits for none of it: they travel with the commit. */
  save(outbox: Outbox): void {
    this.repository.save(this.tx, this.users, this.changed);
    appendHistory(this.tx, this.history);
    rememberDecidedCases(this.tx, this.decidedNow);
    outbox.enqueue(this.users.locked, this.messages);
  }
}
