import { randomUUID } from 'node:crypto';
import { readTopics, useCleanup, type ReadMessage, type TopicReader } from '@kyc-relay/testing';
import { TOPICS } from '@kyc-relay/contracts';
import {
  eventOf,
  LENDING,
  MONEY_PLUS,
  newUser,
  PublisherBed,
  type Answer,
  type Replica,
} from '../testbed/publisher-bed';
import { signedHeaders } from '../testbed/signed-request';

const cleanup = useCleanup();
let bed: PublisherBed;
let replica: Replica;
let other: Replica;
let reader: TopicReader;

beforeAll(async () => {
  bed = await PublisherBed.create(cleanup);
  reader = await readTopics(cleanup, [TOPICS.kycUserEvents]);
  [replica, other] = await Promise.all([bed.start(), bed.start({ REPLICA_ID: 'other' })]);
});

const SUBSCRIPTIONS = '/v1/subscriptions';
const BOTH = ['KYC_STATUS_CHANGED', 'KYC_INFO_CHANGED'];

const requestOf = (uid: string, more: object = {}): object => ({
  action: 'SUBSCRIBE',
  biz_id: 'MONEY_PLUS',
  shopee_uid: uid,
  ...more,
});

async function subscribe(uid: string, more: object = {}, id?: string): Promise<Answer> {
  return await replica.signedPost(
    SUBSCRIPTIONS,
    MONEY_PLUS,
    requestOf(uid, more),
    id === undefined ? {} : { id },
  );
}

/** What was published about a user. */
async function published(uid: string, count: number): Promise<Record<string, unknown>[]> {
  const of = ({ key, headers }: ReadMessage): boolean =>
    key?.toString() === uid && String(headers?.['ce_source']) === bed.source;
  const messages = await reader.read(TOPICS.kycUserEvents, count, of);
  return messages.map(({ value, headers }) => ({
    ...(JSON.parse(String(value)) as object),
    type: String(headers!['ce_type']),
  }));
}

describe('a subscription', () => {
  test('of a user nobody told us about is answered with the state that callbacks start from', async () => {
    const uid = newUser();
    const answer = await subscribe(uid);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.body).toEqual({
      retcode: 0,
      message: 'success',
      data: {
        biz_id: 'MONEY_PLUS',
        shopee_uid: uid,
        subscribed: true,
        events: BOTH,
        current: {
          version: 0,
          spay_kyc_client_status: null,
          spay_kyc_level: null,
          is_meet_business: false,
          has_pending_case: false,
        },
      },
    });
    expect(await published(uid, 1)).toMatchObject([
      {
        type: 'kyc.subscription-changed',
        biz_id: 'MONEY_PLUS',
        action: 'SUBSCRIBE',
        subscribed: true,
        events: BOTH,
      },
    ]);
    expect((await replica.history(uid)).items).toMatchObject([
      { type: 'kyc.subscription-changed', by: 'MONEY_PLUS' },
    ]);
  });

  test('sets the list and takes away from it; what changes nothing is answered and leaves no trace', async () => {
    const uid = newUser();
    const steps: [object, string[]][] = [
      [{ events: ['KYC_INFO_CHANGED', 'KYC_INFO_CHANGED'] }, ['KYC_INFO_CHANGED']],
      [{ events: ['KYC_INFO_CHANGED'] }, ['KYC_INFO_CHANGED']],
      [{}, BOTH],
      [{ action: 'UNSUBSCRIBE', events: ['KYC_INFO_CHANGED'] }, ['KYC_STATUS_CHANGED']],
      [{ action: 'UNSUBSCRIBE', events: ['KYC_INFO_CHANGED'] }, ['KYC_STATUS_CHANGED']],
      [{ action: 'UNSUBSCRIBE' }, []],
      [{ action: 'UNSUBSCRIBE' }, []],
    ];
    for (const [request, events] of steps) {
      const { status, body } = await subscribe(uid, request);
      expect([status, body.data.events, body.data.subscribed]).toEqual([200, events, events.length > 0]);
      expect('current' in body.data).toBe((request as { action?: string }).action === undefined);
    }
    expect((await published(uid, 4)).map(({ events }) => events)).toEqual([
      ['KYC_INFO_CHANGED'],
      BOTH,
      ['KYC_STATUS_CHANGED'],
      [],
    ]);
    expect((await replica.history(uid)).items).toHaveLength(4);
  });

  test('says the version up to which nothing is called back; the next change concerns it', async () => {
    const uid = newUser();
    await replica.approve(uid, { name: 'Tan' });
    const { body } = await subscribe(uid);
    expect(body.data.current).toEqual({
      version: 2,
      spay_kyc_client_status: 3,
      spay_kyc_level: 300,
      is_meet_business: true,
      has_pending_case: false,
    });
    await replica.events(eventOf('kyc.record.deleted', { shopee_uid: uid }));
    const changes = await published(uid, 5);
    expect(changes.map(({ type, version }) => [type, version])).toEqual([
      ['kyc.status-changed', 1],
      ['kyc.status-changed', 2],
      ['kyc.seamless-individual-requested', undefined],
      ['kyc.subscription-changed', undefined],
      ['kyc.status-changed', 3],
    ]);
    expect(changes.map(({ subscriptions }) => subscriptions)).toEqual([
      [],
      [],
      undefined,
      undefined,
      [{ biz_id: 'MONEY_PLUS', is_meet_business: false }],
    ]);
  });
});

