import { useCleanup } from '@kyc-relay/testing';
import { INSTITUTION, kybMessage, SALTS, signed, storeMessage } from '../testbed/messages';
import { ReviewBed } from '../testbed/review-bed';

const cleanup = useCleanup();
let bed: ReviewBed;

beforeAll(async () => {
  bed = await ReviewBed.start(cleanup, { others: [{ institutionId: 'second', salts: [SALTS[0]] }] });
  // Reviews 1 to 6; the second has two steps.
  await bed.notify(kybMessage('r1', { merchantClientId: 'a', status: 'PENDING' }));
  await bed.notify(kybMessage('r2', { merchantClientId: 'a', status: 'PENDING' }));
  await bed.notify(storeMessage('s3', { merchantClientId: 'a' }));
  await bed.notify(kybMessage('r4', { merchantClientId: 'b', status: 'PASSED' }));
  await bed.notify(storeMessage('s5', { merchantClientId: 'b', status: 'x'.repeat(64) + 'A' }));
  await bed.notify(storeMessage('s6', { merchantClientId: 'b', status: 'x'.repeat(64) + 'B' }));
  await bed.notify(kybMessage('r2', { merchantClientId: 'a', status: 'FAILED', more: { deep: true } }));
});

async function list(query: string): Promise<string[]> {
  const { status, body } = await bed.ask(`/v1/reviews${query}`);
  expect(status).toBe(200);
  return body.items.map(({ bizId }) => bizId);
}

describe('the list of reviews', () => {
  it.each<[query: string, bizIds: string[]]>([
    ['', ['s6', 's5', 'r4', 's3', 'r2', 'r1']],
    ['?merchantClientId=&status=&kind=&limit=&cursor=', ['s6', 's5', 'r4', 's3', 'r2', 'r1']],
    ['?merchantClientId=a', ['s3', 'r2', 'r1']],
    ['?merchantClientId=nobody', []],
    ['?status=PENDING', ['s3', 'r1']],
    ['?status=FAILED', ['r2']],
    ['?status=PASS', ['r4']],
    ['?status=PASSED', ['r4']],
    [`?status=${'x'.repeat(64)}B`, ['s6']],
    ['?kind=KYB', ['r4', 'r2', 'r1']],
    ['?kind=STORE&merchantClientId=b', ['s6', 's5']],
    ['?kind=KYB&status=PENDING&merchantClientId=a', ['r1']],
  ])('%s', async (query, bizIds) => {
    expect(await list(query)).toEqual(bizIds);
  });

  it('shows a review as its latest step leaves it', async () => {
    const { body } = await bed.ask('/v1/reviews?status=FAILED');
    expect(body).toEqual({
      items: [
        {
          kind: 'KYB',
          bizType: 'SM_KYC_REVIEW',
          bizId: 'r2',
          institutionId: INSTITUTION,
          subClientId: 'SM2022071120365810274',
          merchantClientId: 'a',
          status: 'FAILED',
          comment: '请重新提交',
          sequence: 2,
          first_seen_at: expect.any(String) as string,
          received_at: expect.any(String) as string,
        },
      ],
      next_cursor: null,
    });
  });

  it('comes in pages that a new review does not shift', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 3; page += 1) {
      const { body } = await bed.ask(`/v1/reviews?limit=2&cursor=${cursor}`);
      seen.push(...body.items.map(({ bizId }) => bizId));
      cursor = body.next_cursor ?? '';
      await bed.notify(kybMessage(`later${page}`, { merchantClientId: 'later' }));
    }
    expect(seen).toEqual(['s6', 's5', 'r4', 's3', 'r2', 'r1']);
    expect(cursor).toBe('');
  });

  it.each<[query: string, field: string]>([
    ['?limit=0', 'limit'],
    ['?limit=1001', 'limit'],
    ['?limit=x', 'limit'],
    ['?limit=1&limit=2', 'limit'],
    ['?cursor=x', 'cursor'],
    ['?cursor=MA', 'cursor'],
    ['?kind=OTHER', 'kind'],
    [`?merchantClientId=${'x'.repeat(65)}`, 'merchantClientId'],
    ['?status=%00', 'status'],
    ['?other=1', 'other'],
  ])('%s is 400 that names %s', async (query, field) => {
    const { status, body } = await bed.ask(`/v1/reviews${query}`);
    expect([status, body.errors[0]?.field]).toEqual([400, field]);
  });
});

