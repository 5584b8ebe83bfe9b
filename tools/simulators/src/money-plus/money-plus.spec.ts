import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callHttp } from '../http-call';
import type { HttpAnswer } from '../http-call';
import { signRequest } from '../sign-request';
import { readJournalFile } from './journal-file';
import { startMoneyPlus } from './money-plus';
import type { MoneyPlus } from './money-plus';
import type { Behaviour } from './behaviour';

const SECRET = 'money-plus-secret';
const WAIT_MS = 5000;

interface Callback {
  url: string;
  event?: string;
  user?: string;
  version?: number;
  secret?: string;
  timeout_ms?: number;
}

/** What a sender does: signs a callback and sends it. */
async function send({
  url,
  event = 'e1',
  user = 'u1',
  version = 1,
  secret = SECRET,
  timeout_ms,
}: Callback): Promise<HttpAnswer> {
  const body = JSON.stringify({
    event_id: event,
    biz_id: 'MONEY_PLUS',
    shopee_uid: user,
    spay_kyc_level: 300,
  });
  return await callHttp({
    method: 'POST',
    url,
    body,
    headers: {
      'content-type': 'application/json',
      'x-relay-version': String(version),
      ...signRequest({ biz_id: 'MONEY_PLUS', secret, content: body, webhook_id: event }),
    },
    timeout_ms: timeout_ms ?? WAIT_MS,
  });
}

let folder: string;
let log: string;
let endpoint: MoneyPlus;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'money-plus-'));
  log = join(folder, 'received.jsonl');
  endpoint = await startMoneyPlus({ secrets: [SECRET], log_file: log });
});

beforeEach(() => {
  endpoint.reset();
});

afterAll(async () => {
  await endpoint.close();
  const logged = await readJournalFile(log);
  expect(logged.length).toBe(endpoint.nextIndex);
  await rm(folder, { recursive: true });
});

test('answers a signed callback with retcode 0 and records all of it', async () => {
  const before = Date.now();
  const answer = await send({ url: endpoint.statusUrl, version: 4 });
  expect(answer).toMatchObject({ status: 200, body: '{"retcode":0}' });
  const [request] = await endpoint.waitFor({ filter: { success: true } }, WAIT_MS);
  expect(request).toMatchObject({
    method: 'POST',
    path: '/money-plus/status',
    kind: 'status',
    biz_id: 'MONEY_PLUS',
    shopee_uid: 'u1',
    event_id: 'e1',
    webhook_id: 'e1',
    relay_version: 4,
    attempt: 1,
    body: '{"event_id":"e1","biz_id":"MONEY_PLUS","shopee_uid":"u1","spay_kyc_level":300}',
    body_complete: true,
    signature: 'valid',
    behaviour: 'ok',
    rule: null,
    status: 200,
    success: true,
    answered_wholly: true,
    bytes_written: 13,
  });
  expect(request!.headers).toMatchObject({ 'content-type': 'application/json' });
  expect(request!.arrived_at).toBeGreaterThanOrEqual(before - 5);
  expect(request!.ended_at!).toBeGreaterThanOrEqual(request!.arrived_at);
});

test('refuses a callback that is signed with another secret, whatever the rules say', async () => {
  endpoint.rule({ behaviour: { type: 'empty' } });
  expect(await send({ url: endpoint.infoUrl, secret: 'other' })).toMatchObject({ status: 401 });
  expect(endpoint.received()).toMatchObject([
    { kind: 'info', signature: 'airpay.mismatch', behaviour: 'unauthorised' },
  ]);
  expect(endpoint.rules()).toMatchObject([{ used: 0 }]);
});

test('answers as the rule of the user says, so many times, and others as ever', async () => {
  endpoint.rule({ match: { shopee_uid: 'u1' }, behaviour: { type: 'retcode', retcode: 5 }, times: 2 });
  const bodies = [];
  for (const user of ['u1', 'u2', 'u1', 'u1'])
    bodies.push((await send({ url: endpoint.statusUrl, user })).body);
  expect(bodies).toEqual(['{"retcode":5}', '{"retcode":0}', '{"retcode":5}', '{"retcode":0}']);
});

