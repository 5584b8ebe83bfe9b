import { validateDto, ReviewDecidedDto } from '@kyc-relay/contracts';
import { useCleanup } from '@kyc-relay/testing';
import { fail, SUCCESS, told } from '../testbed/answers';
import { INSTITUTION, kybMessage, SALTS, signed, storeMessage } from '../testbed/messages';
import { ReviewBed, type Answer } from '../testbed/review-bed';

const cleanup = useCleanup();
let bed: ReviewBed;

beforeAll(async () => {
  bed = await ReviewBed.start(cleanup, { others: [{ institutionId: 'second', salts: [SALTS[0]] }] });
});

beforeEach(async () => {
  await bed.empty();
});

describe('a notification that is taken', () => {
  it('is answered SUCCESS with the step, the sealed body and the event committed', async () => {
    expect(told(await bed.notify(kybMessage('r1')))).toBe(SUCCESS);
    expect(await bed.steps()).toEqual([{ biz_id: 'r1', sequence: 1, status: 'MODIFY' }]);
    const [message, ...others] = await bed.outbox();
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      topic: 'review.decided.v1',
      key: 'ws0002',
      headers: {
        ce_type: 'review.decided',
        ce_source: '/kyc-relay/review-notify-ingest',
        ce_subject: 'ws0002',
      },
      value: {
        kind: 'KYB',
        bizId: 'r1',
        sequence: 1,
        resubmission: { persons: [{ customerId: 778, idCardNumber: '**************4493' }] },
      },
    });
    expect(message?.headers['ce_id']).toBe(message?.value.event_id);
    expect(message?.value.first_seen_at).toBe(message?.value.received_at);
    expect(validateDto(ReviewDecidedDto, message?.value)).toMatchObject({ ok: true });
  });

  it('of a store names the store', async () => {
    expect(told(await bed.notify(storeMessage('s1')))).toBe(SUCCESS);
    expect((await bed.outbox())[0]?.value).toMatchObject({
      kind: 'STORE',
      accId: '2022070222130610237524',
      merchantAccId: 'MAC10003',
      status: 'PENDING',
    });
  });

  it.each<[what: string, send: () => Promise<Answer>]>([
    [
      'signed with the second salt',
      async () => await bed.post(JSON.stringify(signed(kybMessage('v'), SALTS[1]))),
    ],
    [
      'with a sign in lower case',
      async () => {
        const message = signed(kybMessage('v'));
        return await bed.post(JSON.stringify({ ...message, sign: String(message['sign']).toLowerCase() }));
      },
    ],
    [
      'with white space around ids',
      async () => await bed.notify(kybMessage(' v ', { institutionId: `${INSTITUTION} ` })),
    ],
    ...['', 'text/plain', 'application/x-www-form-urlencoded', 'json', 'application/json; charset', ';'].map(
      (type): [string, () => Promise<Answer>] => [
        `called ${JSON.stringify(type)}`,
        async () => await bed.post(JSON.stringify(signed(kybMessage('v'))), { 'content-type': type }),
      ],
    ),
    [
      'with Accept for JSON, answered SUCCESS all the same',
      async () => await bed.notify(kybMessage('v'), { accept: 'application/json' }),
    ],
    ['with a status that nobody knows', async () => await bed.notify(kybMessage('v', { status: 'FROZEN' }))],
  ])('%s', async (_, send) => {
    expect(told(await send())).toBe(SUCCESS);
    expect(await bed.steps()).toMatchObject([{ biz_id: 'v', sequence: 1 }]);
  });

  it('keeps unknown fields for the history and does not publish them', async () => {
    await bed.notify(kybMessage('r1', { newField: { deep: ['x'] } }));
    expect(JSON.stringify((await bed.outbox())[0]?.value)).not.toContain('newField');
    const { body } = await bed.ask('/v1/reviews/SM_KYC_REVIEW/r1');
    expect(body.history[0]?.message).toMatchObject({ newField: { deep: ['x'] } });
  });
});

