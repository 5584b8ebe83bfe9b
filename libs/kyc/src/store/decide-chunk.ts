import type { TypedCloudEvent } from '@kyc-relay/contracts';
import type { Chunk, ChunkOutcome } from '@kyc-relay/messaging';
import type { Outbox } from '@kyc-relay/outbox';
import type { Decision, KycRecord } from '../domain';
import type { CaseOfUser } from './decided-case.repository';
import { UserChanges } from './user-changes';
import type { UserRepository } from './user.repository';

type UserEventIn = TypedCloudEvent<string, { shopee_uid: string }>;
type Events<E> = readonly (E & { traceparent?: string })[];

/** How the events of one topic are decided. */
export interface ChunkRules<E extends UserEventIn> {
  /** The pure decision about one event. */
  decide: (
    record: KycRecord,
    event: E,
    context: { now: Date; decidedBefore: (caseId: string) => boolean },
  ) => Decision;
  /** The case that an event opens, whose id must not have been decided before. */
  opensCase?: (event: E) => CaseOfUser | undefined;
}

/** The way of every KYC fact, for a run of them: lock the users, decide in order, save, enqueue what changed. */
export async function decideChunk<E extends UserEventIn>(
  chunk: Chunk,
  stores: { users: UserRepository; outbox: Outbox },
  rules: ChunkRules<E>,
): Promise<ChunkOutcome> {
  // The transport has checked each fact against the topic's contract, which is what E describes.
  const arrived = chunk.arrived as readonly unknown[] as Events<E>;
  const uids = arrived.map((event) => event.data.shopee_uid);
  const newCases = arrived.flatMap((event) => rules.opensCase?.(event) ?? []);
  const opening = UserChanges.open(chunk.tx, stores.users, uids, newCases);
  const [facts, changes] = await Promise.all([chunk.facts(), opening]);
  const events = facts as unknown[] as Events<E>;
  const now = new Date();
  const outcomes = events.map((event) => {
    const uid = event.data.shopee_uid;
    const decidedBefore = (caseId: string): boolean => changes.wasDecided(uid, caseId);
    const decision = rules.decide(changes.record(uid), event, { now, decidedBefore });
    changes.take(uid, decision, event.traceparent);
    return decision.kind === 'REFUSED' ? { code: decision.code } : undefined;
  });
  changes.save(stores.outbox);
  return outcomes;
}
