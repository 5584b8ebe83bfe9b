import { useCleanup } from '@kyc-relay/testing';
import type { HistoryEntry } from '../domain';
import { createKycBed, type KycBed } from '../testbed/kyc-bed';
import { appendHistory, readHistory, type HistoryRow } from './history.repository';
import { findRequest, rememberRequest } from './subscription-request.repository';

const cleanup = useCleanup();
let bed: KycBed;

beforeAll(async () => {
  bed = await createKycBed(cleanup);
});

beforeEach(async () => {
  await bed.empty();
});

function entryOf(ceId: string | null, more: Partial<HistoryEntry> = {}): HistoryEntry {
  const at = new Date('2026-01-02T03:04:05.678Z');
  return { at, ceId, type: 'kyc.case.submitted', decision: 'APPLIED', changes: [], ...more };
}

async function append(rows: HistoryRow[]): Promise<void> {
  await bed.database.transaction((tx) => {
    appendHistory(tx, rows);
  });
}

describe('a history', () => {
  const numbers = Array.from({ length: 7 }, (_, number) => String(number));

  test('is read oldest first, in the order of writing, page by page, each line once, of one user only', async () => {
    await append(
      numbers.flatMap((ceId) => [
        { shopeeUid: 'u', entry: entryOf(ceId), callbacks: [] },
        { shopeeUid: 'v', entry: entryOf(`other ${ceId}`), callbacks: [] },
      ]),
    );
    const read: (string | null)[] = [];
    let after = '0';
    for (const expectedSize of [3, 3, 1]) {
      const page = await readHistory(bed.database, 'u', { after, limit: 3 });
      expect(page.items).toHaveLength(expectedSize);
      read.push(...page.items.map((item) => item.ce_id));
      expect(page.next === undefined).toBe(expectedSize === 1);
      after = page.next ?? after;
    }
    expect(read).toEqual(numbers);
    expect((await readHistory(bed.database, 'u', { after, limit: 3 })).items).toEqual(
      (await readHistory(bed.database, 'u', { after, limit: 200 })).items,
    );
  });

  test('whose last page is full has no further one', async () => {
    await append(numbers.map((ceId) => ({ shopeeUid: 'u', entry: entryOf(ceId), callbacks: [] })));
    const page = await readHistory(bed.database, 'u', { after: '0', limit: 7 });
    expect(page.items).toHaveLength(7);
    expect(page).not.toHaveProperty('next');
  });

  test('says all of a line, and leaves out what it has not', async () => {
    const callbacks = ['019b0000-0000-7000-8000-000000000001', '019b0000-0000-7000-8000-000000000002'];
    const changes = [{ field: 'phone', from: null, to: '*******6789' }];
    await append([
      { shopeeUid: 'u', entry: entryOf('e', { by: 'OPS', changes }), callbacks },
      {
        shopeeUid: 'u',
        entry: entryOf(null, { decision: 'REFUSED', reason: 'kyc.not-approved' }),
        callbacks: [],
      },
    ]);
    const { items } = await readHistory(bed.database, 'u', { after: '0', limit: 10 });
    const at = '2026-01-02T03:04:05.678Z';
    const type = 'kyc.case.submitted';
    expect(items).toEqual([
      { at, ce_id: 'e', type, decision: 'APPLIED', by: 'OPS', changes, callbacks },
      { at, ce_id: null, type, decision: 'REFUSED', reason: 'kyc.not-approved', changes: [], callbacks: [] },
    ]);
  });

  test('of nobody is empty', async () => {
    expect(await readHistory(bed.database, 'nobody', { after: '0', limit: 10 })).toEqual({ items: [] });
  });
});

describe('the memory of subscription requests', () => {
  const request = {
    bizId: 'MONEY_PLUS',
    webhookId: 'w-1',
    bodySha256: 'aa',
    answer: { z: 1, a: [true, null], b: 'ü' },
  };

  test('has the first answer as it was given, for that business and id', async () => {
    expect(await findRequest(bed.database, 'MONEY_PLUS', 'w-1')).toBeUndefined();
    expect(await rememberRequest(bed.database, request)).toBe(true);
    const found = await findRequest(bed.database, 'MONEY_PLUS', 'w-1');
    expect(found).toEqual({ bodySha256: 'aa', answer: request.answer });
    // Byte for byte: the order of the fields too.
    expect(JSON.stringify(found?.answer)).toBe(JSON.stringify(request.answer));
    expect(await findRequest(bed.database, 'LENDING', 'w-1')).toBeUndefined();
    expect(await findRequest(bed.database, 'MONEY_PLUS', 'w-2')).toBeUndefined();
  });

  test('keeps the first of two, and lasts a day', async () => {
    await rememberRequest(bed.database, request);
    expect(await rememberRequest(bed.database, { ...request, bodySha256: 'bb' })).toBe(false);
    expect(await findRequest(bed.database, 'MONEY_PLUS', 'w-1')).toMatchObject({ bodySha256: 'aa' });
    await bed.store.query(
      `update kyc.subscription_requests set created_at = now() - interval '1 day 1 second'`,
    );
    expect(await findRequest(bed.database, 'MONEY_PLUS', 'w-1')).toBeUndefined();
    expect(await rememberRequest(bed.database, { ...request, bodySha256: 'bb' })).toBe(true);
    expect(await findRequest(bed.database, 'MONEY_PLUS', 'w-1')).toMatchObject({ bodySha256: 'bb' });
  });

  test('takes one of two at the same time', async () => {
    const remember = async (bodySha256: string): Promise<boolean> =>
      await bed.database.transaction(async (tx) => {
        const isFirst = await rememberRequest(tx, { ...request, bodySha256 });
        await tx.query('select pg_sleep(0.02)');
        return isFirst;
      });
    const outcomes = await Promise.all(['aa', 'bb', 'cc'].map(remember));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });
});
