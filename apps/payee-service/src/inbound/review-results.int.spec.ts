import { PAYEE_CHANGED_EVENTS, parseCloudEvent, readEvent, TOPICS } from '@kyc-relay/contracts';
import { eventually, readTopics, useCleanup, type TopicReader } from '@kyc-relay/testing';
import { PayeeBed } from '../testbed/payee-bed';
import { individual } from '../testbed/people';
import { review, ReviewPublisher } from '../testbed/reviews';

const cleanup = useCleanup();
let bed: PayeeBed;
let publisher: ReviewPublisher;
let topics: TopicReader;

beforeAll(async () => {
  publisher = await ReviewPublisher.start(cleanup);
  bed = await PayeeBed.start(cleanup);
  await bed.startMessaging();
  topics = await readTopics(cleanup, [TOPICS.payeeChanged, `${TOPICS.reviewDecided}.dlq`]);
});

interface HistoryItem {
  type: string;
  payeeStatus: string;
  reason?: string;
  review?: { status: string };
}

/** The history of a payee once it has so many entries. */
async function history(customerNo: string, entries: number): Promise<HistoryItem[]> {
  return await eventually(async () => {
    const { body } = await bed.operate('GET', `/${customerNo}/history?limit=200`);
    const items = body['items'] as HistoryItem[];
    return items.length >= entries && items;
  });
}

async function statusOf(customerNo: string): Promise<string | undefined> {
  return (await bed.call('retrieve', { customerNo })).customer?.['payeeStatus'];
}

/** The value of a counter. */
async function count(name: string): Promise<number> {
  const line = (await bed.scrape()).split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? 0);
}

const outcomes = (outcome: string): string => `relay_payee_reviews_total{outcome="${outcome}"}`;

