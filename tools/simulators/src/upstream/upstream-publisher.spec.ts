import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { toEnvelope } from './cloud-event-encoding';
import { accountActivated } from './upstream-event';
import { UpstreamPublisher } from './upstream-publisher';

const EVENT = accountActivated({ id: 'id-1', time: '2022-10-26T00:00:00Z' }, { shopee_uid: 'u1' });

let server: Server;
let url: string;
let seen: { path: string | undefined; headers: IncomingMessage['headers']; body: string };

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      seen = { path: request.url, headers: request.headers, body };
      response.writeHead(202).end('{"accepted":1}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

test('posts one event to /v1/events with the bearer token', async () => {
  const publisher = new UpstreamPublisher({ events_url: url, token: 'secret' });
  expect(await publisher.post(EVENT)).toMatchObject({ status: 202, body: '{"accepted":1}' });
  expect(seen.path).toBe('/v1/events');
  expect(seen.headers).toMatchObject({
    'content-type': 'application/cloudevents+json',
    authorization: 'Bearer secret',
  });
  expect(JSON.parse(seen.body)).toEqual(toEnvelope(EVENT));
});

test('posts a list as a batch', async () => {
  await new UpstreamPublisher({ events_url: url, token: 'secret' }).post([EVENT, EVENT]);
  expect(seen.headers['content-type']).toBe('application/cloudevents-batch+json');
  expect(JSON.parse(seen.body)).toEqual([toEnvelope(EVENT), toEnvelope(EVENT)]);
});

test('posts anything as it is, to another path, without a token, with other headers', async () => {
  const publisher = new UpstreamPublisher({ events_url: `${url}/elsewhere`, token: 'secret' });
  await publisher.postRaw({ body: '{"broken', token: null, headers: { 'x-any': 'thing' } });
  expect(seen.path).toBe('/elsewhere');
  expect(seen.headers).toMatchObject({ 'x-any': 'thing' });
  expect(seen.headers).not.toHaveProperty('authorization');
  expect(seen.headers).not.toHaveProperty('content-type');
  expect(seen.body).toBe('{"broken');
});

test('says which half was not set up', async () => {
  await expect(new UpstreamPublisher({}).post(EVENT)).rejects.toThrow('no events_url');
  await expect(new UpstreamPublisher({}).publish(EVENT)).rejects.toThrow('no brokers');
});
