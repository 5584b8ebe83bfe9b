import { seededRandom } from '@kyc-relay/contracts';
import type { Fact } from '@kyc-relay/messaging';
import { isLostRace } from '@kyc-relay/persistence';
import { useCleanup } from '@kyc-relay/testing';
import { decideAccountEvent, decideCaseEvent, decidePhoneChange, newRecord, type KycRecord } from '../domain';
import { createKycBed, chunkOf, factOf, type KycBed } from '../testbed/kyc-bed';
import { decideChunk, type ChunkRules } from './decide-chunk';

const cleanup = useCleanup();
let bed: KycBed;

beforeAll(async () => {
  bed = await createKycBed(cleanup);
});

beforeEach(async () => {
  await bed.empty();
});

const BUSINESSES = [{ bizId: 'MONEY_PLUS', requiredLevel: 300 }];

/** The rules of the three consumers of the context. */
const RULES = {
  cases: {
    decide: (record, event, context) =>
      decideCaseEvent(record, event, { ...context, businesses: BUSINESSES }),
    opensCase: ({ type, data }: { type: string; data: { shopee_uid: string; case_id: string } }) =>
      type === 'kyc.case.submitted' || type === 'kyc.photo.reuploaded'
        ? { shopeeUid: data.shopee_uid, caseId: data.case_id }
        : undefined,
  } as ChunkRules<never>,
  accounts: { decide: decideAccountEvent } as ChunkRules<never>,
  phones: { decide: decidePhoneChange } as ChunkRules<never>,
};
type Topic = keyof typeof RULES;

async function decide(topic: Topic, facts: Fact<never>[]): Promise<({ code: string } | undefined)[]> {
  return await bed.database.transaction(
    async (tx) =>
      await decideChunk(chunkOf(tx, facts), { users: bed.users, outbox: bed.outbox }, RULES[topic]),
  );
}

/** Random events of a topic: most are good for some users, some for none. */
function randomFacts(
  topic: Topic,
  uids: readonly string[],
  count: number,
  random: () => number,
): Fact<never>[] {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  return Array.from({ length: count }, () => {
    const shopee_uid = pick(uids);
    const case_id = `c${Math.floor(random() * 4)}`;
    if (topic === 'accounts')
      return factOf(pick(['account.activated', 'account.banned', 'account.unbanned']), { shopee_uid });
    if (topic === 'phones')
      return factOf('account.phone-changed', {
        shopee_uid,
        phone: `+${Math.floor(random() * 5)}`,
        changed_by: 'user',
      });
    const info = {
      name: pick(['A', 'B']),
      phone: pick(['+1', '+2']),
      ic_number: pick(['1111-2222', '3333-4444']),
    };
    return pick([
      () => factOf('kyc.case.submitted', { shopee_uid, case_id, level: pick([100, 200, 300]), info }),
      () => factOf('kyc.case.submitted', { shopee_uid, case_id, level: 300 }),
      () => factOf('kyc.case.approved', { shopee_uid, case_id, decided_by: 'OPS' }),
      () => factOf('kyc.case.approved', { shopee_uid, case_id, decided_by: 'AUTO' }),
      () => factOf('kyc.case.rejected', { shopee_uid, case_id, decided_by: 'AUTO' }),
      () => factOf('kyc.photo.reuploaded', { shopee_uid, case_id }),
      () => factOf('kyc.info.changed', { shopee_uid, target: pick(['APPROVED', 'PENDING']), changes: info }),
      () => factOf('kyc.record.deleted', { shopee_uid }),
    ])();
  });
}

interface HistoryLine {
  ce_id: string;
  decision: string;
  reason: string | null;
}

/** What the pure rules make of a user's events in the order in which the history has them. */
function replay(
  uid: string,
  lines: readonly HistoryLine[],
  facts: ReadonlyMap<string, [Topic, Fact<never>]>,
): {
  record: KycRecord;
  outcomes: Omit<HistoryLine, 'ce_id'>[];
  events: { type: string; version: number | undefined }[];
} {
  let record = newRecord(uid);
  const decided = new Set<string>();
  const outcomes: Omit<HistoryLine, 'ce_id'>[] = [];
  const events: { type: string; version: number | undefined }[] = [];
  for (const { ce_id } of lines) {
    const [topic, fact] = facts.get(ce_id)!;
    const decision = RULES[topic].decide(record, fact as never, {
      now: new Date(),
      decidedBefore: (caseId) => decided.has(caseId),
    });
    outcomes.push({ decision: decision.kind, reason: decision.history.reason ?? null });
    if (decision.kind !== 'APPLIED') continue;
    record = decision.record;
    if (decision.decidedCaseId !== undefined) decided.add(decision.decidedCaseId);
    for (const { type, value } of decision.events)
      events.push({ type, version: 'version' in value ? value.version : undefined });
  }
  return { record, outcomes, events };
}

