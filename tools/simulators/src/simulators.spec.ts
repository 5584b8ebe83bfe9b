import { SimulatorClient } from './control/simulator-client';
import { callHttp } from './http-call';
import type { HttpAnswer } from './http-call';
import { signRequest } from './sign-request';
import { startSimulators } from './simulators';
import type { Simulators } from './simulators';

const SECRET = 'money-plus-secret';

async function send(url: string, event: string): Promise<HttpAnswer> {
  const body = JSON.stringify({ event_id: event, biz_id: 'MONEY_PLUS', shopee_uid: 'u1' });
  return await callHttp({
    method: 'POST',
    url,
    body,
    headers: {
      'x-relay-version': event.slice(1),
      ...signRequest({ biz_id: 'MONEY_PLUS', secret: SECRET, content: body, webhook_id: event }),
    },
  });
}

let simulators: Simulators;
let client: SimulatorClient;
let statusUrl: string;

beforeAll(async () => {
  simulators = await startSimulators({
    host: '127.0.0.1',
    port: 0,
    money_plus_port: 0,
    secrets: [SECRET],
    quick: false,
    brokers: [],
    acquirer: { accessid: 'relay', access_keys: ['acquirer-key'] },
    review_partner: { institution_id: '7', salt: 'salt', time_scale: 0 },
  });
  client = new SimulatorClient(simulators.info().url);
  statusUrl = (await client.info()).status_url;
});

beforeEach(async () => {
  await client.reset();
});

afterAll(async () => {
  await simulators.close();
  expect(await client.isHealthy()).toBe(false);
});

test('tells where it is and what it serves', async () => {
  expect(await client.isHealthy()).toBe(true);
  const info = await client.info();
  expect(info.status_url).toBe(`${info.url}/money-plus/status`);
  expect(info.info_url).toBe(`${info.url}/money-plus/info`);
  expect(info.endpoints).toMatchObject([{ state: 'accepting' }]);
  expect(info.upstream).toEqual({ kafka: false, http: false });
});

test.each(['/livez', '/readyz'])('answers %s as any service does, without recording it', async (path) => {
  expect(await callHttp({ method: 'GET', url: simulators.info().url + path })).toMatchObject({ status: 200 });
  expect(await client.counts()).toMatchObject({ received: 0 });
});

test('sets rules, lists what was received, counts and checks it', async () => {
  expect(await client.rule([{ id: 'first', behaviour: { type: 'http', status: 404 }, times: 1 }])).toEqual([
    'first',
  ]);
  await send(statusUrl, 'e1');
  await send(statusUrl, 'e1');
  await send(statusUrl, 'e2');
  expect(await client.waitForCount({ filter: { success: true }, count: 2 })).toBe(2);
  expect((await client.received({ event_id: 'e1' })).map(({ status }) => status)).toEqual([404, 200]);
  expect(await client.rules()).toMatchObject([{ id: 'first', used: 1 }]);
  expect(await client.counts()).toMatchObject({
    received: 3,
    successes: 2,
    by_behaviour: { http: 1, ok: 2 },
  });
  expect(await client.counts({ event_id: 'e2' })).toMatchObject({ received: 1 });
  expect(await client.check({ redriven: ['e9'] })).toMatchObject({ events: 2, delivered: 2, holds: true });
  await client.clearRules('first');
  expect(await client.rules()).toEqual([]);
});

test('a long poll returns as soon as what it waits for has come, or says that it did not', async () => {
  const waiting = client.waitFor({ filter: { shopee_uid: 'u1', kind: 'status' }, count: 2 });
  await send(statusUrl, 'e1');
  await send(statusUrl, 'e2');
  expect((await waiting).map(({ event_id }) => event_id)).toEqual(['e1', 'e2']);
  await expect(client.waitFor({ count: 3, timeout_ms: 20 })).rejects.toThrow('but 2 came');
});

test('since looks only at what follows', async () => {
  await send(statusUrl, 'e1');
  const [first] = await client.received();
  await send(statusUrl, 'e2');
  expect((await client.received({ since: first!.index + 1 })).map(({ event_id }) => event_id)).toEqual([
    'e2',
  ]);
});