describe('a repeated request', () => {
  test('gets its first answer again, byte for byte, from any replica, and changes nothing', async () => {
    const uid = newUser();
    const id = randomUUID();
    const body = JSON.stringify(requestOf(uid));
    const headers = signedHeaders(MONEY_PLUS, body, { id });
    const textOf = async (one: Replica): Promise<string> =>
      await (await fetch(one.url + SUBSCRIPTIONS, { method: 'POST', body, headers })).text();
    const first = await textOf(replica);
    await subscribe(uid, { action: 'UNSUBSCRIBE' });
    expect(await textOf(replica)).toBe(first);
    expect(await textOf(other)).toBe(first);
    expect(await published(uid, 2)).toMatchObject([{ subscribed: true }, { subscribed: false }]);
    expect((await replica.history(uid)).items).toHaveLength(2);
  });

  test('with another body is 400 and changes nothing', async () => {
    const uid = newUser();
    const id = randomUUID();
    await subscribe(uid, {}, id);
    const answer = await subscribe(uid, { action: 'UNSUBSCRIBE' }, id);
    expect([answer.status, answer.body]).toEqual([
      400,
      { retcode: 1, message: expect.stringContaining('webhook-id') as string },
    ]);
    const elsewhere = await subscribe(newUser(), {}, id);
    expect(elsewhere.status).toBe(400);
    expect((await subscribe(uid)).body.data.events).toEqual(BOTH);
    expect((await replica.history(uid)).items).toHaveLength(1);
  });

  test('that failed the first time is a first one: only successes are remembered', async () => {
    const uid = newUser();
    const id = randomUUID();
    expect((await subscribe(uid, { events: [] }, id)).status).toBe(400);
    expect((await subscribe(uid, {}, id)).status).toBe(200);
  });

  test('at the same time on two replicas is done once, with one answer', async () => {
    const uids = Array.from({ length: 15 }, newUser);
    for (const uid of uids) {
      const id = randomUUID();
      const body = JSON.stringify(requestOf(uid));
      const headers = signedHeaders(MONEY_PLUS, body, { id });
      const answers = await Promise.all(
        [replica, other, replica, other].map(async (one) => {
          const response = await fetch(one.url + SUBSCRIPTIONS, { method: 'POST', body, headers });
          return `${response.status} ${await response.text()}`;
        }),
      );
      expect(new Set(answers).size).toBe(1);
      expect(answers[0]).toMatch(/^200 /);
      expect((await replica.history(uid)).items).toHaveLength(1);
    }
    const ids = (await Promise.all(uids.map(async (uid) => await published(uid, 1)))).flat();
    expect(ids).toHaveLength(15);
  });

  test('at the same time with another user is done for one of them', async () => {
    const id = randomUUID();
    const answers = await Promise.all(
      [replica, other].map(
        async (one) => await one.signedPost(SUBSCRIPTIONS, MONEY_PLUS, requestOf(newUser()), { id }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  test('of a business that leaves the Standard Webhooks headers out is done as it comes', async () => {
    const body = JSON.stringify({ ...requestOf(newUser()), biz_id: 'LENDING' });
    const { 'X-Airpay-ClientId': client, 'X-Airpay-Req-H': mac } = signedHeaders(LENDING, body);
    const headers = { 'X-Airpay-ClientId': client!, 'X-Airpay-Req-H': mac! };
    for (let round = 0; round < 2; round += 1)
      expect((await replica.fetch(SUBSCRIPTIONS, { method: 'POST', body, headers })).status).toBe(200);
  });
});

test.each<[object, string]>([
  [{ events: [] }, 'events'],
  [{ events: null }, 'events'],
  [{ events: 'KYC_STATUS_CHANGED' }, 'events'],
  [{ events: ['KYC_STATUS_CHANGED', 'OTHER'] }, 'events[1]'],
  [{ action: 'subscribe' }, 'action'],
  [{ action: undefined }, 'action'],
])('a subscription with %j is 400 and names %s', async (more, field) => {
  const uid = newUser();
  const answer = await subscribe(uid, more);
  expect([answer.status, answer.body.retcode]).toEqual([400, 1]);
  expect(answer.body.message.startsWith(`${field} `)).toBe(true);
  expect((await replica.history(uid)).items).toEqual([]);
});