test('counts attempts of an event, for rules of the nth', async () => {
  endpoint.rule({ match: { event_id: 'e2', attempt: 2 }, behaviour: { type: 'http', status: 404 } });
  const statuses = [];
  for (const event of ['e1', 'e2', 'e2', 'e2'])
    statuses.push((await send({ url: endpoint.statusUrl, event })).status);
  expect(statuses).toEqual([200, 200, 404, 200]);
  expect(endpoint.received({ event_id: 'e2' }).map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
});

test('sends status and headers as told', async () => {
  endpoint.rule({ behaviour: { type: 'http', status: 503, headers: { 'Retry-After': '7' } } });
  expect(await send({ url: endpoint.statusUrl })).toMatchObject({
    status: 503,
    headers: { 'retry-after': '7' },
  });
});

test('a redirect leads to a target that records who follows', async () => {
  endpoint.rule({ match: { kind: 'status' }, behaviour: { type: 'redirect' } });
  const answer = await send({ url: endpoint.statusUrl });
  expect(answer.status).toBe(302);
  expect(endpoint.counts().redirect_hits).toBe(0);
  await callHttp({ method: 'GET', url: new URL(answer.headers.location!, endpoint.url).href });
  expect(endpoint.counts().redirect_hits).toBe(1);
});

test('204 has no body', async () => {
  endpoint.rule({ behaviour: { type: 'no-content' } });
  expect(await send({ url: endpoint.statusUrl })).toMatchObject({ status: 204, body: '' });
});

const CUT: [Behaviour, object][] = [
  [
    { type: 'reset', when: 'before-body' },
    { status: null, success: false, body_complete: false, event_id: null },
  ],
  [
    { type: 'reset', when: 'after-body' },
    { status: null, success: false, body_complete: true, event_id: 'e1' },
  ],
  [
    { type: 'reset', when: 'half-answer' },
    { status: 200, success: false, bytes_written: 7 },
  ],
  [{ type: 'lost-answer' }, { status: null, success: true, body_complete: true }],
];
test.each(CUT)('%j cuts the connection and says so in the record', async (behaviour, record) => {
  endpoint.rule({ behaviour });
  await expect(send({ url: endpoint.statusUrl })).rejects.toMatchObject({ code: 'ECONNRESET' });
  const [request] = await endpoint.waitFor((it) => it.ended_at !== null, WAIT_MS);
  expect(request).toMatchObject({
    ...record,
    behaviour: behaviour.type,
    answered_wholly: false,
    webhook_id: 'e1',
  });
});

test('never answers until the client gives up', async () => {
  endpoint.rule({ behaviour: { type: 'timeout' } });
  await expect(send({ url: endpoint.statusUrl, timeout_ms: 60 })).rejects.toThrow();
  const [request] = await endpoint.waitFor((it) => it.ended_at !== null, WAIT_MS);
  expect(request).toMatchObject({ status: null, success: false, answered_wholly: false });
});

test('answers late', async () => {
  endpoint.rule({ behaviour: { type: 'timeout', after_ms: 30 } });
  expect(await send({ url: endpoint.statusUrl })).toMatchObject({ status: 200, body: '{"retcode":0}' });
  const [request] = await endpoint.waitFor({ filter: { success: true } }, WAIT_MS);
  expect(request!.ended_at! - request!.arrived_at).toBeGreaterThanOrEqual(29);
});

test('answers drop by drop', async () => {
  endpoint.rule({ behaviour: { type: 'drip', every_ms: 1, bytes_at_once: 5 } });
  expect(await send({ url: endpoint.statusUrl })).toMatchObject({ status: 200, body: '{"retcode":0}' });
  expect(await endpoint.waitFor({ filter: { success: true, answered_wholly: true } }, WAIT_MS)).toHaveLength(
    1,
  );
});

test.each([
  [65_536, true],
  [65_537, false],
])('answers with %d bytes of JSON, which is success: %p', async (bytes, success) => {
  endpoint.rule({ behaviour: { type: 'huge', bytes } });
  const { body } = await send({ url: endpoint.statusUrl });
  expect(body).toHaveLength(bytes);
  expect(JSON.parse(body)).toMatchObject({ retcode: 0 });
  const [request] = await endpoint.waitFor((it) => it.ended_at !== null, WAIT_MS);
  expect(request).toMatchObject({ success, answered_wholly: true, bytes_written: bytes });
});

test('answers without end until the client cuts, and records how far it came', async () => {
  endpoint.rule({ behaviour: { type: 'huge' } });
  const body = '{"event_id":"e1","biz_id":"MONEY_PLUS"}';
  const headers = signRequest({ biz_id: 'MONEY_PLUS', secret: SECRET, content: body, webhook_id: 'e1' });
  await new Promise<void>((resolve) => {
    const outgoing = httpRequest(
      endpoint.statusUrl,
      { method: 'POST', agent: false, headers },
      (incoming) => {
        let size = 0;
        incoming.on('error', () => undefined);
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > 200_000) outgoing.destroy();
        });
        incoming.on('close', resolve);
      },
    );
    outgoing.end(body);
  });
  const [request] = await endpoint.waitFor((it) => it.ended_at !== null, WAIT_MS);
  expect(request).toMatchObject({ behaviour: 'huge', success: false, answered_wholly: false });
  expect(request!.bytes_written).toBeGreaterThan(100_000);
});

