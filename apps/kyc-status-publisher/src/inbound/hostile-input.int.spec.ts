import { seededRandom, TOPICS } from '@kyc-relay/contracts';
import { dlqOf } from '@kyc-relay/messaging';
import { eventually, readTopics, testKafka, useCleanup, type TopicReader } from '@kyc-relay/testing';
import { Hostile } from '../testbed/hostile';
import {
  eventOf,
  MONEY_PLUS,
  newUser,
  PublisherBed,
  type Answer,
  type Replica,
} from '../testbed/publisher-bed';
import { signedHeaders } from '../testbed/signed-request';

const cleanup = useCleanup();
const COUNT = 300;
let bed: PublisherBed;
let replica: Replica;
let reader: TopicReader;

beforeAll(async () => {
  bed = await PublisherBed.create(cleanup);
  reader = await readTopics(cleanup, [dlqOf(TOPICS.kycCaseEvents), dlqOf(TOPICS.accountEvents)]);
  replica = await bed.start();
});

/** No answer is a fault of ours, none leaks what is inside. */
function expectClear(answer: Answer, what: string): void {
  const seen = `${what}: ${answer.status} ${JSON.stringify(answer.body)}`;
  if (
    answer.status >= 500 ||
    /FST_|node_modules|at Object|select |kyc\.users|QueryFailed/.test(seen.slice(what.length))
  )
    throw new Error(seen);
}

async function inTens(work: (number: number) => Promise<void>): Promise<void> {
  for (let start = 0; start < COUNT; start += 10)
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        await work(start + index);
      }),
    );
}

const CASE = {
  shopee_uid: 'u',
  case_id: 'c',
  level: 300,
  region: 'MY',
  info: { name: 'Tan', ic_number: '1' },
};

test('a megabyte of brackets is refused like any other bad input', async () => {
  const deep = `${'['.repeat(520_000)}${']'.repeat(520_000)}`;
  const nested = `{"a":${'{"a":'.repeat(150_000)}0${'}'.repeat(150_001)}`;
  for (const body of [deep, nested, deep.slice(0, 600_000)]) {
    for (const kind of ['cloudevents', 'cloudevents-batch']) {
      const type = { 'content-type': `application/${kind}+json` };
      expect((await replica.call('POST', '/v1/events', 'publisher', body, type)).status).toBe(400);
    }
    expect((await replica.signedPost('/v1/subscriptions', MONEY_PLUS, body)).status).toBe(400);
  }
});

