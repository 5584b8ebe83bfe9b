import { purgeBatch } from '@kyc-relay/persistence';
import { useCleanup } from '@kyc-relay/testing';
import { ReviewNotifyIngestConfig } from '../config';
import { kybMessage } from '../testbed/messages';
import { ReviewBed } from '../testbed/review-bed';
import { reviewPurges } from './retention';
import { ReviewViewRepository } from './review-view.repository';

const cleanup = useCleanup();
let bed: ReviewBed;

beforeAll(async () => {
  bed = await ReviewBed.start(cleanup);
});

beforeEach(async () => {
  await bed.store.query(
    'truncate review.clients, review.reviews, review.steps, review.inbox, review.audit_log',
  );
});

async function purge(): Promise<void> {
  for (const rule of reviewPurges(new ReviewNotifyIngestConfig())) await purgeBatch(bed.parts.database, rule);
}

async function names(sql: string): Promise<string[]> {
  return (await bed.store.query<{ name: string }>(sql)).map(({ name }) => name).sort();
}

async function age(bizId: string, days: { first: number; last: number }): Promise<void> {
  await bed.store.query(
    `update review.reviews set first_seen_at = now() - make_interval(days => $2::int),
       received_at = now() - make_interval(days => $3::int) where biz_id = $1`,
    [bizId, days.first, days.last],
  );
}

describe('retention', () => {
  it('takes reviews whose last step is too old, with their steps and clients, and leaves the others whole', async () => {
    const reviews: [bizId: string, client: string, first: number, last: number][] = [
      ['old', 'gone', 800, 731],
      ['old too', 'stays', 800, 800],
      ['lives', 'lives', 800, 729],
      ['new', 'stays', 1, 1],
    ];
    for (const [bizId, merchantClientId, first, last] of reviews) {
      await bed.notify(kybMessage(bizId, { merchantClientId }));
      await age(bizId, { first, last });
    }
    await purge();
    expect(await names('select biz_id as name from review.reviews')).toEqual(['lives', 'new']);
    expect(await names('select merchant_client_id as name from review.clients')).toEqual(['lives', 'stays']);
    expect(await bed.store.query('select from review.steps')).toHaveLength(2);
  });

  it('forgets deleted payees and operators’ actions in their time', async () => {
    await bed.store.query(
      `insert into review.clients values ('long ago', now() - interval '731 days'), ('lately', now()), ('in use', null);
       insert into review.audit_log (actor, action, target, reason, at)
       values ('a', 'x', 'long ago', 'r', now() - interval '2558 days'), ('a', 'x', 'lately', 'r', now())`,
    );
    await purge();
    expect(await names('select merchant_client_id as name from review.clients')).toEqual([
      'in use',
      'lately',
    ]);
    expect(await names('select target as name from review.audit_log')).toEqual(['lately']);
  });
});

it('reviews that are PENDING for too long are counted, others are not', async () => {
  for (const [bizId, status, last] of [
    ['waits', 'PENDING', 5],
    ['waits too', 'PENDING', 4],
    ['just came', 'PENDING', 1],
    ['theirs', 'MODIFY', 9],
    ['done', 'PASS', 9],
  ] as const) {
    await bed.notify(kybMessage(bizId, { status }));
    await age(bizId, { first: 10, last });
  }
  const before = new Date(Date.now() - 3 * 86_400_000);
  expect(await new ReviewViewRepository(bed.parts.database).countPendingSince(before)).toBe(2);
});
