import { eventually, useCleanup } from '@kyc-relay/testing';
import { kybMessage, signed } from '../testbed/messages';
import { ReviewBed, type Answer } from '../testbed/review-bed';

const cleanup = useCleanup();
let bed: ReviewBed;

beforeAll(async () => {
  bed = await ReviewBed.start(cleanup);
});

async function ready(): Promise<number> {
  return (await fetch(`${bed.url}/readyz`)).status;
}

describe('while the store is away', () => {
  it('notifications are 503 FAIL, forgeries still 401; then it is healthy by itself, and a repeat is taken once', async () => {
    await bed.notify(kybMessage('before'));
    await bed.store.goAway();
    try {
      const answers = await Promise.all([1, 2, 3].map(async (n) => await bed.notify(kybMessage(`away${n}`))));
      for (const { status, body, headers } of answers)
        expect([status, body, headers.get('retry-after')]).toEqual([503, 'FAIL', '1']);
      expect((await bed.notify(kybMessage('away1'), { accept: 'application/json' })).body).toBe('FAIL');
      expect((await bed.post(JSON.stringify({ ...kybMessage('x'), sign: 'x' }))).status).toBe(401);
      expect((await bed.post('{')).status).toBe(400);
      expect((await bed.ask('/v1/reviews')).status).toBe(503);
      expect(await ready()).toBe(503);
      expect((await fetch(`${bed.url}/livez`)).status).toBe(200);
    } finally {
      await bed.store.comeBack();
    }
    await eventually(async () => (await bed.notify(kybMessage('away1'))).status === 200);
    expect((await bed.notify(kybMessage('away1'))).status).toBe(200);
    const stored = await bed.store.query<{ biz_id: string }>('select biz_id from review.reviews order by id');
    expect(stored.map(({ biz_id: bizId }) => bizId)).toEqual(['before', 'away1']);
    expect((await bed.webhooks())['2022070222130610237 unavailable']).toBeGreaterThanOrEqual(4);
  });

  it('connections that break in the middle lose nothing that was answered SUCCESS and double nothing', async () => {
    await bed.store.query(
      'truncate review.clients, review.reviews, review.steps, review.outbox restart identity',
    );
    let sent = 0;
    const succeeded: string[] = [];
    const send = async (): Promise<void> => {
      for (let count = 0; count < 60; count += 1) {
        sent += 1;
        const bizId = `b${sent}`;
        const body = JSON.stringify(signed(kybMessage(bizId)));
        let answer: Answer;
        // The partner repeats until it is told SUCCESS.
        do answer = await bed.post(body);
        while (answer.status === 503);
        if (answer.status === 200) succeeded.push(bizId);
      }
    };
    const sending = Promise.all(Array.from({ length: 8 }, send));
    for (let cut = 0; cut < 10; cut += 1) {
      const soFar = succeeded.length;
      await eventually(() => succeeded.length > soFar + 20);
      await bed.store.terminate('review-notify-ingest%');
    }
    await sending;
    expect(succeeded).toHaveLength(480);
    const published = (await bed.outbox()).map(({ value }) => value);
    expect(published.map(({ bizId }) => bizId).sort()).toEqual(succeeded.sort());
    expect(published.every(({ sequence }) => sequence === 1)).toBe(true);
    expect(await bed.store.query('select from review.steps')).toHaveLength(480);
  });
});