describe('300 generated bad inputs', () => {
  test('to /v1/events are refused or taken, each with a clear answer; a good event of the user then arrives', async () => {
    const uid = newUser();
    const hostile = new Hostile(seededRandom(1));
    const one = eventOf('kyc.case.submitted', { ...CASE, shopee_uid: uid });
    let refused = 0;
    await inTens(async (number) => {
      const isBatch = hostile.maybe(0.4);
      const body = hostile.body(isBatch ? [one, eventOf('account.banned', { shopee_uid: uid })] : one);
      const type = hostile.maybe(0.1)
        ? hostile.header()
        : `application/cloudevents${isBatch ? '-batch' : ''}+json`;
      const answer = await replica.call('POST', '/v1/events', 'publisher', body, { 'content-type': type });
      expectClear(answer, `${number} ${body.toString('latin1').slice(0, 200)}`);
      if (answer.status !== 202) {
        refused += 1;
        expect(answer.body).toMatchObject({ status: answer.status, type: expect.any(String) as string });
      }
      if (answer.status === 400)
        for (const error of answer.body.errors)
          expect(error).toEqual({
            index: expect.any(Number) as number,
            field: expect.any(String) as string,
            message: expect.any(String) as string,
          });
    });
    expect(refused).toBeGreaterThan(COUNT * 0.7);
    await expectAlive(uid);
  });

  test.each(['/v1/subscriptions', '/v1/kyc/query-field-result'])(
    'to %s are answered in the words of the partner; a good one then works',
    async (path) => {
      const hostile = new Hostile(seededRandom(2));
      const good = path.endsWith('result')
        ? { biz_id: 'MONEY_PLUS', shopee_uid: 'u' }
        : { action: 'SUBSCRIBE', biz_id: 'MONEY_PLUS', shopee_uid: 'u', events: ['KYC_STATUS_CHANGED'] };
      const statuses = new Map<number, number>();
      await inTens(async (number) => {
        const body = hostile.body(good);
        const headers: Record<string, string> = signedHeaders(MONEY_PLUS, body);
        if (hostile.maybe(0.2)) headers[hostile.pick(Object.keys(headers))] = hostile.header();
        if (hostile.maybe(0.1)) headers['content-type'] = hostile.header();
        const answer = await replica.fetch(path, { method: 'POST', body, headers });
        expectClear(answer, `${number} ${body.toString('latin1').slice(0, 200)}`);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        expect(answer.body).toMatchObject({
          retcode: expect.any(Number) as number,
          message: expect.any(String) as string,
        });
        expect(answer.body.retcode === 0).toBe(answer.status === 200);
      });
      expect(statuses.get(400)).toBeGreaterThan(100);
      expect((await replica.signedPost(path, MONEY_PLUS, good)).status).toBe(200);
    },
  );

  test('to the addresses of users are answered as problems; good ones then work', async () => {
    const hostile = new Hostile(seededRandom(3));
    await inTens(async (number) => {
      const encode = hostile.maybe(0.8)
        ? wellFormed
        : (text: string): string => text.replace(/[^\x21-\x7e]/g, '%');
      const uid = hostile.maybe(0.5) ? 'u' : encode(hostile.text()).slice(0, 500);
      const kind = hostile.pick(['entry', 'history', 'entry/', 'histories', '']);
      const query = Array.from({ length: Math.floor(number % 4) }, () => {
        const name = hostile.pick(['biz_id', 'limit', 'cursor', 'x', 'biz_id[a]', 'cursor[]']);
        return `${name}=${encode(hostile.text()).slice(0, 300)}`;
      }).join('&');
      const path = `/v1/users/${uid}/${kind}?${query}`;
      const headers: Record<string, string> = hostile.maybe(0.3) ? { authorization: hostile.header() } : {};
      const answer = hostile.maybe(0.5)
        ? await replica.call('GET', path, 'viewer')
        : await replica.fetch(path, {
            headers: hostile.maybe(0.5) ? signedHeaders(MONEY_PLUS, path) : headers,
          });
      expectClear(answer, `${number} ${path.slice(0, 200)}`);
    });
    expect((await replica.call('GET', '/v1/users/u/history', 'viewer')).status).toBe(200);
    expect((await replica.call('GET', '/v1/users/u/entry?biz_id=MONEY_PLUS', 'viewer')).status).toBe(200);
  });

  test.each([TOPICS.kycCaseEvents, TOPICS.accountEvents])(
    'on %s go to its DLQ or count as they are; each is followed by a good event of its key, which arrives',
    async (topic) => {
      const hostile = new Hostile(seededRandom(4));
      const producer = testKafka().producer();
      await producer.connect();
      cleanup.defer(async () => {
        await producer.disconnect();
      });
      const uids = Array.from({ length: COUNT }, newUser);
      const good = (
        uid: string,
        number: number,
      ): { key: string; value: string; headers: Record<string, string> } => ({
        key: uid,
        value: JSON.stringify(
          topic === TOPICS.accountEvents ? { shopee_uid: uid } : { ...CASE, shopee_uid: uid },
        ),
        headers: {
          ce_specversion: '1.0',
          ce_id: `${uid}-${number}`,
          ce_source: '/hostile',
          ce_type: topic === TOPICS.accountEvents ? 'account.activated' : 'kyc.case.submitted',
          ce_time: '2026-01-02T03:04:05Z',
        },
      });
      const messages = uids.flatMap((uid) => {
        const { value, headers } = good(uid, 1);
        const spoilt: Record<string, string | Buffer> = { ...headers };
        // Half of them have a sound envelope, so that their content is judged; phone changes are another consumer's.
        if (hostile.maybe(0.5))
          for (const name of Object.keys(headers))
            if (hostile.maybe(0.4))
              spoilt[name] = hostile.maybe(0.3) ? Buffer.from([0xff, 0xfe]) : hostile.text();
        if (hostile.maybe(0.1))
          spoilt['content-type'] = hostile.pick([
            'application/cloudevents+json',
            'application/cloudevents+avro',
            'x',
          ]);
        if (hostile.maybe(0.2)) spoilt['dlq-replay'] = 'true';
        if (hostile.maybe(0.1)) spoilt['traceparent'] = hostile.text();
        const body = hostile.maybe(0.1) ? null : hostile.body(JSON.parse(value) as object);
        return [{ key: uid, value: body, headers: spoilt }, good(uid, 2)];
      });
      await producer.send({ topic, messages });
      // The good one is judged as the second of its user: accepted, or refused for what the first one did.
      await eventually(
        async () => {
          const found = await bed.store.query<{ n: number }>(
            `select count(*)::int as n from kyc.user_history where shopee_uid = any($1) and ce_id like '%-2'`,
            [uids],
          );
          return found[0]!.n === COUNT;
        },
        { timeoutMs: 40_000, what: `${COUNT} good events` },
      );
      const [parked] = await bed.store.query<{ n: number }>('select count(*)::int as n from kyc.parked_keys');
      expect(parked!.n).toBe(0);
      const own = new Set(uids);
      const letters = await reader.read(dlqOf(topic), 150, ({ key }) => own.has(String(key)));
      for (const { headers } of letters)
        expect(String(headers!['dlq-reason'])).toMatch(/^(event\.(invalid|unknown-type)|kyc\.[a-z-]+)$/);
    },
  );
});

/** `encodeURIComponent` refuses halves of surrogates, which a client could not send either. */
function wellFormed(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}

async function expectAlive(uid: string): Promise<void> {
  const good = eventOf('account.activated', { shopee_uid: uid });
  expect((await replica.events(good)).status).toBe(202);
  await eventually(async () => {
    const rows = await bed.store.query('select from kyc.user_history where shopee_uid = $1 and ce_id = $2', [
      uid,
      good.id,
    ]);
    return rows.length === 1;
  });
}
