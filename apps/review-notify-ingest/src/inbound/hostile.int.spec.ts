import { gzipSync } from 'node:zlib';
import { ReviewDecidedDto, seededRandom, validateDto } from '@kyc-relay/contracts';
import { useCleanup } from '@kyc-relay/testing';
import { INSTITUTION, kybMessage, signed, storeMessage, type Fields } from '../testbed/messages';
import { RawRequest } from '../testbed/raw-request';
import { ReviewBed, type Answer } from '../testbed/review-bed';

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

const HOSTILE: readonly string[] = [
  'null',
  'true',
  '0',
  '-1',
  '1e999',
  '9007199254740993',
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"😀"',
  '"\u202e"',
  '[]',
  '{}',
  '[null]',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{}}}',
  '{"toString":null,"valueOf":null}',
  '{"then":1}',
  '{"length":-1}',
  `"${'x'.repeat(1025)}"`,
  `"${'审'.repeat(342)}"`,
  `"${'9'.repeat(1024)}"`,
  `"'; drop table review.steps; --"`,
  `[${'1,'.repeat(3000)}1]`,
  `${'['.repeat(2000)}${']'.repeat(2000)}`,
];

const random = seededRandom(20_220_715);
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

/** A message with something hostile at one place, signed before or after, or its bytes cut or flipped. */
function spoil(index: number): Buffer {
  const message = (random() < 0.7 ? kybMessage : storeMessage)(`bad${index}`);
  const text = JSON.stringify(message);
  const places = [...text.matchAll(/(?<=[:[,])(?:"[^"]*"(?!:)|\d+|\{[^{}]*\}|\[[^[\]]*\])/g)];
  const place = pick(places);
  const spoilt = text.slice(0, place.index) + pick(HOSTILE) + text.slice(place.index + place[0].length);
  const kind = random();
  if (kind < 0.6) {
    // Signed as it is, so that what is wrong is found behind the signature.
    const { sign } = signed(JSON.parse(spoilt) as Fields);
    return Buffer.from(`${spoilt.slice(0, -1)},"sign":${JSON.stringify(sign)}}`);
  }
  const good = JSON.stringify(signed(message));
  if (kind < 0.75) return Buffer.from(good.slice(0, Math.floor(random() * good.length)));
  const bytes = Buffer.from(good);
  bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  return bytes;
}

describe('300 generated bad inputs', () => {
  it('get the documented answers, and the good messages beside them are all taken', async () => {
    const sent = Array.from({ length: 300 }, (_, index) => spoil(index));
    const answers: Answer[] = [];
    const good: Answer[] = [];
    for (let start = 0; start < sent.length; start += 20) {
      const [bad, fine] = await Promise.all([
        Promise.all(sent.slice(start, start + 20).map(async (body) => await bed.post(body))),
        bed.notify(kybMessage(`good${start}`)),
      ]);
      answers.push(...bad);
      good.push(fine);
    }
    for (const [index, { status, body }] of answers.entries())
      expect([index, `${status} ${body}`]).toEqual([
        index,
        expect.stringMatching(/^(200 SUCCESS|40[01] FAIL)$/),
      ]);
    const of = (status: number): number => answers.filter((answer) => answer.status === status).length;
    // All three kinds were there: the test says something.
    expect(Math.min(of(200), of(400), of(401))).toBeGreaterThan(15);

    expect(good.every(({ status }) => status === 200)).toBe(true);
    const published = await bed.outbox();
    expect(published.filter(({ value }) => value.bizId.startsWith('good'))).toHaveLength(good.length);
    // What is spoilt may be a name, and so become a step, or a repeat, of the review of another.
    const counts = await bed.webhooks();
    const outcome = (name: string): number => counts[`${INSTITUTION} ${name}`] ?? 0;
    const taken = ['step', 'repeat', 'late_repeat'].map(outcome);
    expect(taken.reduce((sum, count) => sum + count)).toBe(good.length + of(200));
    expect(published).toHaveLength(outcome('step'));
    expect(await bed.store.query('select from review.steps')).toHaveLength(outcome('step'));
    for (const { value } of published)
      expect(validateDto(ReviewDecidedDto, value)).toMatchObject({ ok: true });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(bed.log.lines.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });

  it('are explained, to who reads JSON, without a value', async () => {
    for (let index = 0; index < 60; index += 1) {
      const answer = await bed.post(spoil(index), { accept: 'application/json' });
      if (answer.status !== 400) continue;
      const problem = JSON.parse(answer.body) as { errors: { field: string }[] };
      for (const { field } of problem.errors) expect(field).toMatch(/^[A-Za-z]+(?:\.[A-Za-z]+|\[\d+\])*$/);
      expect(answer.body).not.toContain('110101199003074493');
      expect(answer.body).not.toContain('drop table');
    }
  });
});

describe('a body that is wrongly encoded', () => {
  const text = JSON.stringify(signed(kybMessage('encoded')));
  it.each<[what: string, body: Buffer, headers: Record<string, string>]>([
    ['UTF-16', Buffer.from(text, 'utf16le'), {}],
    ['Latin-1', Buffer.from(text.replace('请重新提交', 'é'), 'latin1'), {}],
    [
      'cut within a character',
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from('请').subarray(0, 2), Buffer.from('"}')]),
      {},
    ],
    ['gzip', gzipSync(text), { 'content-encoding': 'gzip' }],
    ['gzip that says nothing of it', gzipSync(text), {}],
    ['two documents', Buffer.from(text + text), {}],
  ])('%s is 400', async (_, body, headers) => {
    const { status, body: told } = await bed.post(body, headers);
    expect([status, told]).toEqual([400, 'FAIL']);
  });
});

describe('a body that', () => {
  const good = JSON.stringify(signed(kybMessage('raw')));

  it('declares too much is 413 before a byte of it comes', async () => {
    const request = new RawRequest(bed.url).head({ 'Content-Length': 65_537 });
    expect(await request.answer()).toEqual({ status: '413', body: 'FAIL' });
  });

  it('grows beyond the limit without declaring it is 413', async () => {
    const request = new RawRequest(bed.url).head({ 'Transfer-Encoding': 'chunked' });
    for (let chunk = 0; chunk < 9; chunk += 1) request.write(`2000\r\n${'x'.repeat(8192)}\r\n`);
    expect(await request.answer()).toEqual({ status: '413', body: 'FAIL' });
  });

  it('ends early stores nothing and does no harm', async () => {
    const request = new RawRequest(bed.url).head({ 'Content-Length': Buffer.byteLength(good) });
    request.write(Buffer.from(good).subarray(0, 100)).end();
    expect((await request.answer()).status).not.toMatch(/^[25]/);
    const cut = new RawRequest(bed.url)
      .head({ 'Content-Length': Buffer.byteLength(good) })
      .write(good.slice(0, 50));
    cut.cut();
    await cut.answer();
    expect(await bed.outbox()).toEqual([]);
    expect((await bed.notify(kybMessage('after'))).status).toBe(200);
  });

  it('comes slowly holds nobody up and is taken when it is whole', async () => {
    const slow = new RawRequest(bed.url).head({ 'Content-Length': Buffer.byteLength(good) });
    const bytes = Buffer.from(good);
    for (let start = 0; start < bytes.length; start += 200) {
      slow.write(bytes.subarray(start, start + 200));
      expect((await bed.notify(kybMessage(`beside${start}`))).status).toBe(200);
    }
    expect(await slow.answer()).toEqual({ status: '200', body: 'SUCCESS' });
  });

  it('is told wrongly in its length is no 5xx', async () => {
    for (const length of [-1, '1x', '0x10', '']) {
      const request = new RawRequest(bed.url).head({ 'Content-Length': length }).write(good);
      expect((await request.answer()).status).toBe('400');
    }
    const both = new RawRequest(bed.url)
      .head({ 'Content-Length': 5, 'Transfer-Encoding': 'chunked' })
      .write('0\r\n\r\n');
    expect((await both.answer()).status).toBe('400');
  });
});

it.each(['GET', 'PUT', 'DELETE', 'PATCH'])('%s is not what the path is for', async (method) => {
  const response = await fetch(`${bed.url}/v1/notify/reviews`, { method });
  expect([response.status, await response.text()]).toEqual([404, 'FAIL']);
});
