import { sha256Hex } from '@kyc-relay/crypto';
import { eventually, useCleanup } from '@kyc-relay/testing';
import { fail, SUCCESS, told } from '../testbed/answers';
import { INSTITUTION, kybMessage, SALTS, signed, type Fields } from '../testbed/messages';
import { ReviewBed, type Answer } from '../testbed/review-bed';

const cleanup = useCleanup();
let bed: ReviewBed;

beforeAll(async () => {
  bed = await ReviewBed.start(cleanup, {
    others: [
      { institutionId: 'elsewhere', salts: ['e'], source_addresses: ['203.0.113.0/24'] },
      { institutionId: 'slow', salts: [SALTS[0]], requests_per_second: 1 },
    ],
  });
});

beforeEach(async () => {
  await bed.empty();
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
    expect(await bed.steps()).toEqual([]);
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
    expect(await bed.steps()).toHaveLength(1);
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
    expect((await bed.steps()).map(({ biz_id: bizId }) => bizId)).toEqual(['q1', 'q3']);
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
