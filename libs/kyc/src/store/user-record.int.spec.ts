import {
  CLIENT_STATUSES,
  INFO_FIELDS,
  LEVELS,
  seededRandom,
  SUBSCRIPTION_EVENTS,
  type SubscriptionEvent,
} from '@kyc-relay/contracts';
import { useCleanup } from '@kyc-relay/testing';
import {
  decideAccountEvent,
  decideCaseEvent,
  decidePhoneChange,
  newRecord,
  type KycInfo,
  type KycRecord,
} from '../domain';
import { createKycBed, chunkOf, factOf, type KycBed } from '../testbed/kyc-bed';
import { decideChunk } from './decide-chunk';

const cleanup = useCleanup();
let bed: KycBed;

beforeAll(async () => {
  bed = await createKycBed(cleanup);
});

beforeEach(async () => {
  await bed.empty();
});

const TEXTS = [
  'x',
  'Tan Mei Ling',
  '陈美玲 😀',
  `'; drop table kyc.users; --`,
  '\\u0041\\',
  '"{}[]',
  ' ',
  '\u2028\t\n',
  'ä'.repeat(512),
];

/** Records of every shape: each part there or not, each value of each enumeration. */
function randomRecord(uid: string, random: () => number): KycRecord {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const maybe = <T>(make: () => T): T | null => (random() < 0.5 ? make() : null);
  const info = (): KycInfo =>
    Object.fromEntries(INFO_FIELDS.filter(() => random() < 0.4).map((field) => [field, pick(TEXTS)]));
  const subscriptions = new Map<string, SubscriptionEvent[]>(
    ['MONEY_PLUS', '__proto__', 'a.b/c']
      .filter(() => random() < 0.4)
      .map((bizId) => [bizId, [pick(SUBSCRIPTION_EVENTS)]]),
  );
  return {
    shopeeUid: uid,
    version: Math.floor(random() * 1_000_000),
    told: maybe(() => ({ status: pick(CLIENT_STATUSES), level: pick(LEVELS) })),
    approved: maybe(() => ({ level: pick(LEVELS), info: info() })),
    pending: maybe(() => ({
      caseId: `case-${Math.floor(random() * 1e9)}`,
      level: pick(LEVELS),
      kind: pick(['SUBMISSION', 'PHOTO'] as const),
      info: info(),
      since: new Date(Math.floor(random() * 2e12)),
    })),
    account: { activated: random() < 0.5, banned: random() < 0.5 },
    seamlessRequested: random() < 0.5,
    subscriptions,
  };
}

async function save(records: readonly KycRecord[]): Promise<void> {
  await bed.database.transaction(async (tx) => {
    const uids = records.map((record) => record.shopeeUid);
    const locked = await bed.users.lock(tx, uids);
    for (const record of records) locked.records.set(record.shopeeUid, record);
    bed.users.save(tx, locked, new Set(uids));
  });
}

describe('a record', () => {
  test('of any shape is found as it was saved, and again after it became another', async () => {
    const random = seededRandom(20_260_102);
    const uids = Array.from({ length: 60 }, (_, number) => `user-${number}`);
    for (let round = 0; round < 4; round += 1) {
      const records = uids.map((uid) => randomRecord(uid, random));
      await save(records);
      for (const record of records)
        expect(await bed.users.find(bed.database, record.shopeeUid)).toEqual(record);
      const locked = await bed.database.transaction(async (tx) => await bed.users.lock(tx, uids));
      expect([...locked.records.values()].sort((a, b) => (a.shopeeUid < b.shopeeUid ? -1 : 1))).toEqual(
        [...records].sort((a, b) => (a.shopeeUid < b.shopeeUid ? -1 : 1)),
      );
    }
  });

  test('of a user nobody told us about is unknown to a look, and new to a lock', async () => {
    expect(await bed.users.find(bed.database, 'nobody')).toBeUndefined();
    const locked = await bed.database.transaction(
      async (tx) => await bed.users.lock(tx, ['nobody', 'nobody']),
    );
    expect(locked.records).toEqual(new Map([['nobody', newRecord('nobody')]]));
    expect(await bed.users.find(bed.database, 'nobody')).toEqual(newRecord('nobody'));
  });

  test('that did not change is not written, nor is one of another user touched', async () => {
    await save([
      { ...newRecord('a'), version: 1 },
      { ...newRecord('b'), version: 1 },
    ]);
    const places = async (): Promise<unknown[]> =>
      await bed.store.query('select shopee_uid, xmin::text from kyc.users order by shopee_uid');
    const before = await places();
    await bed.database.transaction(async (tx) => {
      const locked = await bed.users.lock(tx, ['a']);
      bed.users.save(tx, locked, new Set());
    });
    expect(await places()).toEqual(before);
  });
});