describe('KYB results over Kafka', () => {
  it('move a payee through its statuses, each move told in order', async () => {
    const customerNo = await bed.register(individual(1));
    await publisher.publish(
      review(customerNo, 'MODIFY', { sequence: 1 }),
      review(customerNo, 'PENDING', { sequence: 2 }),
      review(customerNo, 'MODIFY', { sequence: 3 }),
      review(customerNo, 'PASS', { sequence: 4 }),
      review(customerNo, 'FAILED', { sequence: 5 }),
    );
    const items = await history(customerNo, 6);
    expect(items.map(({ payeeStatus }) => payeeStatus)).toEqual([
      'Unverified',
      'Pending',
      'Underreview',
      'Pending',
      'Activated',
      'Deactivated',
    ]);
    const messages = await topics.read(TOPICS.payeeChanged, 6, ({ key }) => key?.toString() === customerNo);
    const told = messages.map(({ headers, value }) => {
      const texts = Object.fromEntries(
        Object.entries(headers ?? {}).map(([name, one]) => [name, String(one)]),
      );
      const parsed = parseCloudEvent(texts, value);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
      expect(texts['ce_source']).toBe('/kyc-relay/payee-service');
      const contract = { ...PAYEE_CHANGED_EVENTS, unknownFields: 'refused' } as const;
      expect(readEvent(contract, parsed.event, customerNo)).toMatchObject({ ok: true });
      return parsed.event.data as { version: number; payeeStatus: string };
    });
    expect(told.map(({ version, payeeStatus }) => [version, payeeStatus])).toEqual([
      [1, 'Unverified'],
      [2, 'Pending'],
      [3, 'Underreview'],
      [4, 'Pending'],
      [5, 'Activated'],
      [6, 'Deactivated'],
    ]);
    expect(await count(outcomes('deactivated'))).toBe(1);
    expect(bed.log.lines.filter(({ msg }) => msg === 'review result deactivated a payee')).toMatchObject([
      { level: 'warn', customerNo, from: 'Activated' },
    ]);
  });

  it('that come twice move once', async () => {
    const customerNo = await bed.register(individual(2));
    const modify = review(customerNo, 'MODIFY');
    await publisher.publish(modify, modify, review(customerNo, 'PENDING', { sequence: 2 }), modify);
    expect((await history(customerNo, 3)).map(({ type }) => type)).toEqual([
      'REGISTERED',
      'STATUS_CHANGED',
      'STATUS_CHANGED',
    ]);
    await publisher.publish(modify, review(customerNo, 'PASS', { sequence: 3 }));
    expect(await history(customerNo, 4)).toHaveLength(4);
    expect(await statusOf(customerNo)).toBe('Activated');
  });

  it('that fit no move, or come from an institution that has no say, are kept and alarmed', async () => {
    const customerNo = await bed.register(individual(3));
    const before = await count(outcomes('unfitting'));
    await publisher.publish(
      review(customerNo, 'PASS'),
      review(customerNo, 'MODIFY', { institutionId: 'OTHER_INST' }),
      review(customerNo, 'MODIFY', { institutionId: 'NOBODY' }),
      review(customerNo, '待审核', { sequence: 2 }),
    );
    const items = await history(customerNo, 5);
    expect(items.slice(1).map(({ type, reason, review: step }) => [type, reason, step?.status])).toEqual([
      ['REVIEW_KEPT', 'payee.no-such-move', 'PASS'],
      ['REVIEW_KEPT', 'payee.institution-not-entitled', 'MODIFY'],
      ['REVIEW_KEPT', 'payee.institution-not-entitled', 'MODIFY'],
      ['REVIEW_KEPT', 'payee.no-such-move', '待审核'],
    ]);
    expect(await statusOf(customerNo)).toBe('Unverified');
    expect(await count(outcomes('unfitting'))).toBe(before + 4);
    expect(
      bed.log.lines.filter((line) => line['customerNo'] === customerNo && line.level === 'warn'),
    ).toHaveLength(4);
    expect(
      topics.messages(TOPICS.payeeChanged).filter(({ key }) => key?.toString() === customerNo).length,
    ).toBeLessThan(2);
  });

  it('of stores and of nobody are counted and left', async () => {
    const customerNo = await bed.register(individual(4));
    const nobody = '2'.repeat(22);
    const before = [await count(outcomes('store')), await count(outcomes('unknown_payee'))] as const;
    const deleted = await bed.register(individual(5));
    await bed.call('delete', { customerNo: deleted });
    await publisher.publish(
      review(customerNo, 'MODIFY', {
        kind: 'STORE',
        bizType: 'SM_STORE_REVIEW',
        accId: 'A',
        merchantAccId: 'B',
      }),
      review(nobody, 'MODIFY'),
      review('SM-other-client', 'MODIFY'),
      review(deleted, 'MODIFY'),
      review(customerNo, 'MODIFY'),
    );
    expect(await history(customerNo, 2)).toHaveLength(2);
    await eventually(async () => {
      expect(await count(outcomes('store'))).toBeGreaterThanOrEqual(before[0] + 1);
      expect(await count(outcomes('unknown_payee'))).toBeGreaterThanOrEqual(before[1] + 3);
      return true;
    });
    expect((await history(deleted, 2)).map(({ type }) => type)).toEqual(['REGISTERED', 'DELETED']);
  });

  it('with a step missing before them are taken, and the gap is alarmed', async () => {
    const customerNo = await bed.register(individual(6));
    const gaps = 'relay_version_gaps_total{topic="review.decided.v1"}';
    const before = await count(gaps);
    await publisher.publish(
      review(customerNo, 'MODIFY', { sequence: 1 }),
      review(customerNo, 'PENDING', { sequence: 3 }),
      review(customerNo, 'MODIFY', { bizId: 'another', sequence: 7 }),
    );
    expect((await history(customerNo, 4)).map(({ payeeStatus }) => payeeStatus).at(-1)).toBe('Pending');
    expect(await count(gaps)).toBe(before + 1);
  });

  it('that are malformed go to the dead letters, and the next good one of the key is taken', async () => {
    const customerNo = await bed.register(individual(7));
    await publisher.publish(
      { key: customerNo, value: '{"kind":' },
      { key: customerNo, value: JSON.stringify(review(customerNo, 'MODIFY')).replace('KYB', 'KYC') },
      { key: 'another', value: JSON.stringify(review(customerNo, 'MODIFY')) },
      review(customerNo, 'MODIFY'),
    );
    expect((await history(customerNo, 2)).at(-1)?.payeeStatus).toBe('Pending');
    const letters = await topics.read(
      `${TOPICS.reviewDecided}.dlq`,
      2,
      ({ key }) => key?.toString() === customerNo,
    );
    expect(letters.map(({ headers }) => String(headers?.['dlq-reason']))).toEqual([
      'event.invalid',
      'event.invalid',
    ]);
  });

  it('and operators, partners and deletes at once leave versions without gaps', async () => {
    const customerNo = await bed.register(individual(8));
    await Promise.all([
      ...['a', 'b', 'c', 'd'].map(async (street) => await bed.call('update', { customerNo, street })),
      ...['Pending', 'Underreview', 'Pending'].map(
        async (status) =>
          await bed.operate('POST', `/${customerNo}/status`, { body: { status, reason: 'race' } }),
      ),
      publisher.publish(review(customerNo, 'MODIFY'), review(customerNo, 'PENDING', { sequence: 2 })),
    ]);
    await history(customerNo, 5);
    await bed.call('delete', { customerNo });
    const messages = await eventually(() => {
      const own = topics.messages(TOPICS.payeeChanged).filter(({ key }) => key?.toString() === customerNo);
      return own.at(-1)?.value?.toString().includes('DELETED') === true && own;
    });
    const versions = messages.map(({ value }) => (JSON.parse(String(value)) as { version: number }).version);
    expect(versions).toEqual(versions.map((_, index) => index + 1));
  });
});
