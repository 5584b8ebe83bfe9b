import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { kybReview, storeReview } from './review-examples';
import { ReviewPartner, RHYTHM_SECONDS, type Forgery } from './review-partner';
import { signReview } from './review-sign';

const SALT = 'F78BC96A55548B2319EE68E0';
const INSTITUTION = '2022070222130610237';

/** A relay that answers as told, the last answer for ever, and keeps what came. */
class Relay {
  readonly bodies: string[] = [];
  answers: [status: number, body: string][] = [[200, 'SUCCESS']];
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      const [status, answer] = this.answers[Math.min(this.bodies.length, this.answers.length - 1)]!;
      this.bodies.push(body);
      response.writeHead(status).end(answer);
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  messages(): Record<string, unknown>[] {
    return this.bodies.map((body) => JSON.parse(body) as Record<string, unknown>);
  }
}

let relay: Relay;
let partner: ReviewPartner;

beforeEach(async () => {
  relay = new Relay();
  partner = new ReviewPartner({
    url: await relay.open(),
    institution_id: INSTITUTION,
    salt: SALT,
    time_scale: 0,
  });
});

afterEach(async () => {
  await partner.close();
  await relay.close();
});

test('signs as the vector says', () => {
  const fields = {
    bizId: 'SM2022071120365810274',
    bizType: 'SM_KYC_REVIEW',
    institutionId: INSTITUTION,
    signType: 'MD5',
    subClientId: 'SM2022071120365810274',
    status: 'MODIFY',
    comment: 'not signed',
  };
  expect(signReview(fields, SALT)).toBe('848721687CC1F868B88936435CE27FFC');
  expect(signReview({ ...fields, bizId: ' SM2022071120365810274 ', extra: 'x' }, SALT)).toBe(
    signReview(fields, SALT),
  );
});

test.each([kybReview, storeReview])('sends an example once, signed', async (example) => {
  const { done } = partner.send({ message: example() });
  expect(await done).toMatchObject({
    taken: true,
    ended: true,
    attempts: [{ status: 200, answer: 'SUCCESS' }],
  });
  const [message] = relay.messages();
  expect(message).toEqual({
    ...example(),
    institutionId: INSTITUTION,
    signType: 'MD5',
    sign: signReview(message!, SALT),
  });
});

test('sends the same bytes again after each failure, as often as documented', async () => {
  relay.answers = [[503, 'FAIL']];
  const delivery = await partner.send({ message: kybReview() }).done;
  expect(delivery).toMatchObject({ taken: false, ended: true });
  expect(delivery.attempts).toHaveLength(1 + RHYTHM_SECONDS.length);
  expect(new Set(relay.bodies)).toEqual(new Set([delivery.body]));
});

test('stops when it is taken; an answer other than SUCCESS, or none, is a failure', async () => {
  relay.answers = [
    [200, 'success'],
    [500, 'SUCCESS'],
    [200, 'SUCCESS'],
  ];
  const delivery = await partner.send({ message: kybReview() }).done;
  expect(delivery.attempts.map(({ status }) => status)).toEqual([200, 500, 200]);
  const lost = await partner.send({ message: kybReview(), url: 'http://127.0.0.1:9', repeats: 1 }).done;
  expect(lost.attempts).toMatchObject([{ status: 0, answer: 'ECONNREFUSED' }, { status: 0 }]);
});

test('keeps its rhythm, scaled', async () => {
  expect(RHYTHM_SECONDS.reduce((sum, seconds) => sum + seconds, 0)).toBe(43_390);
  partner.settings.time_scale = 0.01;
  relay.answers = [
    [503, 'FAIL'],
    [503, 'FAIL'],
    [200, 'SUCCESS'],
  ];
  const { attempts } = await partner.send({ message: kybReview() }).done;
  const [first, second, third] = attempts.map(({ at }) => at);
  expect(second! - first!).toBeGreaterThanOrEqual(49);
  expect(third! - second!).toBeGreaterThanOrEqual(49);
});

test('sends copies at the same time, and duplicates afterwards', async () => {
  const delivery = await partner.send({ message: kybReview(), copies: 3, duplicates: 2 }).done;
  expect(delivery.attempts.map(({ copy }) => copy).sort()).toEqual([0, 0, 0, 1, 2]);
  expect(new Set(relay.bodies).size).toBe(1);
});

test.each<Forgery>(['salt', 'unsigned', 'other-review', 'institution'])('forges: %s', async (forge) => {
  await partner.send({ message: kybReview(), forge }).done;
  const [message] = relay.messages();
  const isRight =
    message!['institutionId'] === INSTITUTION && message!['sign'] === signReview(message!, SALT);
  expect(isRight).toBe(false);
});

test('gives up when it is closed', async () => {
  partner.settings.time_scale = 1;
  relay.answers = [[503, 'FAIL']];
  const { delivery, done } = partner.send({ message: kybReview() });
  await partner.close();
  await done;
  expect(delivery).toMatchObject({ taken: false, ended: true });
});