test('opens endpoints that are refused, reset and opened again one by one, while control stays reachable', async () => {
  const { id, status_url: url } = await client.openEndpoint();
  expect(await send(url, 'e1')).toMatchObject({ status: 200 });
  expect(await client.refuse(id)).toMatchObject({ state: 'refusing' });
  await expect(send(url, 'e2')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await send(statusUrl, 'e2')).toMatchObject({ status: 200 });
  expect(await client.resetConnections(id)).toMatchObject({ state: 'resetting' });
  await expect(send(url, 'e3')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await client.accept(id)).toMatchObject({
    state: 'accepting',
    connections_reset: 1,
    status_url: url,
  });
  expect(await send(url, 'e3')).toMatchObject({ status: 200 });
  await client.closeEndpoint(id);
  await expect(client.accept(id)).rejects.toThrow('404');
});

const REFUSED: [string, string, string, number, string][] = [
  ['POST', 'rules', '{"behaviour":{"type":"explode"}}', 400, 'behaviour.type'],
  ['POST', 'rules', '[{"behaviour":{"type":"ok"}},{}]', 400, '[1].behaviour'],
  ['POST', 'rules', '{', 400, 'JSON'],
  ['GET', 'received?kind=all', '', 400, 'kind'],
  ['GET', 'received?since=-1', '', 400, 'since'],
  ['GET', 'wait?success=maybe', '', 400, 'success'],
  ['POST', 'check', '{"redriven":5}', 400, 'redriven'],
  ['POST', 'check', '{"crash_windows":[{"from":1}]}', 400, 'crash_windows'],
  ['POST', 'upstream', '{"events":[]}', 400, 'events'],
  ['POST', 'upstream', '{"events":[{"type":"x"}]}', 400, 'events[0].data'],
  ['POST', 'upstream', '{"events":[{"type":"x","data":{}}]}', 502, 'brokers'],
  ['DELETE', 'rules/none', '', 404, 'none'],
  ['GET', 'nothing', '', 404, 'nothing'],
  ['GET', 'toString', '', 404, 'toString'],
];
test.each(REFUSED)('%s %s with %j is answered %d and names %s', async (method, path, body, status, word) => {
  const answer = await callHttp({ method, url: `${simulators.info().url}/control/${path}`, body });
  expect(answer.status).toBe(status);
  expect((JSON.parse(answer.body) as { error: string }).error).toContain(word);
});

test('lets the acquirer be filled, told to fail and looked at over the control API', async () => {
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const url = `${simulators.info().url}/control/acquirer/${path}`;
    const answer = await callHttp({ method, url, body: body === undefined ? '' : JSON.stringify(body) });
    if (answer.status !== 200) throw new Error(answer.body);
    return JSON.parse(answer.body);
  };
  expect(await control('POST', 'examples')).toEqual({ added: 2 });
  expect(await control('POST', 'faults', { fault: { type: 'fail-99' }, times: 2 })).toEqual({
    ids: ['fault-1'],
  });
  await expect(control('POST', 'faults', { fault: { type: 'explode' } })).rejects.toThrow('fault.type');
  const { acquirer_url: url } = await client.info();
  expect((await callHttp({ method: 'POST', url, body: '{}' })).body).toContain('"respCode":"99"');
  expect(await control('GET', 'requests')).toMatchObject({
    requests: [{ outcome: 'refused: sign is wrong' }],
  });
  const flowNo = '202304101015136891000451934';
  expect(await control('POST', 'change', { flowNo, fields: { flowStatus: 'HT' } })).toEqual({});
  expect(await control('GET', 'cases')).toMatchObject({ cases: [{ flowNo, flowStatus: 'HT' }, {}] });
});

test('lets the review partner send, over the control API', async () => {
  const url = statusUrl;
  const delivery = await client.notifyReview({ example: 'store', message: { bizId: 'r1' }, url, repeats: 2 });
  expect(delivery).toMatchObject({ taken: false, ended: true, attempts: [{ status: 401 }, {}, {}] });
  expect(JSON.parse(delivery.body)).toMatchObject({
    bizId: 'r1',
    bizType: 'SM_STORE_REVIEW',
    institutionId: '7',
  });
  expect(await client.reviewDeliveries(delivery.id)).toEqual([delivery]);
  await expect(client.notifyReview({ example: 'kyb' })).rejects.toThrow('url must be a URL');
});
