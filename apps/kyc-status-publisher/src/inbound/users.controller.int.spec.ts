import { eventually, useCleanup } from '@kyc-relay/testing';
import {
  eventOf,
  LENDING,
  MONEY_PLUS,
  newUser,
  PublisherBed,
  type Answer,
  type Page,
  type Replica,
} from '../testbed/publisher-bed';

const cleanup = useCleanup();
let bed: PublisherBed;
let replica: Replica;

beforeAll(async () => {
  bed = await PublisherBed.create(cleanup);
  replica = await bed.start();
});

afterEach(async () => {
  await bed.store.comeBack();
});

const submit = (uid: string, id: string, level: number, info?: object): object =>
  eventOf('kyc.case.submitted', { shopee_uid: uid, case_id: id, level, info });
const approve = (uid: string, id: string): object =>
  eventOf('kyc.case.approved', { shopee_uid: uid, case_id: id, decided_by: 'OPS' });
const account = (uid: string, what: string): object => eventOf(`account.${what}`, { shopee_uid: uid });

const entry = async (uid: string, role: 'viewer' | 'operator' | undefined = 'viewer'): Promise<Answer> =>
  await replica.call('GET', `/v1/users/${uid}/entry?biz_id=MONEY_PLUS`, role);

describe('the entry', () => {
  const CONSENT = { decision: 'CONSENT', steps: ['CONSENT_PAGE', 'SET_PAYMENT_PASSWORD', 'EKYC'] };
  const POPUP = { decision: 'POPUP' };

  test.each<[string, (uid: string) => object[], object]>([
    ['nobody told us about', () => [], CONSENT],
    ['with an approved eKYC and no wallet', (u) => [submit(u, 'c', 300), approve(u, 'c')], CONSENT],
    [
      'banned',
      (u) => [account(u, 'activated'), account(u, 'banned')],
      { ...POPUP, tag: 'BANNED', action: 'CONTACT_SUPPORT', kyc_status: null },
    ],
    [
      'banned with an approved eKYC',
      (u) => [account(u, 'activated'), submit(u, 'c', 300), approve(u, 'c'), account(u, 'banned')],
      { ...POPUP, tag: 'BANNED', action: 'CONTACT_SUPPORT', kyc_status: 3 },
    ],
    [
      'unbanned',
      (u) => [account(u, 'activated'), account(u, 'banned'), account(u, 'unbanned')],
      { decision: 'EKYC_FLOW' },
    ],
    [
      'with an approved eKYC and a pending case',
      (u) => [account(u, 'activated'), submit(u, 'c', 300), approve(u, 'c'), submit(u, 'd', 300)],
      { decision: 'REGISTER' },
    ],
    [
      'with a pending full KYC',
      (u) => [account(u, 'activated'), submit(u, 'c', 200)],
      { ...POPUP, kyc_status: 2, tag: 'PENDING_FULL', action: 'WAIT' },
    ],
    [
      'with a pending eKYC',
      (u) => [account(u, 'activated'), submit(u, 'c', 300)],
      { ...POPUP, kyc_status: 2, tag: 'PENDING_EKYC', action: 'WAIT' },
    ],
    [
      'with a full KYC',
      (u) => [account(u, 'activated'), submit(u, 'c', 200), approve(u, 'c')],
      { decision: 'EKYC_FLOW' },
    ],
    [
      'with a pending partial KYC',
      (u) => [account(u, 'activated'), submit(u, 'c', 100)],
      { decision: 'EKYC_FLOW' },
    ],
  ])('of a user %s', async (_, events, expected) => {
    const uid = newUser();
    // Between the two input topics there is no order: one after the other.
    for (const event of events(uid)) await replica.happen(uid, event);
    const answer = await entry(uid);
    expect([answer.status, answer.body]).toEqual([
      200,
      { shopee_uid: uid, biz_id: 'MONEY_PLUS', ...expected },
    ]);
  });

  test('is told to the business that signs, over the path with its query', async () => {
    const uid = newUser();
    for (const path of [
      `/v1/users/${uid}/entry?biz_id=MONEY_PLUS`,
      `/v1/users/${uid}/entry`,
      `/v1/users/${uid}/entry?x=%20`,
    ]) {
      const answer = await replica.signedGet(path, MONEY_PLUS);
      expect([answer.status, answer.body.biz_id]).toEqual([200, 'MONEY_PLUS']);
    }
    expect((await replica.signedGet(`/v1/users/${uid}/entry`, LENDING)).body.biz_id).toBe('LENDING');
  });

  test('is not told to who signs something else, or for somebody else', async () => {
    const path = `/v1/users/${newUser()}/entry?biz_id=MONEY_PLUS`;
    const wrong = [
      await replica.signedGet(path, MONEY_PLUS, { signed: path.split('?')[0]! }),
      await replica.signedGet(path, MONEY_PLUS, { secret: 'x' }),
      await replica.signedGet(path, MONEY_PLUS, { timestamp: 1 }),
      await replica.signedGet(path, LENDING),
      await replica.signedGet(path, { bizId: 'NOBODY', secret: 'x' }),
    ];
    expect(new Set(wrong.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect(wrong[0]!.status).toBe(401);
  });

  test('needs a viewer, and with a token a business of the registry', async () => {
    const uid = newUser();
    expect((await entry(uid, undefined)).status).toBe(200);
    expect((await replica.call('GET', `/v1/users/${uid}/entry?biz_id=MONEY_PLUS`)).status).toBe(401);
    expect((await entry(uid, 'operator')).status).toBe(200);
    expect((await replica.call('GET', `/v1/users/${uid}/entry?biz_id=MONEY_PLUS`, 'publisher')).status).toBe(
      403,
    );
    for (const query of [
      '',
      '?biz_id=',
      '?biz_id=NOBODY',
      '?biz_id=MONEY_PLUS&biz_id=LENDING',
      '?biz_id[x]=MONEY_PLUS',
    ]) {
      const answer = await replica.call('GET', `/v1/users/${uid}/entry${query}`, 'viewer');
      expect([answer.status, answer.body.errors[0]!.field]).toEqual([400, 'biz_id']);
    }
    for (const bad of ['a%20b', 'x'.repeat(65), '%00', 'a.b', '%F0%9F%98%80']) {
      const answer = await replica.call('GET', `/v1/users/${bad}/entry?biz_id=MONEY_PLUS`, 'viewer');
      expect([answer.status, answer.body.errors[0]!.field]).toEqual([400, 'shopee_uid']);
    }
  });

  test('is 503 while the store is away, and answered when it is back', async () => {
    await bed.store.goAway();
    expect((await entry('u')).status).toBe(503);
    await bed.store.comeBack();
    await eventually(async () => (await entry('u')).status === 200);
  });
});

describe('the history', () => {
  test('says what was applied, ignored and refused, oldest first, with masked values and the callbacks caused', async () => {
    const uid = newUser();
    const wish = { action: 'SUBSCRIBE', biz_id: 'MONEY_PLUS', shopee_uid: uid };
    // A connection of the time when the store was away may still be in the pool: the business tries again.
    await eventually(
      async () => (await replica.signedPost('/v1/subscriptions', MONEY_PLUS, wish)).status === 200,
    );
    await replica.happen(
      uid,
      submit(uid, 'c1', 300, { name: 'Tan Mei Ling', phone: '+60123456789', ic_number: '900517-14-5678' }),
      approve(uid, 'wrong'),
      approve(uid, 'c1'),
      eventOf('kyc.info.changed', { shopee_uid: uid, target: 'APPROVED', changes: { name: 'Tan Mei Ling' } }),
      eventOf('kyc.info.changed', {
        shopee_uid: uid,
        target: 'APPROVED',
        changes: { phone: '+60999999999' },
      }),
    );
    const { shopee_uid, items, next_cursor } = await replica.history(uid);
    expect([shopee_uid, next_cursor]).toEqual([uid, null]);
    expect(
      items.map(({ type, decision, reason, callbacks }) => [type, decision, reason, callbacks.length]),
    ).toEqual([
      ['kyc.subscription-changed', 'APPLIED', undefined, 0],
      ['kyc.case.submitted', 'APPLIED', undefined, 1],
      ['kyc.case.approved', 'REFUSED', 'kyc.case-mismatch', 0],
      ['kyc.case.approved', 'APPLIED', undefined, 1],
      ['kyc.info.changed', 'IGNORED', 'kyc.nothing-changed', 0],
      ['kyc.info.changed', 'APPLIED', undefined, 1],
    ]);
    expect(items[5]!.changes).toEqual([{ field: 'phone', from: '********6789', to: '********9999' }]);
    expect(JSON.stringify(items)).not.toMatch(/Tan Mei|\+60123|900517/);
  });

  test('comes in pages that join without a gap and without a repeat, also while it grows', async () => {
    const uid = newUser();
    const events = Array.from({ length: 23 }, (_, n) =>
      eventOf('account.banned', { shopee_uid: uid }, { id: `${uid}/${n}` }),
    );
    await replica.happen(uid, ...events);
    const ids: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 20; page += 1) {
      const found: Page = await replica.history(uid, `?limit=5${cursor === '' ? '' : `&cursor=${cursor}`}`);
      ids.push(...found.items.map(({ ce_id }) => ce_id));
      cursor = found.next_cursor;
      if (page === 1)
        await replica.happen(uid, eventOf('account.unbanned', { shopee_uid: uid }, { id: `${uid}/late` }));
    }
    expect(ids).toEqual([...events.map(({ id }) => id), `${uid}/late`]);
  });

  test('has 50 lines a page unless asked for others, at most 200', async () => {
    const uid = newUser();
    await replica.happen(
      uid,
      ...Array.from({ length: 60 }, () => eventOf('account.banned', { shopee_uid: uid })),
    );
    expect((await replica.history(uid)).items).toHaveLength(50);
    expect((await replica.history(uid, '?limit=200')).items).toHaveLength(60);
    expect((await replica.history(uid, '?limit=1')).items).toHaveLength(1);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=1e2', 'limit'],
    ['limit=', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['cursor=', 'cursor'],
    ['cursor=nonsense', 'cursor'],
    ['cursor=LTE', 'cursor'],
    ['cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk', 'cursor'],
    ['cursor=MQ&cursor=MQ', 'cursor'],
  ])('with %s is 400 and names the parameter', async (query, field) => {
    const answer = await replica.call('GET', `/v1/users/u/history?${query}`, 'viewer');
    expect([answer.status, answer.body.errors[0]!.field]).toEqual([400, field]);
  });

  test('is for viewers and operators only, and never for who signs', async () => {
    expect((await replica.call('GET', '/v1/users/u/history')).status).toBe(401);
    expect((await replica.call('GET', '/v1/users/u/history', 'publisher')).status).toBe(403);
    expect((await replica.call('GET', '/v1/users/u/history', 'operator')).status).toBe(200);
    expect((await replica.signedGet('/v1/users/u/history', MONEY_PLUS)).status).toBe(401);
  });

  test('of nobody is empty', async () => {
    expect(await replica.history('nobody-at-all')).toEqual({
      shopee_uid: 'nobody-at-all',
      items: [],
      next_cursor: null,
    });
  });
});
