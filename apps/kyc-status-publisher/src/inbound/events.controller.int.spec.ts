import { TOPICS } from '@kyc-relay/contracts';
import { exchangeRaw, readTopics, useCleanup, type ReadMessage, type TopicReader } from '@kyc-relay/testing';
import { eventOf, newUser, PublisherBed, type Replica } from '../testbed/publisher-bed';

const cleanup = useCleanup();
let replica: Replica;
let reader: TopicReader;

beforeAll(async () => {
  const bed = await PublisherBed.create(cleanup);
  reader = await readTopics(cleanup, [TOPICS.kycCaseEvents, TOPICS.accountEvents]);
  replica = await bed.start();
});

const of =
  (uid: string) =>
  (message: ReadMessage): boolean =>
    message.key?.toString() === uid;

const submitted = (uid: string, more: object = {}): ReturnType<typeof eventOf> =>
  eventOf('kyc.case.submitted', { shopee_uid: uid, case_id: 'c1', level: 300, ...more });

describe('events that are taken', () => {
  test('stand on the topic of their type, keyed by the user, as they were sent', async () => {
    const uid = newUser();
    const event = { ...submitted(uid, { info: { name: '陈美玲 😀' } }), id: 'id ü', subject: 's' };
    const answer = await replica.events(event);
    expect([answer.status, answer.body]).toEqual([202, { accepted: 1 }]);
    const [message] = await reader.read(TOPICS.kycCaseEvents, 1, of(uid));
    expect(JSON.parse(String(message!.value))).toEqual(event.data);
    const headers = Object.entries(message!.headers ?? {}).map(([name, value]) => [name, String(value)]);
    expect(Object.fromEntries(headers)).toEqual({
      ce_specversion: '1.0',
      ce_id: 'id ü',
      ce_source: '/upstream',
      ce_type: 'kyc.case.submitted',
      ce_time: '2022-10-26T02:54:23.999Z',
      ce_subject: 's',
      'content-type': 'application/json',
    });
  });

  test('of a batch keep their order per user, each on its topic', async () => {
    const uid = newUser();
    const batch = [
      eventOf('account.activated', { shopee_uid: uid }, { id: 'a1' }),
      eventOf('kyc.case.submitted', { shopee_uid: uid, case_id: 'c', level: 200 }, { id: 'k1' }),
      eventOf('account.banned', { shopee_uid: uid }, { id: 'a2' }),
      eventOf('kyc.case.approved', { shopee_uid: uid, case_id: 'c', decided_by: 'OPS' }, { id: 'k2' }),
    ];
    const answer = await replica.events(batch);
    expect([answer.status, answer.body]).toEqual([202, { accepted: 4 }]);
    const ids = (messages: ReadMessage[]): string[] =>
      messages.map(({ headers }) => String(headers!['ce_id']));
    expect(ids(await reader.read(TOPICS.kycCaseEvents, 2, of(uid)))).toEqual(['k1', 'k2']);
    expect(ids(await reader.read(TOPICS.accountEvents, 2, of(uid)))).toEqual(['a1', 'a2']);
  });

  test('may be a thousand, and none', async () => {
    const uid = newUser();
    const thousand = Array.from({ length: 1_000 }, (_, n) =>
      eventOf('account.banned', { shopee_uid: uid }, { id: String(n) }),
    );
    expect((await replica.events(thousand)).body).toEqual({ accepted: 1_000 });
    const messages = await reader.read(TOPICS.accountEvents, 1_000, of(uid));
    expect(messages.map(({ headers }) => String(headers!['ce_id']))).toEqual(
      thousand.map((_, n) => String(n)),
    );
    const none = await replica.events([]);
    expect([none.status, none.body]).toEqual([202, { accepted: 0 }]);
  });

  test('may fill a megabyte with long ids and one user, though Kafka takes no such batch', async () => {
    const uid = newUser();
    const long = 'x'.repeat(256);
    const events = Array.from({ length: 1_000 }, (_, n) =>
      eventOf(
        'account.banned',
        { shopee_uid: uid },
        { id: `${n}-`.padEnd(256, 'i'), source: long, subject: long },
      ),
    );
    expect((await replica.events(events)).body).toEqual({ accepted: 1_000 });
    const messages = await reader.read(TOPICS.accountEvents, 1_000, of(uid));
    expect(messages.map(({ headers }) => parseInt(String(headers!['ce_id'])))).toEqual(
      events.map((_, n) => n),
    );
  });

  test('come with parameters and any case of the content type', async () => {
    const body = JSON.stringify(submitted(newUser()));
    for (const type of ['application/cloudevents+json; charset=utf-8', 'Application/CloudEvents+JSON;x=y'])
      expect(
        (await replica.call('POST', '/v1/events', 'publisher', body, { 'content-type': type })).status,
      ).toBe(202);
  });
});

