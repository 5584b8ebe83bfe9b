import { toEnvelope, toKafkaMessage, type RawMessage } from '@kyc-relay/simulators';
import { awaitState } from '../world/await-state';
import { Seeded, SEED } from '../world/seeded';
import { User, parseBody } from '../world/user';
import { TOPICS, type World } from '../world/world';
import { spoilObject, spoilText, type Shape } from './spoil';
import { someEvent, spoilData, type ShapedEvent } from './upstream-shapes';

const COUNT = 300;
const ENVELOPE: Shape = { id: 'text', source: 'text', type: 'choice', time: 'choice', specversion: 'choice' };
const HEADERS: Shape = {
  ce_id: 'text',
  ce_source: 'text',
  ce_type: 'choice',
  ce_time: 'choice',
  ce_specversion: 'choice',
};

/** A message of ours, as kyc-status-publisher publishes it. */
const STATUS_CHANGED: Shape = {
  event_id: 'id',
  shopee_uid: 'id',
  version: 'choice',
  spay_kyc_client_status: 'level',
  spay_kyc_level: 'level',
  change_status_time: 'choice',
  subscriptions: 'flag',
};

/** Bad messages on every input topic; platform.md, "Bad input". */
export function describeBadMessages(world: () => World): void {
  describe('bad messages', () => {
    it.each(['case', 'account'] as const)(
      `${COUNT} on the %s topic go to its DLQ, and each user's next event arrives`,
      async (name) => {
        const seeded = new Seeded(SEED);
        const topic = name === 'case' ? TOPICS.caseEvents : TOPICS.accountEvents;
        const users = await manyUsers(name);
        const bad = users.map((user) => spoilMessage(someEvent(user, name, seeded), seeded));
        await publishInParts(bad);
        await everyNextArrives(users);
        // All of them, and each with a reason.
        const letters = await awaitState(`${COUNT} dead letters`, () => {
          const found = users.map(({ uid }) => world().topics.of(`${topic}.dlq`, uid));
          return found.every((ofUser) => ofUser.length > 0) && found;
        });
        expect(letters.filter((ofUser) => ofUser.length !== 1)).toEqual([]);
        for (const [letter] of letters) {
          expect(letter?.headers['dlq-reason']).toMatch(/^event\.(invalid|unknown-type)$/);
          expect(letter?.headers['dlq-detail'] ?? '').not.toMatch(/drop table|\.\.\/etc|xxxx/);
        }
      },
    );

    it(`${COUNT} on the topic between our services stop nobody's callbacks`, async () => {
      const seeded = new Seeded(SEED + 1);
      const users = await manyUsers('between');
      await publishInParts(users.map((user) => spoilOurs(user, seeded)));
      await everyNextArrives(users);
    });

    const manyUsers = async (name: string): Promise<User[]> => {
      const users = Array.from({ length: COUNT }, () => new User(world(), world().uid(`bad-${name}`)));
      for (let start = 0; start < COUNT; start += 20)
        await Promise.all(
          users.slice(start, start + 20).map(async ({ uid }) => await world().subscribe(uid)),
        );
      return users;
    };

    /** A broker takes no batch over 1 MiB, so a large message goes alone. */
    const publishInParts = async (messages: RawMessage[]): Promise<void> => {
      const isLarge = ({ value }: RawMessage): boolean => (value?.length ?? 0) > 10_000;
      const small = messages.filter((message) => !isLarge(message));
      for (let start = 0; start < small.length; start += 50)
        await world().upstream.publishRaw(small.slice(start, start + 50));
      for (const message of messages.filter(isLarge)) await world().upstream.publishRaw(message);
    };

    /** A good event of each user comes through to Money+. */
    const everyNextArrives = async (users: User[]): Promise<void> => {
      await world().publish(...users.map((user) => user.submit(100)));
      for (const { uid } of users)
        await awaitState(`the good event of ${uid}`, () =>
          world()
            .moneyPlus.received({ shopee_uid: uid, success: true })
            .some(({ body }) => parseBody(body)['spay_kyc_level'] === 100),
        );
    };
  });
}

/** The message of an event with one thing wrong: its data, its headers, its envelope, its value, or its key. */
function spoilMessage(shaped: ShapedEvent, seeded: Seeded): RawMessage {
  const good = toKafkaMessage(shaped.event);
  switch (seeded.below(8)) {
    case 0:
      return { ...good, headers: spoilHeaders(good.headers ?? {}, seeded) };
    case 1: {
      const envelope = spoilObject(toEnvelope(shaped.event), ENVELOPE, seeded);
      // A CloudEvent may carry extensions; a field too many is none of ours to refuse.
      const isBad = Object.keys(envelope).length <= Object.keys(toEnvelope(shaped.event)).length;
      const value = isBad ? JSON.stringify(envelope) : spoilText(toEnvelope(shaped.event), seeded);
      return { ...toKafkaMessage(shaped.event, 'structured'), value };
    }
    case 2:
      return { ...good, value: spoilText(shaped.event.data, seeded) };
    case 3:
      return { ...good, value: seeded.pick([null, Buffer.alloc(0), seeded.bytes(300), 'x'.repeat(900_000)]) };
    case 4:
      return {
        ...good,
        value: JSON.stringify({ ...shaped.event.data, shopee_uid: `${shaped.event.key}-x` }),
      };
    default:
      return toKafkaMessage(spoilData(shaped, seeded));
  }
}

function spoilHeaders(headers: Record<string, string>, seeded: Seeded): Record<string, string> {
  const name = seeded.pick(Object.keys(HEADERS));
  if (seeded.below(2) === 0)
    return Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name));
  const wrong = { ce_time: ['', 'now', '2022-02-30T00:00:00Z', '0'], ce_specversion: ['', '2.0', 'x'] };
  const values = name in wrong ? wrong[name as keyof typeof wrong] : ['', 'x'.repeat(300), 'nul\u0000'];
  return { ...headers, [name]: seeded.pick(values) };
}

/** A message of ours that no service of ours would write. */
function spoilOurs(user: User, seeded: Seeded): RawMessage {
  const event = user.submit(300);
  const data = {
    event_id: event.id,
    shopee_uid: user.uid,
    version: 1,
    spay_kyc_client_status: 2,
    spay_kyc_level: 300,
    spay_reject_reason: '',
    spay_reject_reason_key: '',
    spay_delete_reason: '',
    spay_delete_reason_key: '',
    change_status_time: 1_666_755_263,
    subscriptions: [{ biz_id: 'MONEY_PLUS', is_meet_business: false }],
  };
  const type = seeded.pick(['kyc.status-changed', 'kyc.info-changed', 'kyc.odd', '']);
  const shaped = {
    event: { ...event, topic: TOPICS.userEvents, type, data },
    shape: STATUS_CHANGED,
  };
  return type === 'kyc.status-changed' ? spoilMessage(shaped, seeded) : toKafkaMessage(shaped.event);
}
