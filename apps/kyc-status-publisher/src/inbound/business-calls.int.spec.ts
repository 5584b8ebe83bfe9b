import { randomUUID } from 'node:crypto';
import { eventually, useCleanup } from '@kyc-relay/testing';
import {
  eventOf,
  LENDING,
  LIMITED,
  MONEY_PLUS,
  MONEY_PLUS_BEFORE,
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

beforeAll(async () => {
  bed = await PublisherBed.create(cleanup);
  [replica, other] = await Promise.all([bed.start(), bed.start({ REPLICA_ID: 'other' })]);
});

afterEach(async () => {
  await bed.store.comeBack();
});

const SUBSCRIPTIONS = '/v1/subscriptions';
const QUERY = '/v1/kyc/query-field-result';
const requestOf = (uid: string, more: object = {}): object => ({
  action: 'SUBSCRIBE',
  biz_id: 'MONEY_PLUS',
  shopee_uid: uid,
  ...more,
});

describe.each([SUBSCRIPTIONS, QUERY])('who is not authenticated at %s', (path) => {
  const bodyOf = (bizId = 'MONEY_PLUS'): string =>
    JSON.stringify(
      path === QUERY ? { biz_id: bizId, shopee_uid: 'u-auth' } : { ...requestOf('u-auth'), biz_id: bizId },
    );
  const now = (): number => Math.floor(Date.now() / 1000);

  test.each<[string, () => Promise<Answer>]>([
    [
      'an unknown business',
      async () => await replica.signedPost(path, { bizId: 'NOBODY', secret: 'x' }, bodyOf('NOBODY')),
    ],
    ['another secret', async () => await replica.signedPost(path, MONEY_PLUS, bodyOf(), { secret: 'x' })],
    [
      'another body',
      async () => await replica.signedPost(path, MONEY_PLUS, bodyOf(), { signed: `${bodyOf()} ` }),
    ],
    [
      'an old timestamp',
      async () => await replica.signedPost(path, MONEY_PLUS, bodyOf(), { timestamp: now() - 302 }),
    ],
    [
      'a timestamp to come',
      async () => await replica.signedPost(path, MONEY_PLUS, bodyOf(), { timestamp: now() + 302 }),
    ],
    [
      'no time at all',
      async () => await replica.signedPost(path, MONEY_PLUS, bodyOf(), { timestamp: 'now' }),
    ],
    [
      "another business's name in the body",
      async () => await replica.signedPost(path, MONEY_PLUS, bodyOf('LENDING')),
    ],
    ['an unknown name in the body', async () => await replica.signedPost(path, MONEY_PLUS, bodyOf('NOBODY'))],
    ['no headers', async () => await replica.fetch(path, { method: 'POST', body: bodyOf() })],
    ['a token of ours', async () => await replica.call('POST', path, 'operator', bodyOf())],
  ])('%s: 401 with retcode 2, all alike', async (_, ask) => {
    const answer = await ask();
    expect([answer.status, answer.body]).toEqual([401, { retcode: 2, message: 'unauthorized' }]);
  });

  test('only half of the signatures is not enough, also for who may leave the trio out', async () => {
    const headers: Record<string, string> = signedHeaders(MONEY_PLUS, bodyOf());
    for (const name of Object.keys(headers)) {
      const { [name]: _, ...rest } = headers;
      expect((await replica.fetch(path, { method: 'POST', body: bodyOf(), headers: rest })).status).toBe(401);
    }
    const legacy: Record<string, string> = signedHeaders(LENDING, bodyOf('LENDING'));
    delete legacy['webhook-signature'];
    expect(
      (await replica.fetch(path, { method: 'POST', body: bodyOf('LENDING'), headers: legacy })).status,
    ).toBe(401);
  });

  test('either of two secrets and a timestamp at the edge are good', async () => {
    for (const business of [MONEY_PLUS, MONEY_PLUS_BEFORE])
      expect((await replica.signedPost(path, business, bodyOf(), { timestamp: now() - 299 })).status).toBe(
        200,
      );
  });

  test('over its rate: 429 in the same words, with when to come again', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(async () => await replica.signedPost(path, LIMITED, bodyOf('LIMITED'))),
    );
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(limited[0]!.headers.get('retry-after')).toBe('1');
    expect(limited[0]!.body).toEqual({ retcode: 1, message: expect.any(String) as string });
  });
});

