import { toEnvelope, type UpstreamEvent } from '@kyc-relay/simulators';
import { call } from '../world/call';
import { A_TEXT, containing, objectWith } from '../world/expected';
import { User, parseBody } from '../world/user';
import { TOPICS, type World } from '../world/world';

const ONE = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

/** `POST /v1/events`; kyc-to-money-plus.md, "Input". */
export function describeHttpIntake(world: () => World): void {
  describe('events over HTTP', () => {
    const post = async (content: string, type: string | undefined = ONE, token?: string) =>
      await call({
        url: world().url('kyc-status-publisher', '/v1/events'),
        content,
        headers: { 'content-type': type },
        as: { token: token ?? world().as('publisher').token },
      });
    const postBatch = async (events: unknown[]) => await post(JSON.stringify(events), BATCH);

    it('one event is appended to its topic under its user, and followed', async () => {
      const user = await User.subscribed(world(), 'http');
      const event = user.submit(300, { name: 'Ada' });
      const answer = await post(JSON.stringify(toEnvelope(event)));
      expect([answer.status, answer.body]).toEqual([202, { accepted: 1 }]);
      const [message] = await world().topics.first(1, TOPICS.caseEvents, user.uid);
      expect(message?.headers).toMatchObject({
        ce_id: event.id,
        ce_type: event.type,
        ce_source: event.source,
      });
      expect(parseBody(message?.value)).toEqual(event.data);
      expect(await user.callbacks(1)).toMatchObject([{ kind: 'status', relay_version: 1 }]);
    });

    it('a batch for both topics is taken whole, in its order, also between sends over Kafka', async () => {
      const user = await User.subscribed(world(), 'batch');
      const answer = await postBatch(
        [...user.becomes(300), activated(user), user.changeApproved({ name: 'A' })].map(toEnvelope),
      );
      expect([answer.status, answer.body]).toEqual([202, { accepted: 4 }]);
      await user.tell(user.changeApproved({ name: 'B' }));
      await post(JSON.stringify(toEnvelope(user.changeApproved({ name: 'C' }))), `${ONE}; charset=utf-8`);
      const callbacks = await user.callbacks(5);
      expect(callbacks.slice(2).map(({ body }) => parseBody(body)['name'])).toEqual(['A', 'B', 'C']);
      await world().topics.first(1, TOPICS.accountEvents, user.uid);
    });

    it('1,000 events are taken, 1,001 are not', async () => {
      const user = new User(world(), world().uid('thousand'));
      await user.tellUntil(2, ...user.becomes(300));
      const events = Array.from({ length: 1001 }, (_, n) =>
        toEnvelope(user.changeApproved({ name: `N${n}` })),
      );
      expect((await postBatch(events)).status).toBe(413);
      const answer = await postBatch(events.slice(0, 1000));
      expect([answer.status, answer.body]).toEqual([202, { accepted: 1000 }]);
      const changes = await user.changes(1002);
      expect(parseBody(changes.at(-1)?.value)).toMatchObject({ version: 1002, changes: { name: 'N999' } });
    });

    it('over 1 MiB is 413', async () => {
      const user = new User(world(), world().uid('large'));
      const padded = JSON.stringify(toEnvelope(user.submit(300))).padEnd(1024 * 1024 + 1);
      expect((await post(padded)).status).toBe(413);
      const fits = JSON.stringify(toEnvelope(user.submit(300))).padEnd(1024 * 1024);
      expect((await post(fits)).status).toBe(202);
    });

    it.each(['application/json', 'text/plain', '', 'application/cloudevents', 'multipart/form-data'])(
      'content type "%s" is 415',
      async (type) => {
        const user = new User(world(), world().uid('type'));
        expect((await post(JSON.stringify(toEnvelope(user.submit(300))), type)).status).toBe(415);
      },
    );

    it('a bad event refuses the whole batch, names index and field, and nothing is taken', async () => {
      const good = new User(world(), world().uid('good'));
      const bad = new User(world(), world().uid('bad'));
      const level = { ...bad.submit(300), data: { shopee_uid: bad.uid, case_id: 'c', level: 150 } };
      const batches: [unknown[], { index: number; field: string }][] = [
        [[good.submit(300), level].map(toEnvelope), { index: 1, field: 'data.level' }],
        [
          [good.submit(300), { ...bad.submit(300), type: 'kyc.odd' }].map(toEnvelope),
          { index: 1, field: 'type' },
        ],
        [[toEnvelope(good.submit(300)), omit(toEnvelope(bad.submit(300)), 'id')], { index: 1, field: 'id' }],
        [
          [toEnvelope(good.submit(300)), omit(toEnvelope(bad.submit(300)), 'time')],
          { index: 1, field: 'time' },
        ],
        [
          [toEnvelope(good.submit(300)), { ...toEnvelope(bad.submit(300)), data: 5 }],
          { index: 1, field: 'data' },
        ],
        [[toEnvelope(level), toEnvelope(good.submit(300))], { index: 0, field: 'data.level' }],
      ];
      for (const [batch, error] of batches) {
        const answer = await postBatch(batch);
        expect(answer.status).toBe(400);
        expect(answer.body['errors']).toEqual(containing(objectWith({ ...error, message: A_TEXT })));
        expect(answer.text).not.toContain('150');
      }
      await good.tell(good.submit(100));
      expect((await good.changes(1)).map(({ value }) => parseBody(value)['spay_kyc_level'])).toEqual([100]);
      expect(world().topics.of(TOPICS.caseEvents, bad.uid)).toEqual([]);
    });

    it('what is no event at all is 400', async () => {
      for (const body of ['', '{', 'null', '5', '[]', '"x"']) expect((await post(body)).status).toBe(400);
      for (const body of ['{}', '[5]', '[[]]', '[null]', 'x'])
        expect((await post(body, BATCH)).status).toBe(400);
    });

    it('needs the role publisher: 401 without a token or with an unknown one, 403 with another role', async () => {
      const body = JSON.stringify(toEnvelope(new User(world(), world().uid('role')).submit(300)));
      const url = world().url('kyc-status-publisher', '/v1/events');
      const headers = { 'content-type': ONE };
      expect((await call({ url, content: body, headers, as: 'nobody' })).status).toBe(401);
      expect((await call({ url, content: body, headers, as: {} })).status).toBe(401);
      expect((await post(body, ONE, 'guess')).status).toBe(401);
      expect((await post(body, ONE, world().as('viewer').token)).status).toBe(403);
      expect((await post(body, ONE, world().as('operator').token)).status).toBe(403);
    });
  });
}

function activated(user: User): UpstreamEvent {
  return { ...user.changePhone('1'), type: 'account.activated', data: { shopee_uid: user.uid } };
}

function omit(envelope: Record<string, unknown>, field: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(envelope).filter(([name]) => name !== field));
}