describe('chunks of three topics at the same time, about the same users, of whom most are new', () => {
  test('decide as the pure rules do in the order of the history; records, messages and cases fit, and none deadlocks', async () => {
    const random = seededRandom(99);
    const uids = Array.from({ length: 120 }, (_, number) => `user-${String(number).padStart(3, '0')}`);
    const facts = new Map<string, [Topic, Fact<never>]>();
    let races = 0;
    const runTopic = async (topic: Topic, chunks: number, size: number): Promise<void> => {
      for (let chunk = 0; chunk < chunks; chunk += 1) {
        // Each chunk is about users from a window, so that later chunks meet new users among known ones.
        const from = Math.floor((chunk / chunks) * 90);
        const own = randomFacts(topic, uids.slice(from, from + 30), size, random);
        for (const fact of own) facts.set(fact.id, [topic, fact]);
        for (let isDone = false; !isDone;) {
          try {
            await decide(topic, own);
            isDone = true;
          } catch (error) {
            if (!isLostRace(error)) throw error;
            races += 1;
          }
        }
      }
    };
    await Promise.all([
      runTopic('cases', 40, 40),
      runTopic('cases', 40, 40),
      runTopic('accounts', 40, 15),
      runTopic('phones', 40, 15),
    ]);
    expect(races).toBe(0);

    for (const uid of uids) {
      const lines = await bed.store.query<HistoryLine>(
        'select ce_id, decision, reason from kyc.user_history where shopee_uid = $1 order by id',
        [uid],
      );
      const expected = replay(uid, lines, facts);
      expect(lines.map(({ decision, reason }) => ({ decision, reason }))).toEqual(expected.outcomes);
      const found = (await bed.users.find(bed.database, uid)) ?? newRecord(uid);
      // When we learned of a case is the time of processing.
      const since = { since: expect.any(Date) as Date };
      expect(found).toEqual({
        ...expected.record,
        pending: expected.record.pending && { ...expected.record.pending, ...since },
      });
      const messages = await bed.store.query<{ type: string; version: number | undefined }>(
        `select headers ->> 'ce_type' as type, (convert_from(payload, 'UTF8')::json ->> 'version')::int as version
         from kyc.outbox where key = $1 order by id`,
        [uid],
      );
      expect(messages).toEqual(
        expected.events.map((event) => ({ ...event, version: event.version ?? null })),
      );
      const versions = messages.flatMap(({ version }) => version ?? []);
      expect(versions).toEqual(versions.map((_, index) => index + 1));
    }
    const [counts] = await bed.store.query<{ applied: number; refused: number }>(
      `select count(*) filter (where decision = 'APPLIED')::int as applied,
         count(*) filter (where decision = 'REFUSED')::int as refused from kyc.user_history`,
    );
    expect(counts!.applied).toBeGreaterThan(800);
    expect(counts!.refused).toBeGreaterThan(800);
  });
});

describe('a case id', () => {
  const submit = (case_id: string): Fact<never> =>
    factOf('kyc.case.submitted', { shopee_uid: 'u', case_id, level: 200 });
  const approve = (case_id: string): Fact<never> =>
    factOf('kyc.case.approved', { shopee_uid: 'u', case_id, decided_by: 'OPS' });
  const remove = (): Fact<never> => factOf('kyc.record.deleted', { shopee_uid: 'u' });

  test('that was decided is refused ever after: in its chunk, in a later one, over a delete', async () => {
    expect(
      await decide('cases', [submit('c1'), approve('c1'), submit('c1'), remove(), submit('c1')]),
    ).toEqual([
      undefined,
      undefined,
      { code: 'kyc.case-mismatch' },
      undefined,
      { code: 'kyc.case-mismatch' },
    ]);
    expect(await decide('cases', [submit('c1'), submit('c2')])).toEqual([
      { code: 'kyc.case-mismatch' },
      undefined,
    ]);
  });

  test('of another user is another case', async () => {
    await decide('cases', [submit('c1'), approve('c1')]);
    const other = factOf('kyc.case.submitted', { shopee_uid: 'v', case_id: 'c1', level: 200 });
    expect(await decide('cases', [other])).toEqual([undefined]);
  });
});

test('a chunk that fails leaves nothing: no user, no history, no case, no message', async () => {
  const failure = bed.database.transaction(async (tx) => {
    const facts = [factOf('kyc.case.submitted', { shopee_uid: 'u', case_id: 'c', level: 300 })];
    await decideChunk(chunkOf(tx, facts), { users: bed.users, outbox: bed.outbox }, RULES.cases);
    throw new TypeError('after the work');
  });
  await expect(failure).rejects.toThrow(TypeError);
  for (const table of ['users', 'user_history', 'decided_cases', 'outbox'])
    expect(await bed.store.query(`select from kyc.${table}`)).toEqual([]);
});