describe('an identity number', () => {
  const NUMBERS = ['900517-14-5678', '880101-10-1111'];
  const CHANGED = '770202-20-2222';

  test('stands in clear in no column of any table, whatever happened to it', async () => {
    const info = { name: 'Tan', ic_type: 'MYKAD', ic_number: NUMBERS[0] };
    const events = [
      factOf('kyc.case.submitted', { shopee_uid: 'u', case_id: 'c1', level: 300, info }),
      factOf('kyc.info.changed', { shopee_uid: 'u', target: 'PENDING', changes: { ic_number: NUMBERS[1] } }),
      factOf('kyc.case.approved', { shopee_uid: 'u', case_id: 'c1', decided_by: 'OPS' }),
      factOf('kyc.info.changed', { shopee_uid: 'u', target: 'APPROVED', changes: { ic_number: CHANGED } }),
      factOf('kyc.case.submitted', { shopee_uid: 'u', case_id: 'c2', level: 300, info }),
    ];
    await bed.database.transaction(async (tx) => {
      await decideChunk(
        chunkOf(tx, events),
        { users: bed.users, outbox: bed.outbox },
        {
          decide: (record, event, context) =>
            decideCaseEvent(record, event as never, { ...context, businesses: [] }),
        },
      );
    });
    const record = await bed.users.find(bed.database, 'u');
    expect([record?.approved?.info.ic_number, record?.pending?.info.ic_number]).toEqual([
      CHANGED,
      NUMBERS[0],
    ]);
    const tables = await bed.store.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'kyc'`,
    );
    for (const { name } of tables) {
      const rows = await bed.store.query<{ text: string }>(`select t::text as text from ${name} t`);
      const text = rows.map((row) => row.text).join('\n');
      for (const number of [...NUMBERS, CHANGED]) {
        expect(text).not.toContain(number);
        expect(text).not.toContain(Buffer.from(number).toString('hex'));
        expect(text).not.toContain(Buffer.from(number).toString('base64').replace(/=+$/, ''));
      }
    }
    const [published] = await bed.store.query<{ all: string }>(
      `select string_agg(convert_from(payload, 'UTF8'), '\n' order by id) as all from kyc.outbox`,
    );
    expect(published!.all).toContain('"ic_number":"**********2222"');
  });

  test('that did not change keeps its sealed bytes; copied to another column or user it does not open', async () => {
    const approved = { level: 300, info: { ic_number: NUMBERS[0]! } } as const;
    await save([{ ...newRecord('a'), approved }, newRecord('b')]);
    const sealed = async (): Promise<string> =>
      (
        await bed.store.query<{ hex: string }>(
          `select encode(approved_ic_number, 'hex') as hex from kyc.users where shopee_uid = 'a'`,
        )
      )[0]!.hex;
    const before = await sealed();
    await save([{ ...newRecord('a'), version: 5, approved }]);
    expect(await sealed()).toBe(before);
    await bed.store.query(
      `update kyc.users set approved_level = 300, approved_info = '{}',
         approved_ic_number = (select approved_ic_number from kyc.users where shopee_uid = 'a') where shopee_uid = 'b'`,
    );
    await expect(bed.users.find(bed.database, 'b')).rejects.toMatchObject({ code: 'seal.not-authentic' });
    await bed.store.query(
      `update kyc.users set pending_case_id = 'c', pending_level = 300, pending_kind = 'PHOTO', pending_since = now(),
         pending_info = '{}', pending_ic_number = approved_ic_number where shopee_uid = 'a'`,
    );
    await expect(bed.users.find(bed.database, 'a')).rejects.toMatchObject({ code: 'seal.not-authentic' });
  });
});

test('account and phone events go the same way', async () => {
  const stores = { users: bed.users, outbox: bed.outbox };
  await save([{ ...newRecord('u'), approved: { level: 300, info: { phone: '1' } }, version: 2 }]);
  await bed.database.transaction(async (tx) => {
    await decideChunk(chunkOf(tx, [factOf('account.activated', { shopee_uid: 'u' })]), stores, {
      decide: decideAccountEvent as never,
    });
    await decideChunk(
      chunkOf(tx, [factOf('account.phone-changed', { shopee_uid: 'u', phone: '2', changed_by: 'user' })]),
      stores,
      { decide: decidePhoneChange as never },
    );
  });
  expect(await bed.users.find(bed.database, 'u')).toMatchObject({
    version: 3,
    account: { activated: true },
    approved: { info: { phone: '2' } },
  });
});
