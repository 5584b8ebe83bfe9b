import { connect } from 'node:net';
import { once } from 'node:events';
import { describeBadRequests } from './bad-input/http-edges';
import { describeBadMessages } from './bad-input/topics';
import { call } from './world/call';
import { Seeded, SEED } from './world/seeded';
import { readMetric } from './world/tasks';
import { World, type ServiceName } from './world/world';

jest.setTimeout(120_000);

const SERVICES: ServiceName[] = ['kyc-status-publisher', 'ekyc-phone-change-consumer', 'money-plus-callback'];

describe(`bad input, seed ${SEED}`, () => {
  let world: World;
  const theWorld = (): World => world;

  beforeAll(async () => {
    world = await World.start();
  }, 180_000);

  afterAll(async () => {
    await world.stop();
  }, 60_000);

  describeBadMessages(theWorld);
  describeBadRequests(theWorld);

  it('bytes that are no HTTP cost a connection and no more', async () => {
    const seeded = new Seeded(SEED);
    const starts = [
      '',
      'GET / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
      'POST /v1/events HTTP/9.9\r\n\r\n',
    ];
    for (const service of SERVICES) {
      const { hostname, port } = new URL(world.url(service, '/'));
      for (let count = 0; count < 20; count += 1) {
        const socket = connect(Number(port), hostname);
        socket.on('error', () => socket.destroy());
        socket.resume();
        socket.end(Buffer.concat([Buffer.from(seeded.pick(starts)), seeded.bytes(1 + seeded.below(500))]));
        await once(socket, 'close');
      }
      expect((await call({ url: world.url(service, '/readyz'), as: 'nobody' })).status).toBe(200);
    }
  });

  it('after all of it no process has ended, no answer was a 5xx, no key is parked', async () => {
    expect(world.stack).toEqual(world.running.stack);
    for (const service of SERVICES) {
      const url = world.url(service, '/metrics');
      const { text } = await call({ url, as: 'nobody' });
      // While a service starts, /readyz says so by 503.
      const failures = text
        .split('\n')
        .filter((line) => /^relay_http_requests_total\{.*status="5/.test(line) && !line.includes('/readyz'));
      expect([service, failures]).toEqual([service, []]);
      expect((await readMetric(url, 'relay_parked_keys')) ?? 0).toBe(0);
    }
  });
});
