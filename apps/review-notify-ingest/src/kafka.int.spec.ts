import {
  goldenMessage,
  newEventId,
  parseCloudEvent,
  PAYEE_CHANGED,
  readEvent,
  REVIEW_DECIDED_EVENTS,
  TOPIC_DECLARATIONS,
  TOPICS,
} from '@kyc-relay/contracts';
import { ensureTopics } from '@kyc-relay/messaging';
import { eventually, readTopics, testKafka, useCleanup, type TopicReader } from '@kyc-relay/testing';
import { kybMessage, storeMessage } from './testbed/messages';
import { ReviewBed } from './testbed/review-bed';

const cleanup = useCleanup();
let bed: ReviewBed;
let reader: TopicReader;

/** A payee that no other run knows. */
const PAYEE = `${Date.now()}`.padStart(22, '7');

beforeAll(async () => {
  const declared = TOPIC_DECLARATIONS.filter(({ name }) => /^(payee|review)\./.test(name));
  await ensureTopics(testKafka(), declared, { replicationFactor: 1, minInsyncReplicas: 1 });
  bed = await ReviewBed.start(cleanup);
  await bed.talkToKafka(cleanup);
  reader = await readTopics(cleanup, [TOPICS.reviewDecided]);
});

/** Says so as payee-service would; returns the event's id. */
async function tell(value: Record<string, unknown>): Promise<string> {
  const golden = goldenMessage(PAYEE_CHANGED);
  const id = newEventId();
  const producer = testKafka().producer();
  await producer.connect();
  await producer.send({
    topic: TOPICS.payeeChanged,
    messages: [
      {
        key: PAYEE,
        value: JSON.stringify({ ...golden.value, event_id: id, customerNo: PAYEE, ...value }),
        headers: { ...golden.headers, ce_id: id, ce_subject: PAYEE },
      },
    ],
  });
  await producer.disconnect();
  return id;
}

it('steps are published in their order, fit their contract and have one id', async () => {
  for (const status of ['PENDING', 'MODIFY', 'PASSED'])
    await bed.notify(kybMessage('k1', { merchantClientId: PAYEE, status }));
  await bed.notify(storeMessage('k2', { merchantClientId: PAYEE }));
  const messages = await reader.read(TOPICS.reviewDecided, 4, ({ key }) => key?.toString() === PAYEE);
  const values = messages.map((message) => {
    const headers = Object.fromEntries(
      Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const parsed = parseCloudEvent(headers, message.value);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    expect(
      readEvent({ ...REVIEW_DECIDED_EVENTS, unknownFields: 'refused' }, parsed.event, PAYEE),
    ).toMatchObject({ ok: true });
    const value = JSON.parse(String(message.value)) as { event_id: string; status: string; sequence: number };
    expect(parsed.event.id).toBe(value.event_id);
    return value;
  });
  expect(values.map(({ status, sequence }) => [status, sequence])).toEqual([
    ['PENDING', 1],
    ['MODIFY', 2],
    ['PASS', 3],
    ['PENDING', 1],
  ]);
  await eventually(async () => (await bed.outbox()).length === 0);
});

it('a payee that payee-service says is deleted is erased, one that changed is not', async () => {
  const personal = async (): Promise<number> =>
    (await bed.store.query('select from review.steps where body is not null')).length;
  await bed.notify(kybMessage('k3', { merchantClientId: PAYEE }));
  expect(await personal()).toBeGreaterThan(0);
  const changed = await tell({ change: 'STATUS_CHANGED', version: 2, changedFields: [] });
  // By its id, since other files' payees change on the same topic.
  await eventually(
    async () => (await bed.store.query('select from review.inbox where id = $1', [changed])).length === 1,
  );
  expect(await personal()).toBeGreaterThan(0);
  await tell({ change: 'DELETED', version: 3, changedFields: [] });
  await eventually(async () => (await personal()) === 0);
});
