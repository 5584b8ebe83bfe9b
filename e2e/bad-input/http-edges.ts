import { toEnvelope } from '@kyc-relay/simulators';
import { call, type Call, type Caller, type JsonAnswer } from '../world/call';
import { MONEY_PLUS } from '../world/registry';
import { Seeded, SEED } from '../world/seeded';
import { newestTask } from '../world/tasks';
import { User } from '../world/user';
import type { World } from '../world/world';
import { spoilBody, spoilText, type Shape } from './spoil';
import { someEvent, spoilData } from './upstream-shapes';

const COUNT = 300;
const AT_ONCE = 10;
const ONE = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const SUBSCRIPTION: Shape = { action: 'choice', biz_id: 'choice', shopee_uid: 'id', events: 'list?' };
const QUERY: Shape = { biz_id: 'choice', shopee_uid: 'id' };

/** What no identifier in a path may be; each is one segment of a URL. */
const BAD_SEGMENTS = [
  '%00',
  'a%20b',
  '%F0%9F%99%82',
  'x'.repeat(65),
  '%27%20or%201=1',
  '..%2f..%2fetc',
  '%ff',
  '%',
  '%ZZ',
  'a%0d%0ab',
  '{}',
  '$ne',
];

const BAD_QUERIES = [
  'limit=0',
  'limit=-5',
  'limit=abc',
  'limit=99999999999999999999',
  'limit=',
  'limit=1.5',
  'limit=0x10',
  'limit=5&limit=6',
  'cursor=%00',
  'cursor=AAAA',
  'cursor=%ff',
  "cursor='",
  `cursor=${'x'.repeat(3000)}`,
  'cursor=eyJhIjoxfQ',
];

/** What no answer may show: the inside. */
const INSIDE = /node_modules|\bat [\w./<>]+:\d+|SQLSTATE|syntax error at|relation "|\bkyc\.user|pg_|stack/i;