describe('a request that is refused', () => {
  test('for its number of events: 413, nothing taken', async () => {
    const uid = newUser();
    const many = Array.from({ length: 1_001 }, () => eventOf('account.banned', { shopee_uid: uid }));
    const answer = await replica.events(many);
    expect([answer.status, answer.body.type]).toEqual([413, 'urn:kyc-relay:problem:too-many-events']);
    await expectNothingOf(uid);
  });

  test('for its size: 413 by the declared length, and by the bytes', async () => {
    const head =
      'POST /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer publisher-token\r\n' +
      'Content-Type: application/cloudevents+json\r\n';
    expect((await exchangeRaw(replica.url, `${head}Content-Length: 1048577\r\n\r\n`)).status).toBe(413);
    const uid = newUser();
    const fits = JSON.stringify(submitted(uid)).padEnd(1_048_576, ' ');
    const headers = { 'content-type': 'application/cloudevents+json' };
    expect((await replica.call('POST', '/v1/events', 'publisher', fits, headers)).status).toBe(202);
    expect((await replica.call('POST', '/v1/events', 'publisher', `${fits} `, headers)).status).toBe(413);
  });

  test.each(['application/json', 'text/plain', 'application/cloudevents', 'application/cloudevents+xml', ''])(
    'for its content type %p: 415',
    async (type) => {
      const body = JSON.stringify(submitted(newUser()));
      const answer = await replica.call('POST', '/v1/events', 'publisher', body, { 'content-type': type });
      expect([answer.status, answer.body.status]).toEqual([415, 415]);
    },
  );

  test.each<[string, object | string, { index: number; field: string }]>([
    ['a missing field', submitted('u', { level: undefined }), { index: 0, field: 'data.level' }],
    ['a wrong field', submitted('u', { level: 150 }), { index: 0, field: 'data.level' }],
    ['an unknown field', submitted('u', { more: 1 }), { index: 0, field: 'data.more' }],
    ['a null in the info', submitted('u', { info: { name: null } }), { index: 0, field: 'data.info.name' }],
    ['an empty name', submitted('u', { info: { name: '' } }), { index: 0, field: 'data.info.name' }],
    [
      '513 characters',
      submitted('u', { info: { name: 'x'.repeat(513) } }),
      { index: 0, field: 'data.info.name' },
    ],
    ['half a surrogate', submitted('u', { info: { name: '\ud800' } }), { index: 0, field: 'data.info.name' }],
    ['a NUL', submitted('u', { info: { name: 'a\0' } }), { index: 0, field: 'data.info.name' }],
    ['a bad user', submitted('u u'), { index: 0, field: 'data.shopee_uid' }],
    [
      'an empty change',
      eventOf('kyc.info.changed', { shopee_uid: 'u', target: 'APPROVED', changes: {} }),
      { index: 0, field: 'data.changes' },
    ],
    ['an unknown type', eventOf('kyc.case.unheard', { shopee_uid: 'u' }), { index: 0, field: 'type' }],
    [
      'no time',
      eventOf('account.banned', { shopee_uid: 'u' }, { time: undefined }),
      { index: 0, field: 'time' },
    ],
    [
      'a day that is not',
      eventOf('account.banned', { shopee_uid: 'u' }, { time: '2022-02-30T00:00:00Z' }),
      { index: 0, field: 'time' },
    ],
    [
      'a long id',
      eventOf('account.banned', { shopee_uid: 'u' }, { id: 'i'.repeat(257) }),
      { index: 0, field: 'id' },
    ],
    [
      'another version',
      eventOf('account.banned', { shopee_uid: 'u' }, { specversion: '0.3' }),
      { index: 0, field: 'specversion' },
    ],
    [
      'base64',
      eventOf('account.banned', { shopee_uid: 'u' }, { data_base64: 'e30=' }),
      { index: 0, field: 'data_base64' },
    ],
    [
      'no data',
      eventOf('account.banned', { shopee_uid: 'u' }, { data: undefined }),
      { index: 0, field: 'data' },
    ],
    ['not JSON', '{', { index: 0, field: 'body' }],
    ['an array as one', '[]', { index: 0, field: 'body' }],
    ['a number', '7', { index: 0, field: 'body' }],
    ['nothing', '', { index: 0, field: 'body' }],
  ])('for %s: 400 with index and field, without the value', async (_, event, expected) => {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    const answer = await replica.call('POST', '/v1/events', 'publisher', body, {
      'content-type': 'application/cloudevents+json',
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.errors).toEqual([{ ...expected, message: expect.any(String) as string }]);
  });

  test('for one malformed event of many: its index, every wrong field, and nothing taken', async () => {
    const uid = newUser();
    const answer = await replica.events([
      submitted(uid),
      eventOf('account.banned', { shopee_uid: uid }),
      submitted(uid, { level: 1, info: { phone: 7 } }),
      7,
      submitted(uid),
    ]);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ index, field }) => [index, field])).toEqual([
      [2, 'data.level'],
      [2, 'data.info.phone'],
      [3, 'body'],
    ]);
    await expectNothingOf(uid);
  });

  test.each([
    ['no token', undefined, 401],
    ['a viewer', 'viewer', 403],
    ['an operator', 'operator', 403],
  ] as const)('for its caller (%s)', async (_, role, status) => {
    const body = JSON.stringify(submitted(newUser()));
    const answer = await replica.call('POST', '/v1/events', role, body, {
      'content-type': 'application/cloudevents+json',
    });
    expect([answer.status, answer.body.status]).toEqual([status, status]);
  });
});

describe('without a broker', () => {
  test('a request is 503 within seconds, says what may have happened, and is told when to repeat', async () => {
    const bed = await PublisherBed.create(cleanup);
    const lonely = await bed.start({ KAFKA_BROKERS: '127.0.0.1:9' });
    const before = performance.now();
    const answer = await lonely.events(submitted(newUser()));
    expect(performance.now() - before).toBeLessThan(9_000);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(answer.body.detail).toContain('repeat with the same ids');
    const malformed = await lonely.events(submitted('u u'));
    expect(malformed.status).toBe(400);
    await lonely.stop();
  });
});

/** What is sent for the same user now, hence into the same partition, is all that stands there. */
async function expectNothingOf(uid: string): Promise<void> {
  const answer = await replica.events([
    eventOf('account.unbanned', { shopee_uid: uid }, { id: 'marker' }),
    eventOf('kyc.record.deleted', { shopee_uid: uid }, { id: 'marker' }),
  ]);
  expect(answer.status).toBe(202);
  for (const topic of [TOPICS.kycCaseEvents, TOPICS.accountEvents]) {
    const messages = await reader.read(topic, 1, of(uid));
    expect(messages.map(({ headers }) => String(headers!['ce_id']))).toEqual(['marker']);
  }
}