describe('the same again', () => {
  it('is taken before: no step, no event', async () => {
    const body = JSON.stringify(signed(kybMessage('r1')));
    for (let copy = 0; copy < 3; copy += 1) expect(told(await bed.post(body))).toBe(SUCCESS);
    expect(await bed.steps()).toHaveLength(1);
    expect(await bed.outbox()).toHaveLength(1);
  });

  it('in another order of keys, spacing and salt is the same', async () => {
    const fields = kybMessage('r1');
    await bed.notify(fields);
    const reversed = Object.fromEntries(Object.entries(signed(fields, SALTS[1])).reverse());
    expect(told(await bed.post(JSON.stringify(reversed, null, 2)))).toBe(SUCCESS);
    expect(await bed.steps()).toHaveLength(1);
  });

  it('30 copies at once are one step and one event', async () => {
    const body = JSON.stringify(signed(kybMessage('r1')));
    const answers = await Promise.all(Array.from({ length: 30 }, async () => await bed.post(body)));
    expect(new Set(answers.map(told))).toEqual(new Set([SUCCESS]));
    expect(await bed.steps()).toHaveLength(1);
    expect(await bed.outbox()).toHaveLength(1);
  });

  it('30 copies at once to three replicas are one step and one event', async () => {
    const replicas = [
      bed,
      await ReviewBed.start(cleanup, {}, bed.store),
      await ReviewBed.start(cleanup, {}, bed.store),
    ];
    for (let round = 0; round < 5; round += 1) {
      const body = JSON.stringify(signed(kybMessage(`round${round}`, { merchantClientId: `m${round}` })));
      const answers = await Promise.all(
        Array.from({ length: 30 }, async (_, copy) => await replicas[copy % 3]!.post(body)),
      );
      expect(new Set(answers.map(told))).toEqual(new Set([SUCCESS]));
    }
    expect(await bed.steps()).toHaveLength(5);
    expect(await bed.outbox()).toHaveLength(5);
  });

  it('after a newer step is counted and shown, and is no step', async () => {
    await bed.notify(kybMessage('r1'));
    await bed.notify(kybMessage('r1', { status: 'PENDING' }));
    await bed.notify(kybMessage('r1'));
    await bed.notify(kybMessage('r1'));
    const { body } = await bed.ask('/v1/reviews/SM_KYC_REVIEW/r1');
    expect(body.status).toBe('PENDING');
    expect(body.history).toMatchObject([
      { sequence: 1, late_repeats: 2, last_late_repeat_at: expect.any(String) as string },
      { sequence: 2, late_repeats: 0, last_late_repeat_at: null },
    ]);
    expect(await bed.outbox()).toHaveLength(2);
  });

  it('a day after an older step is the next step', async () => {
    await bed.notify(kybMessage('r1'));
    await bed.notify(kybMessage('r1', { status: 'PENDING' }));
    await bed.store.query(`update review.steps set received_at = received_at - interval '25 hours'`);
    await bed.notify(kybMessage('r1'));
    expect((await bed.steps()).map(({ status }) => status)).toEqual(['MODIFY', 'PENDING', 'MODIFY']);
  });
});

describe('the steps of a review', () => {
  it('are numbered without gaps in the order of arrival, with when the first one came', async () => {
    for (const status of ['PENDING', 'MODIFY', 'PENDING again', 'PASSED'])
      await bed.notify(kybMessage('r1', { status }));
    const values = (await bed.outbox()).map(({ value }) => value);
    expect(values.map(({ sequence, status }) => [sequence, status])).toEqual([
      [1, 'PENDING'],
      [2, 'MODIFY'],
      [3, 'PENDING again'],
      [4, 'PASS'],
    ]);
    expect(new Set(values.map((value) => value.first_seen_at))).toEqual(new Set([values[0]?.received_at]));
  });

  it('are numbered without gaps when many are sent at once, on the topic in the same order', async () => {
    const statuses = Array.from({ length: 40 }, (_, index) => `S${index}`);
    const answers = await Promise.all(
      statuses.map(async (status) => await bed.notify(kybMessage('r1', { status }))),
    );
    expect(new Set(answers.map(told))).toEqual(new Set([SUCCESS]));
    const stored = await bed.steps();
    expect(stored.map(({ sequence }) => sequence)).toEqual(statuses.map((_, index) => index + 1));
    expect((await bed.outbox()).map(({ value }) => value.status)).toEqual(stored.map(({ status }) => status));
  });

  it('of two institutions, and of two kinds, are apart though the bizId is the same', async () => {
    await bed.notify(kybMessage('r1'));
    await bed.notify(kybMessage('r1', { institutionId: 'second' }));
    await bed.notify(storeMessage('r1'));
    expect((await bed.steps()).map(({ sequence }) => sequence)).toEqual([1, 1, 1]);
  });

  it.each(['merchantClientId', 'subClientId'])(
    'never change their %s: refused and alarmed',
    async (field) => {
      await bed.notify(kybMessage('r1'));
      const before = bed.log.lines.length;
      expect(told(await bed.notify(kybMessage('r1', { [field]: 'another', status: 'PASS' })))).toBe(
        fail(400),
      );
      expect(await bed.steps()).toHaveLength(1);
      expect(bed.log.lines.slice(before)).toContainEqual(
        expect.objectContaining({ level: 'warn', outcome: 'conflict', field, bizId: 'r1' }),
      );
      expect((await bed.webhooks())[`${INSTITUTION} conflict`]).toBeGreaterThan(0);
      expect(told(await bed.notify(kybMessage('r1', { status: 'PASS' })))).toBe(SUCCESS);
    },
  );

  it('with two clients sent at once: one is right, the other refused', async () => {
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all(
        ['a', 'b'].map(
          async (merchantClientId) => await bed.notify(kybMessage(`r${round}`, { merchantClientId })),
        ),
      );
      expect(answers.map(told).sort()).toEqual([SUCCESS, fail(400)]);
    }
    expect(await bed.outbox()).toHaveLength(10);
  });
});
