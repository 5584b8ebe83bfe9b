import { FORGERIES, kybReview, storeReview } from '@kyc-relay/simulators';
import { DECIDED, ReviewWorld } from './reviews/review-world';
import { awaitState } from './world/await-state';
import { eventually } from './world/eventually';

jest.setTimeout(180_000);

const IDENTITY_NUMBER = '110101199003074493';
const REVIEWS = 200;
const STATUSES = ['PENDING', 'MODIFY', 'PASSED'];

describe('reviews, from the partner to the topic', () => {
  let world: ReviewWorld;

  beforeAll(async () => {
    world = await ReviewWorld.start();
  }, 180_000);

  afterAll(async () => {
    await world.stop();
  }, 60_000);

  it('takes the examples of the documentation, signed with the second salt', async () => {
    for (const message of [kybReview({ bizId: 'example' }), storeReview({ bizId: 'example' })])
      expect(await world.partner.send({ message }).done).toMatchObject({
        taken: true,
        attempts: [{ status: 200 }],
      });
    await eventually(
      () => world.told('example').map(({ sequence, status }) => `${sequence} ${status}`),
      ['1 MODIFY', '1 PENDING'],
    );
    expect(await world.history('SM_STORE_REVIEW', 'example')).toMatchObject([
      { sequence: 1, message: { merchantAccId: 'MAC10003' } },
    ]);
  });

  it('takes thirty copies at once, and later ones, as one step', async () => {
    const sent = await world.partner.send({
      message: kybReview({ bizId: 'copies' }),
      copies: 30,
      duplicates: 5,
    }).done;
    expect(sent.attempts.map(({ status }) => status)).toEqual(Array<number>(35).fill(200));
    expect(await world.history('SM_KYC_REVIEW', 'copies')).toHaveLength(1);
    await eventually(() => world.told('copies').length, 1);
  });

  it('takes no forgery, and answers each alike', async () => {
    const answers = new Set<string>();
    for (const forge of FORGERIES) {
      const { attempts } = await world.partner.send({
        message: kybReview({ bizId: 'forged' }),
        forge,
        repeats: 0,
      }).done;
      for (const { status, answer } of attempts) answers.add(`${status} ${answer}`);
    }
    expect([...answers]).toEqual(['401 FAIL']);
    expect(await world.history('SM_KYC_REVIEW', 'forged')).toEqual([]);
  });

  it('has every step once and in order, whatever is killed while they are told', async () => {
    let taken = 0;
    const work = Array.from({ length: REVIEWS }, (_, index) => `killed-${index}`).values();
    const tell = async (): Promise<void> => {
      for (const bizId of work)
        for (const status of STATUSES) {
          const person = { customerId: 1, customerType: 1, idCardNumber: IDENTITY_NUMBER, status: 'FAILED' };
          const message = kybReview({
            bizId,
            status,
            merchantClientId: bizId,
            reviewDetail: { personReviewResult: [person] },
          });
          // What is not SUCCESS is repeated, as the partner does; a kill takes no longer than its second round.
          const delivery = await world.partner.send({ message, duplicates: 1 }).done;
          if (!delivery.taken) throw new Error(`${bizId} ${status}: ${JSON.stringify(delivery.attempts)}`);
          taken += 1;
        }
    };
    const tellers = Promise.all(Array.from({ length: 16 }, tell));
    for (const [after, which] of [
      [40, 'review-notify-ingest'],
      [120, 'review-notify-ingest'],
      [200, 'postgres'],
      [300, 'kafka'],
      [400, 'review-notify-ingest'],
      [500, 'review-notify-ingest'],
    ] as const) {
      await awaitState(`${after} steps`, () => taken >= after, 60_000);
      world.kill(which);
    }
    await tellers;
    expect(taken).toBe(REVIEWS * STATUSES.length);

    const stored = await world.query<{ biz_id: string; steps: string }>(
      `select r.biz_id, string_agg(s.sequence || ' ' || s.status, ', ' order by s.sequence) as steps
       from review.reviews r join review.steps s on s.review_id = r.id where r.biz_id like 'killed-%' group by 1`,
    );
    expect(stored).toHaveLength(REVIEWS);
    expect(new Set(stored.map(({ steps }) => steps))).toEqual(new Set(['1 PENDING, 2 MODIFY, 3 PASS']));
    await awaitState(
      'every step is told of',
      () => stored.every(({ biz_id: bizId }) => world.told(bizId).length >= 3),
      60_000,
    );
    for (const { biz_id: bizId } of stored) {
      const told = world.told(bizId);
      expect(told.map(({ sequence, status }) => `${sequence} ${status}`)).toEqual([
        '1 PENDING',
        '2 MODIFY',
        '3 PASS',
      ]);
      expect(new Set(told.map((one) => one.first_seen_at))).toEqual(new Set([told[0]?.received_at]));
    }
    // A copy of a message, after a kill, is the same to the byte.
    const values = new Map<string, string>();
    for (const { headers, value } of world.topics.of(DECIDED)) {
      const id = headers['ce_id'] ?? '';
      expect(values.get(id) ?? value).toBe(value);
      values.set(id, value);
    }
  });

  it('shows an identity number in clear in no table, topic or log, where others do show', async () => {
    const places = await world.places();
    const planted: Record<string, string> = {
      'review.reviews': 'killed-0',
      'review.steps': 'MODIFY',
      [DECIDED]: 'killed-0',
      logs: '"bizId":"killed-0"',
    };
    for (const [place, text] of Object.entries(planted))
      expect([place, places.get(place)]).toEqual([place, expect.stringContaining(text)]);
    for (const number of [IDENTITY_NUMBER, Buffer.from(IDENTITY_NUMBER).toString('hex')])
      expect([...places].filter(([, text]) => text.includes(number)).map(([place]) => place)).toEqual([]);
  });
});
