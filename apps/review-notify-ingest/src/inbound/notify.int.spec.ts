import { validateDto, ReviewDecidedDto } from '@kyc-relay/contracts';
import { sha256Hex } from '@kyc-relay/crypto';
import { eventually, useCleanup } from '@kyc-relay/testing';
import { INSTITUTION, kybMessage, SALTS, signed, storeMessage, type Fields } from '../testbed/messages';
import { ReviewBed, type Answer } from '../testbed/review-bed';

const cleanup = useCleanup();
let bed: ReviewBed;

beforeAll(async () => {
  bed = await ReviewBed.start(cleanup, {
    others: [
      { institutionId: 'elsewhere', salts: ['e'], source_addresses: ['203.0.113.0/24'] },
      { institutionId: 'slow', salts: [SALTS[0]], requests_per_second: 1 },
      { institutionId: 'second', salts: [SALTS[0]] },
    ],
  });
});

beforeEach(async () => {
  await bed.store.query(
    'truncate review.clients, review.reviews, review.steps, review.outbox restart identity',
  );
});

interface Stored {
  biz_id: string;
  sequence: number;
  status: string;
}

async function steps(): Promise<Stored[]> {
  return await bed.store.query<Stored>(
    `select r.biz_id, s.sequence, s.status from review.steps s join review.reviews r on r.id = s.review_id
     order by r.id, s.sequence`,
  );
}

function told({ status, body, headers }: Answer): string {
  return `${status} ${body} ${headers.get('content-type') ?? ''}`;
}

const SUCCESS = '200 SUCCESS text/plain; charset=utf-8';
const fail = (status: number): string => `${status} FAIL text/plain; charset=utf-8`;