describe.each([SUBSCRIPTIONS, QUERY])('a wrong body at %s', (path) => {
  test.each<[string, unknown, string]>([
    ['not JSON', '{', 'body'],
    ['nothing', '', 'body'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'body'],
    ['an array', [], 'body'],
    ['null', 'null', 'body'],
    ['no user', { biz_id: 'MONEY_PLUS', action: 'SUBSCRIBE' }, 'shopee_uid'],
    ['a wrong user', { biz_id: 'MONEY_PLUS', action: 'SUBSCRIBE', shopee_uid: 'a b' }, 'shopee_uid'],
    ['no business', { shopee_uid: 'u', action: 'SUBSCRIBE' }, 'biz_id'],
    ['a business that is a number', { biz_id: 7, shopee_uid: 'u', action: 'SUBSCRIBE' }, 'biz_id'],
    ['an unknown field', { biz_id: 'MONEY_PLUS', shopee_uid: 'u', action: 'SUBSCRIBE', more: 1 }, 'more'],
  ])('%s: 400 with retcode 1 and the field', async (_, body, field) => {
    const onlyQuery = path === QUERY && typeof body === 'object' && body !== null && 'action' in body;
    const sent = onlyQuery ? { ...(body as object), action: undefined } : body;
    const answer = await replica.signedPost(path, MONEY_PLUS, sent);
    expect([answer.status, answer.body]).toEqual([
      400,
      { retcode: 1, message: expect.stringMatching(new RegExp(`^${field}`)) as string },
    ]);
  });
});

describe('a query', () => {
  const ask = async (one: Replica, uid: string, business = MONEY_PLUS): Promise<Answer> =>
    await one.signedPost(QUERY, business, { biz_id: business.bizId, shopee_uid: uid });

  test('about a user we know nothing of is nulls and false', async () => {
    const answer = await ask(replica, newUser());
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        retcode: 0,
        message: 'success',
        data: {
          name: null,
          phone: null,
          ic_number: null,
          ic_type: null,
          has_pending_case: false,
          spay_kyc_level: null,
          spay_kyc_client_status: null,
          is_meet_business: false,
        },
      },
    ]);
  });

  test('has the fields of its business, of the approved info, new on every replica as soon as history has them', async () => {
    const uid = newUser();
    await replica.approve(uid, {
      name: 'Tan',
      phone: '+60',
      gender: 'F',
      ic_type: 'MYKAD',
      ic_number: '900517-14-5678',
    });
    for (const one of [replica, other]) {
      expect((await ask(one, uid)).body.data).toEqual({
        name: 'Tan',
        phone: '+60',
        ic_number: '900517-14-5678',
        ic_type: 'MYKAD',
        has_pending_case: false,
        spay_kyc_level: 300,
        spay_kyc_client_status: 3,
        is_meet_business: true,
      });
      expect(Object.keys((await ask(one, uid, LENDING)).body.data).sort()).toEqual([
        'has_pending_case',
        'ic_type',
        'is_meet_business',
        'spay_kyc_client_status',
        'spay_kyc_level',
      ]);
    }
    await replica.events(eventOf('kyc.record.deleted', { shopee_uid: uid }));
    await eventually(async () => (await replica.history(uid)).items.length === 3);
    for (const one of [replica, other])
      expect((await ask(one, uid)).body.data).toMatchObject({
        name: null,
        ic_type: null,
        spay_kyc_level: 300,
        spay_kyc_client_status: 5,
        is_meet_business: false,
      });
  });

  test('may be repeated with the same webhook-id', async () => {
    const signing = { id: randomUUID() };
    const body = { biz_id: 'MONEY_PLUS', shopee_uid: newUser() };
    for (let round = 0; round < 2; round += 1)
      expect((await replica.signedPost(QUERY, MONEY_PLUS, body, signing)).status).toBe(200);
    const another = { ...body, shopee_uid: newUser() };
    expect((await replica.signedPost(QUERY, MONEY_PLUS, another, signing)).status).toBe(200);
  });
});

test.each([SUBSCRIPTIONS, QUERY])('while our store is away %s is 503 with retcode -1', async (path) => {
  const body = path === QUERY ? { biz_id: 'MONEY_PLUS', shopee_uid: 'u' } : requestOf('u');
  await bed.store.goAway();
  const answer = await replica.signedPost(path, MONEY_PLUS, body);
  expect([answer.status, answer.headers.get('retry-after'), answer.body.retcode]).toEqual([503, '1', -1]);
  expect(Object.keys(answer.body as object).sort()).toEqual(['message', 'retcode']);
  await bed.store.comeBack();
  await eventually(async () => (await replica.signedPost(path, MONEY_PLUS, body)).status === 200);
});