/** Bad requests on every HTTP edge; platform.md, "Bad input". */
export function describeBadRequests(world: () => World): void {
  describe(`${COUNT} bad requests`, () => {
    const publisher = (path: string): string => world().url('kyc-status-publisher', path);
    const tasks = (path: string): string => world().url('money-plus-callback', `/v1/callback-tasks${path}`);

    /** Makes them, some at a time; each must be refused, and never as our fault. */
    const refuseAll = async (
      seed: number,
      make: (seeded: Seeded, index: number) => Call,
      isEnvelope: (answer: JsonAnswer) => boolean = ({ body }) => Object.keys(body).length > 0,
    ): Promise<void> => {
      const seeded = new Seeded(SEED + seed);
      const calls = Array.from({ length: COUNT }, (_, index) => make(seeded, index));
      for (let start = 0; start < COUNT; start += AT_ONCE) {
        const part = calls.slice(start, start + AT_ONCE);
        const answers = await Promise.all(part.map(async (one) => await call(one)));
        const wrong = answers.flatMap((answer, index) => {
          const refused = answer.status >= 400 && answer.status < 500;
          return refused && isEnvelope(answer) && !INSIDE.test(answer.text)
            ? []
            : [{ call: JSON.stringify(part[index]).slice(0, 600), status: answer.status, text: answer.text }];
        });
        expect(wrong).toEqual([]);
      }
    };
    const retcodeEnvelope = ({ body }: JsonAnswer): boolean =>
      Object.keys(body).sort().join() === 'message,retcode' && [1, 2].includes(body['retcode'] as number);
    const newUsers = (): User[] =>
      Array.from({ length: COUNT }, () => new User(world(), world().uid('http')));

    it('to POST /v1/events, and the next event of each user arrives', async () => {
      const users = newUsers();
      const as = world().as('publisher');
      await refuseAll(1, (seeded, index) => {
        const user = users[index] as User;
        const good = someEvent(user, seeded.pick(['case', 'account']), seeded);
        const bad = toEnvelope(spoilData(good, seeded));
        const [type, content] = seeded.pick([
          [ONE, JSON.stringify(bad)],
          [ONE, spoilText(toEnvelope(good.event), seeded)],
          [BATCH, JSON.stringify([toEnvelope(good.event), bad])],
          [BATCH, spoilText([toEnvelope(good.event)], seeded)],
          [BATCH, JSON.stringify(toEnvelope(good.event))],
          [ONE, JSON.stringify([toEnvelope(good.event)])],
          ['application/json', JSON.stringify(toEnvelope(good.event))],
        ] as const);
        return { url: publisher('/v1/events'), content, headers: { 'content-type': type }, as };
      });
      const good = JSON.stringify(users.map((user) => toEnvelope(user.submit(100))));
      const answer = await call({
        url: publisher('/v1/events'),
        content: good,
        headers: { 'content-type': BATCH },
        as,
      });
      expect(answer.body).toEqual({ accepted: COUNT });
      for (const user of users) expect((await user.changes(1)).length).toBe(1);
    });

    it('to POST /v1/subscriptions, in the envelope of the business, and the next one of each user is taken', async () => {
      const users = newUsers();
      await refuseAll(
        2,
        (seeded, index) => ({
          url: publisher('/v1/subscriptions'),
          ...badSigned(
            {
              action: seeded.pick(['SUBSCRIBE', 'UNSUBSCRIBE']),
              biz_id: MONEY_PLUS,
              shopee_uid: (users[index] as User).uid,
              events: ['KYC_INFO_CHANGED'],
            },
            SUBSCRIPTION,
            seeded,
          ),
        }),
        retcodeEnvelope,
      );
      for (const { uid } of users) await world().subscribe(uid);
      await world().publish(...users.map((user) => user.submit(100)));
      for (const user of users) expect((await user.callbacks(1)).length).toBe(1);
    });

    it('to POST /v1/kyc/query-field-result, in the envelope of the business, and the next one is answered', async () => {
      const users = newUsers();
      await refuseAll(
        3,
        (seeded, index) => ({
          url: publisher('/v1/kyc/query-field-result'),
          ...badSigned({ biz_id: MONEY_PLUS, shopee_uid: (users[index] as User).uid }, QUERY, seeded),
        }),
        retcodeEnvelope,
      );
      for (const { uid } of users) {
        const answer = await world().callSigned('/v1/kyc/query-field-result', {
          biz_id: MONEY_PLUS,
          shopee_uid: uid,
        });
        expect(answer.body['retcode']).toBe(0);
      }
    });

    it('to GET /v1/users/{shopee_uid}/entry and /history, and the next ones are answered', async () => {
      const as = world().as('viewer');
      await refuseAll(4, (seeded) => {
        const bad = seeded.pick(BAD_SEGMENTS);
        const path = seeded.pick([
          `/${bad}/entry?biz_id=${MONEY_PLUS}`,
          `/${bad}/history`,
          `/u/history?${seeded.pick(BAD_QUERIES)}`,
          `/u/entry?biz_id=${seeded.pick(['', '%00', 'NOBODY', '%ff', 'x'.repeat(2000), "'", '%F0%9F%99%82'])}`,
          `/u/entry?biz_id[]=${MONEY_PLUS}`,
          '/u/entry',
        ]);
        return { url: publisher(`/v1/users${path}`), as };
      });
      const ask = async (path: string): Promise<number> => (await call({ url: publisher(path), as })).status;
      expect(await ask(`/v1/users/u/entry?biz_id=${MONEY_PLUS}`)).toBe(200);
      expect(await ask('/v1/users/u/history')).toBe(200);
    });

    it('to GET /v1/callback-tasks, and the next one is answered', async () => {
      const as = world().as('viewer');
      const more = [
        'state=X',
        'kind=X',
        'from=x',
        'to=x',
        'biz_id=%00',
        'shopee_uid=%00',
        'colour=1',
        'from=%00',
        'limit[]=5',
        'state=',
      ];
      await refuseAll(5, (seeded) => {
        const path = seeded.pick([
          `?${seeded.pick(BAD_QUERIES)}`,
          `?${seeded.pick(more)}`,
          `?${seeded.pick(more)}&${seeded.pick(BAD_QUERIES)}`,
          `/${seeded.pick(BAD_SEGMENTS)}`,
        ]);
        return { url: tasks(path), as };
      });
      expect((await call({ url: tasks(''), as })).status).toBe(200);
    });

    it('to the actions on callback tasks, and the next one is judged', async () => {
      const user = await User.subscribed(world(), 'acted');
      await user.tell(user.submit(100));
      const { task_id } = await newestTask(world(), user.uid, 'DELIVERED');
      const as = world().as('operator');
      const filter = { filter: { shopee_uid: user.uid, state: 'FAILED' }, reason: 'r', dry_run: true };
      await refuseAll(6, (seeded) => {
        const action = seeded.pick(['redrive', 'cancel']);
        return seeded.below(2) === 0
          ? {
              url: tasks(`/${seeded.pick([task_id, ...BAD_SEGMENTS])}/${action}`),
              content: spoilBody({ reason: 'r' }, { reason: 'text' }, seeded),
              as,
            }
          : {
              url: tasks(`/${action}`),
              content: spoilBody(filter, { filter: 'object', reason: 'text', dry_run: 'flag?' }, seeded),
              as,
            };
      });
      expect((await call({ url: tasks(`/${task_id}/redrive`), json: { reason: 'r' }, as })).status).toBe(409);
      expect((await call({ url: tasks('/redrive'), json: filter, as })).status).toBe(200);
    });
  });
}

/** A business's request that is bad in its body, well signed, or good in its body and badly signed. */
function badSigned(
  good: Record<string, unknown>,
  shape: Shape,
  seeded: Seeded,
): Pick<Call, 'content' | 'as' | 'headers'> {
  const content = JSON.stringify(good);
  if (seeded.below(3) > 0) return { content: spoilBody(good, shape, seeded), as: {} };
  const bad: Caller[] = [
    'nobody',
    { token: 'x' },
    { secret: seeded.bytes(8).toString('hex') },
    { biz_id: 'NOBODY' },
    { time: new Date(0) },
    { time: new Date(8.64e15) },
    { without: ['x-airpay-req-h'] },
    { without: ['webhook-id'] },
    { without: ['webhook-timestamp'] },
  ];
  const headers = seeded.pick<Record<string, string>>([
    { 'x-airpay-req-h': '' },
    { 'x-airpay-req-h': 'x'.repeat(5000) },
    { 'x-airpay-clientid': 'x'.repeat(5000) },
    { 'webhook-timestamp': '-1' },
    { 'webhook-timestamp': '1e9' },
    { 'webhook-signature': 'v1,' },
    { 'webhook-signature': 'v1,x '.repeat(500) },
  ]);
  return seeded.below(2) === 0 ? { content, as: seeded.pick(bad) } : { content, as: {}, headers };
}