describe('one review', () => {
  it('comes with its whole history, unknown fields and misspellings as they came, numbers masked', async () => {
    const { status, body } = await bed.ask('/v1/reviews/SM_KYC_REVIEW/r2');
    expect(status).toBe(200);
    expect(body).toMatchObject({ bizId: 'r2', status: 'FAILED', sequence: 2, next_cursor: null });
    expect(body.history.map(({ sequence, status: told }) => [sequence, told])).toEqual([
      [1, 'PENDING'],
      [2, 'FAILED'],
    ]);
    const { sign: _, ...message } = signed(
      kybMessage('r2', { merchantClientId: 'a', status: 'FAILED', more: { deep: true } }),
    );
    expect(body.history[1]?.message).toEqual(
      JSON.parse(JSON.stringify(message).replace('110101199003074493', '**************4493')),
    );
    expect(body.history[0]?.received_at).toBe(body.first_seen_at);
    expect(body.history[1]?.received_at).toBe(body.received_at);
  });

  it('comes in pages where there are many steps', async () => {
    const first = await bed.ask('/v1/reviews/SM_KYC_REVIEW/r2?limit=1');
    expect(first.body.history.map(({ sequence }) => sequence)).toEqual([1]);
    const second = await bed.ask(
      `/v1/reviews/SM_KYC_REVIEW/r2?limit=1&cursor=${first.body.next_cursor ?? ''}`,
    );
    expect(second.body.history.map(({ sequence }) => sequence)).toEqual([2]);
    expect(second.body.next_cursor).toBeNull();
  });

  it('of two institutions has to be named whole', async () => {
    await bed.notify(kybMessage('both'));
    await bed.notify(kybMessage('both', { institutionId: 'second' }));
    const vague = await bed.ask('/v1/reviews/SM_KYC_REVIEW/both');
    expect([vague.status, vague.body.errors[0]?.field]).toEqual([400, 'institutionId']);
    const { body } = await bed.ask('/v1/reviews/SM_KYC_REVIEW/both?institutionId=second');
    expect(body.institutionId).toBe('second');
  });

  it.each([
    'SM_KYC_REVIEW/unknown',
    'SM_STORE_REVIEW/r1',
    'x/y',
    'SM_KYC_REVIEW/%00',
    'SM_KYC_REVIEW/r1?institutionId=other',
  ])('%s is 404', async (path) => {
    expect((await bed.ask(`/v1/reviews/${path}`)).status).toBe(404);
  });
});

describe('who may see reviews', () => {
  it.each<[token: string, status: number]>([
    ['viewer-token', 200],
    ['operator-token', 200],
    ['publisher-token', 403],
    ['another', 401],
  ])('%s: %s', async (token, status) => {
    expect((await bed.ask('/v1/reviews', token)).status).toBe(status);
    expect((await bed.ask('/v1/reviews/SM_KYC_REVIEW/r1', token)).status).toBe(status);
  });
});

describe('the plans', () => {
  it.each<[what: string, query: string, index: string]>([
    ['a client', `merchant_client_id = 'c500'`, 'reviews_merchant_client'],
    ['a rare status', `left(status, 64) = left('FROZEN', 64) and status = 'FROZEN'`, 'reviews_status'],
    [
      'a name',
      `biz_type = 'SM_KYC_REVIEW' and biz_id = 'b500'`,
      'reviews_biz_type_biz_id_institution_id_key',
    ],
    [
      'what is old',
      `first_seen_at < now() - interval '800 days' and received_at < now() - interval '800 days'`,
      'reviews_first_seen',
    ],
  ])('%s is found by an index among many', async (_, where, index) => {
    await bed.store.query(
      `insert into review.reviews (institution_id, biz_type, biz_id, kind, merchant_client_id, sub_client_id, status,
         sequence, content_hash, first_seen_at, received_at)
       select 'i', 'SM_KYC_REVIEW', 'b' || n, 'KYB', 'c' || n % 5000, 's', case n when 7 then 'FROZEN' else 'PASS' end,
         1, '', now() - n * interval '1 second', now() from generate_series(1, 30000) n on conflict do nothing`,
    );
    await bed.store.query('vacuum analyze review.reviews');
    const plan = await bed.store.query(
      `explain select * from review.reviews where ${where} order by id desc limit 50`,
    );
    expect(JSON.stringify(plan)).toContain(index);
  });
});