describe('a notification that is taken', () => {
  it('is answered SUCCESS with the step, the sealed body and the event committed', async () => {
    expect(told(await bed.notify(kybMessage('r1')))).toBe(SUCCESS);
    expect(await steps()).toEqual([{ biz_id: 'r1', sequence: 1, status: 'MODIFY' }]);
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
    expect(await steps()).toMatchObject([{ biz_id: 'v', sequence: 1 }]);
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
    expect(await steps()).toHaveLength(1);
    expect(await bed.outbox()).toHaveLength(1);
  });

  it('in another order of keys, spacing and salt is the same', async () => {
    const fields = kybMessage('r1');
    await bed.notify(fields);
    const reversed = Object.fromEntries(Object.entries(signed(fields, SALTS[1])).reverse());
    expect(told(await bed.post(JSON.stringify(reversed, null, 2)))).toBe(SUCCESS);
    expect(await steps()).toHaveLength(1);
  });

  it('30 copies at once are one step and one event', async () => {
    const body = JSON.stringify(signed(kybMessage('r1')));
    const answers = await Promise.all(Array.from({ length: 30 }, async () => await bed.post(body)));
    expect(new Set(answers.map(told))).toEqual(new Set([SUCCESS]));
    expect(await steps()).toHaveLength(1);
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
    expect(await steps()).toHaveLength(5);
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
    expect((await steps()).map(({ status }) => status)).toEqual(['MODIFY', 'PENDING', 'MODIFY']);
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
    const stored = await steps();
    expect(stored.map(({ sequence }) => sequence)).toEqual(statuses.map((_, index) => index + 1));
    expect((await bed.outbox()).map(({ value }) => value.status)).toEqual(stored.map(({ status }) => status));
  });

  it('of two institutions, and of two kinds, are apart though the bizId is the same', async () => {
    await bed.notify(kybMessage('r1'));
    await bed.notify(kybMessage('r1', { institutionId: 'second' }));
    await bed.notify(storeMessage('r1'));
    expect((await steps()).map(({ sequence }) => sequence)).toEqual([1, 1, 1]);
  });

  it.each(['merchantClientId', 'subClientId'])(
    'never change their %s: refused and alarmed',
    async (field) => {
      await bed.notify(kybMessage('r1'));
      const before = bed.log.lines.length;
      expect(told(await bed.notify(kybMessage('r1', { [field]: 'another', status: 'PASS' })))).toBe(
        fail(400),
      );
      expect(await steps()).toHaveLength(1);
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

describe('what is not authentic', () => {
  const good = signed(kybMessage('r1'));
  it.each<[what: string, message: Fields]>([
    ['a missing sign', kybMessage('r1')],
    ['a null sign', { ...good, sign: null }],
    ['a sign that is no text', { ...good, sign: 5 }],
    ['an empty sign', { ...good, sign: '' }],
    ['a bad sign', { ...good, sign: '0'.repeat(32) }],
    ['another salt', signed(kybMessage('r1'), 'another')],
    ['the salt behind', { ...good, sign: sha256Hex('x').slice(0, 32) }],
    ['a changed bizId', { ...good, bizId: 'r2' }],
    ['a changed subClientId', { ...good, subClientId: 'other' }],
    ['a missing signType', signed({ ...kybMessage('r1'), signType: undefined })],
    ['SHA256', signed(kybMessage('r1', { signType: 'SHA256' }))],
    ['an unknown institution', signed(kybMessage('r1', { institutionId: 'nobody' }))],
    ['no institution', signed(kybMessage('r1', { institutionId: undefined }))],
    ['an institution of another type', signed(kybMessage('r1', { institutionId: { a: 1 } }))],
    ['an address that is not listed', signed(kybMessage('r1', { institutionId: 'elsewhere' }), 'e')],
    ['a bad signature and a bad field', { ...good, sign: 'x', comment: 5 }],
  ])('%s: 401, byte for byte alike, and nothing is stored', async (_, message) => {
    const answer = await bed.post(JSON.stringify(message), { accept: 'application/json' });
    expect(told(answer)).toBe(fail(401));
    const { headers } = await bed.post('{}');
    const same = ['content-length', 'content-type', 'www-authenticate', 'connection'];
    expect(same.map((name) => answer.headers.get(name))).toEqual(same.map((name) => headers.get(name)));
    expect(await steps()).toEqual([]);
  });

  it('an address that a forwarding header claims counts for nothing without a trusted proxy', async () => {
    const message = signed(kybMessage('r1', { institutionId: 'elsewhere' }), 'e');
    const answer = await bed.post(JSON.stringify(message), { 'x-forwarded-for': '203.0.113.9' });
    expect(told(answer)).toBe(fail(401));
  });

  it('the forwarded address counts behind a trusted proxy, the right-most that is not ours', async () => {
    const proxied = await ReviewBed.start(
      cleanup,
      {
        env: { TRUSTED_PROXIES: '127.0.0.0/8,::1,10.0.0.0/8' },
        others: [{ institutionId: 'elsewhere', salts: ['e'], source_addresses: ['203.0.113.0/24'] }],
      },
      bed.store,
    );
    const body = JSON.stringify(signed(kybMessage('r1', { institutionId: 'elsewhere' }), 'e'));
    const from = async (header: string): Promise<string> =>
      told(await proxied.post(body, { 'x-forwarded-for': header }));
    expect(await from('198.51.100.1')).toBe(fail(401));
    expect(await from('203.0.113.9, 198.51.100.1')).toBe(fail(401));
    expect(await from('203.0.113.9, 10.0.0.7')).toBe(SUCCESS);
  });
});

describe('what is malformed', () => {
  it.each<[what: string, body: string | Buffer]>([
    ['nothing', ''],
    ['no JSON', 'bizId=1&sign=2'],
    ['half a message', JSON.stringify(signed(kybMessage('r1'))).slice(0, 80)],
    ['an array', '[]'],
    ['null', 'null'],
    ['a text', '"x"'],
    ['UTF-16', Buffer.from(JSON.stringify(signed(kybMessage('r1'))), 'utf16le')],
    ['GBK', Buffer.from([0x7b, 0x22, 0xc7, 0xeb, 0xd6, 0xd8, 0x22, 0x3a, 0x31, 0x7d])],
    ['deep nesting', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
  ])('%s: 400 before any signature', async (_, body) => {
    expect(told(await bed.post(body))).toBe(fail(400));
  });

  it('a signed message with a wrong field: FAIL, or a problem that names it when Accept names JSON', async () => {
    const message = kybMessage('r1', { comment: undefined, bizType: 'SM_OTHER' });
    expect(told(await bed.notify(message))).toBe(fail(400));
    for (const accept of ['application/json', 'text/plain, application/problem+json;q=0.5, */*']) {
      const answer = await bed.notify(message, { accept });
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(JSON.parse(answer.body)).toMatchObject({
        status: 400,
        errors: [{ field: 'bizType' }, { field: 'comment', message: 'is missing' }],
      });
    }
    expect(told(await bed.notify(message, { accept: '*/*' }))).toBe(fail(400));
  });

  it('a deeply nested unknown field', async () => {
    const text = JSON.stringify(signed(kybMessage('r1', { nested: '?' })));
    const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(told(await bed.post(text.replace('"?"', nested)))).toBe(fail(400));
  });

  it('over 64 KiB is 413, of 64 KiB is taken', async () => {
    const plain = Buffer.byteLength(JSON.stringify(signed(kybMessage('r1', { filler: '' }))));
    const exact = kybMessage('r1', { filler: 'x'.repeat(65_536 - plain) });
    expect(told(await bed.notify(exact))).toBe(SUCCESS);
    const over = kybMessage('r2', { filler: 'x'.repeat(65_537 - plain) });
    expect(told(await bed.notify(over))).toBe(fail(413));
    const explained = await bed.notify(over, { accept: 'application/json' });
    expect([explained.status, JSON.parse(explained.body)]).toMatchObject([413, { status: 413 }]);
    expect(await steps()).toHaveLength(1);
  });
});

describe('over the rate of its institution', () => {
  it('a notification is 429 with Retry-After and does not touch the store; others are not held up', async () => {
    const notify = async (bizId: string): Promise<Answer> =>
      await bed.notify(kybMessage(bizId, { institutionId: 'slow' }));
    expect((await notify('q1')).status).toBe(200);
    const refused = await notify('q2');
    expect(told(refused)).toBe(fail(429));
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await bed.notify(kybMessage('q3'))).status).toBe(200);
    expect((await steps()).map(({ biz_id: bizId }) => bizId)).toEqual(['q1', 'q3']);
    expect((await bed.webhooks())['slow rate_limited']).toBe(1);
  });

  it('a forgery uses nothing up', async () => {
    const fresh = await ReviewBed.start(cleanup, { institution: { requests_per_second: 1 } }, bed.store);
    for (let count = 0; count < 5; count += 1)
      expect((await fresh.post(JSON.stringify({ ...kybMessage('q'), sign: 'x' }))).status).toBe(401);
    expect((await fresh.notify(kybMessage('q'))).status).toBe(200);
  });
});

describe('what is told of it', () => {
  it('is the request’s line with the hash of the body, and no content', async () => {
    const before = bed.log.lines.length;
    const body = JSON.stringify(signed(kybMessage('r1', { comment: 'a very personal remark' })));
    await bed.post(body);
    await eventually(() => bed.log.lines.length > before);
    expect(bed.log.lines.slice(before)).toMatchObject([
      {
        level: 'info',
        msg: 'request',
        status: 200,
        outcome: 'step',
        institutionId: INSTITUTION,
        bizType: 'SM_KYC_REVIEW',
        bizId: 'r1',
        sequence: 1,
        bodySha256: sha256Hex(body),
      },
    ]);

    const between = bed.log.lines.length;
    await bed.post(JSON.stringify({ ...kybMessage('r1'), sign: 'forged' }));
    await eventually(() => bed.log.lines.length > between + 1);
    const forged = { outcome: 'unauthenticated', institutionId: INSTITUTION };
    expect(bed.log.lines.slice(between)).toMatchObject([
      { level: 'warn', msg: 'notification refused', ...forged },
      { level: 'info', msg: 'request', status: 401, ...forged },
    ]);
    expect(bed.log.lines.at(-1)).not.toHaveProperty('bizId');
    const text = bed.log.text();
    for (const secret of ['110101199003074493', 'a very personal remark', 'forged', ...SALTS])
      expect(text).not.toContain(secret);
  });

  it('identity numbers stand in no table in clear', async () => {
    const number = '110101199003074493';
    await bed.notify(kybMessage('r1', { comment: `see ${number}`, more: { note: number } }));
    const rows = await bed.store.query<{ row: string }>(
      `select s::text as row from review.steps s union all select r::text from review.reviews r
       union all select convert_from(payload, 'UTF8') from review.outbox`,
    );
    expect(rows).toHaveLength(3);
    for (const { row } of rows) {
      expect(row).not.toContain(number);
      expect(row).not.toContain(Buffer.from(number).toString('hex'));
      expect(row).not.toContain(Buffer.from(number).toString('base64'));
    }
    const { body } = await bed.ask('/v1/reviews/SM_KYC_REVIEW/r1');
    expect(JSON.stringify(body)).not.toContain(number);
  });
});