test('records a request that was cut in the middle of its body', async () => {
  const outgoing = httpRequest(endpoint.statusUrl, {
    method: 'POST',
    agent: false,
    headers: { 'content-length': 99 },
  });
  outgoing.on('error', () => undefined);
  outgoing.write('{"event_id"', () => setImmediate(() => outgoing.destroy()));
  const [request] = await endpoint.waitFor({ filter: { behaviour: 'aborted' } }, WAIT_MS);
  expect(request).toMatchObject({ body_complete: false, signature: 'unchecked', answered_wholly: false });
});

test('refuses while told to, resets while told to, and serves the same port again', async () => {
  await endpoint.refuse();
  await expect(send({ url: endpoint.statusUrl })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await endpoint.resetConnections();
  await expect(send({ url: endpoint.statusUrl })).rejects.toMatchObject({ code: 'ECONNRESET' });
  await endpoint.accept();
  expect(await send({ url: endpoint.statusUrl })).toMatchObject({ status: 200 });
  expect(endpoint.received()).toHaveLength(1);
});

test.each([
  ['GET', '/money-plus/status'],
  ['POST', '/elsewhere'],
])('%s %s is not found, but recorded', async (method, path) => {
  expect(await callHttp({ method, url: endpoint.url + path })).toMatchObject({ status: 404 });
  expect(endpoint.received()).toMatchObject([{ kind: 'other', method, path, behaviour: 'not-found' }]);
});

test('says how many came when a wait is over', async () => {
  await send({ url: endpoint.statusUrl });
  await expect(endpoint.waitFor(2, 20)).rejects.toThrow('Waited 20 ms for 2 requests, but 1 came.');
});

test('refuses a malformed rule by its field', () => {
  expect(() => endpoint.rule({ behaviour: { type: 'reset' } as unknown as Behaviour })).toThrow(
    'behaviour.when must',
  );
});

test('quick mode records ids, versions and hashes, but neither bodies nor attempts', async () => {
  const quick = await startMoneyPlus({ secrets: [SECRET], quick: true });
  await send({ url: quick.infoUrl, version: 3 });
  const [request] = await quick.waitFor({ filter: { success: true } }, WAIT_MS);
  expect(request).toMatchObject({ event_id: 'e1', relay_version: 3, signature: 'valid', attempt: null });
  expect(request!.body_sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(request).not.toHaveProperty('body');
  expect(request).not.toHaveProperty('headers');
  await quick.close();
});
