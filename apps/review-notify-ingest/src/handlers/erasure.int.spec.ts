import { PAYEE_CHANGED, newEventId, type PayeeChange } from '@kyc-relay/contracts';
import type { Fact } from '@kyc-relay/messaging';
import { useCleanup } from '@kyc-relay/testing';
import { kybMessage } from '../testbed/messages';
import { ReviewBed } from '../testbed/review-bed';
import { ErasureHandler } from './erasure.handler';

const PAYEE = '2000305228294092293550';
const OTHER = '2000305228294092293551';

const cleanup = useCleanup();
let bed: ReviewBed;

beforeAll(async () => {
  bed = await ReviewBed.start(cleanup);
});

beforeEach(async () => {
  await bed.store.query(
    'truncate review.clients, review.reviews, review.steps, review.outbox restart identity',
  );
});

async function tell(customerNo: string, change: PayeeChange): Promise<void> {
  const data = { customerNo, change };
  const fact: Fact = {
    id: newEventId(),
    source: '/kyc-relay/payee-service',
    type: PAYEE_CHANGED,
    time: new Date(),
    key: customerNo,
    replay: false,
    data,
  };
  await bed.parts.database.transaction(async (tx) => {
    const chunk = { arrived: [fact], facts: async () => await Promise.resolve([fact]), tx };
    expect(await bed.app.get(ErasureHandler).handle(chunk)).toEqual([undefined]);
  });
}

async function personal(): Promise<{ client: string; kept: boolean }[]> {
  return await bed.store.query(
    `select r.merchant_client_id as client, s.body is not null or s.comment is not null as kept
     from review.steps s join review.reviews r on r.id = s.review_id order by r.id, s.sequence`,
  );
}

describe('a deleted payee', () => {
  it('has the personal data of all its reviews erased, and nobody else’s', async () => {
    await bed.notify(kybMessage('r1', { merchantClientId: PAYEE }));
    await bed.notify(kybMessage('r1', { merchantClientId: PAYEE, status: 'PASS' }));
    await bed.notify(kybMessage('r2', { merchantClientId: PAYEE }));
    await bed.notify(kybMessage('r3', { merchantClientId: OTHER }));
    await tell(PAYEE, 'DELETED');
    expect(await personal()).toEqual([
      { client: PAYEE, kept: false },
      { client: PAYEE, kept: false },
      { client: PAYEE, kept: false },
      { client: OTHER, kept: true },
    ]);
    const { body } = await bed.ask('/v1/reviews/SM_KYC_REVIEW/r1');
    expect(body).toMatchObject({ status: 'PASS', comment: null, sequence: 2 });
    expect(body.history).toMatchObject([
      { sequence: 1, status: 'MODIFY', comment: null, message: null },
      { sequence: 2, status: 'PASS', comment: null, message: null },
    ]);
  });

  it('is remembered: what comes later is a step and an event, and nothing personal of it is kept', async () => {
    await tell(PAYEE, 'DELETED');
    await tell(PAYEE, 'DELETED');
    expect((await bed.notify(kybMessage('r1', { merchantClientId: PAYEE }))).body).toBe('SUCCESS');
    expect(await personal()).toEqual([{ client: PAYEE, kept: false }]);
    expect(await bed.outbox()).toHaveLength(1);
  });

  it('still has its repeats recognised', async () => {
    await bed.notify(kybMessage('r1', { merchantClientId: PAYEE }));
    await tell(PAYEE, 'DELETED');
    await bed.notify(kybMessage('r1', { merchantClientId: PAYEE }));
    expect(await personal()).toEqual([{ client: PAYEE, kept: false }]);
    expect(await bed.outbox()).toHaveLength(1);
  });

  it('has nothing left when it is deleted while notifications about it come in', async () => {
    const statuses = Array.from({ length: 30 }, (_, index) => `S${index}`);
    const [, ...answers] = await Promise.all([
      tell(PAYEE, 'DELETED'),
      ...statuses.map(
        async (status) => await bed.notify(kybMessage('r1', { merchantClientId: PAYEE, status })),
      ),
    ]);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const rows = await personal();
    expect(rows).toHaveLength(30);
    expect(rows.filter(({ kept }) => kept)).toEqual([]);
  });
});

it.each<PayeeChange>(['REGISTERED', 'UPDATED', 'STATUS_CHANGED'])(
  'a payee that is %s changes nothing',
  async (change) => {
    await bed.notify(kybMessage('r1', { merchantClientId: PAYEE }));
    await tell(PAYEE, change);
    expect(await personal()).toEqual([{ client: PAYEE, kept: true }]);
  },
);
