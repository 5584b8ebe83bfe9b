import { toEnvelope, type UpstreamEvent } from '@kyc-relay/simulators';
import { TraceReceiver, type ExportedSpan } from './traces/trace-receiver';
import { awaitState } from './world/await-state';
import { call } from './world/call';
import { newestTask } from './world/tasks';
import { User } from './world/user';
import { TOPICS, World } from './world/world';

jest.setTimeout(60_000);

const PUBLISHER = 'kyc-status-publisher';
const CALLBACK = 'money-plus-callback';
const CALLER_ID = '00f067aa0ba902b7';
/** A name and a number that must not show in a trace. */
const INFO = { name: 'Canary Person', phone: '+60123456789', ic_number: '900101-14-5678' };

describe('traces, from upstream to Money+', () => {
  let world: World;
  let receiver: TraceReceiver;
  let traces = 0;

  beforeAll(async () => {
    receiver = await TraceReceiver.start();
    world = await World.start({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint } });
  }, 180_000);

  afterAll(async () => {
    await world.stop();
    await receiver.close();
  }, 60_000);

  const newTraceId = (): string => (traces += 1).toString(16).padStart(32, 'c');

  /** Upstream posts an event as a part of a trace of its own, or of none. */
  async function post(event: UpstreamEvent, traceparent?: string): Promise<void> {
    const answer = await call({
      url: world.url(PUBLISHER, '/v1/events'),
      content: JSON.stringify(toEnvelope(event)),
      headers: {
        'content-type': 'application/cloudevents+json',
        ...(traceparent === undefined ? {} : { traceparent }),
      },
      as: world.as('publisher'),
    });
    expect(answer.status).toBe(202);
  }

  /** The spans of a trace once there are so many, the outermost first. */
  async function trace(traceId: string, count: number): Promise<ExportedSpan[]> {
    const spans = await awaitState(`${count} spans of trace ${traceId}`, () => {
      const found = receiver.of(traceId);
      return found.length >= count && found;
    });
    const children = (parent: string | undefined): ExportedSpan[] =>
      spans
        .filter(({ parent_id }) => parent_id === parent)
        .sort((a, b) => attemptOf(a) - attemptOf(b))
        .flatMap((span) => [span, ...children(span.span_id)]);
    const roots = spans.filter(({ parent_id }) => !spans.some(({ span_id }) => span_id === parent_id));
    return roots.flatMap((root) => [root, ...children(root.span_id)]);
  }

  const attemptOf = (span: ExportedSpan): number => Number(span.attributes['relay.attempt'] ?? 0);
  const outline = (spans: readonly ExportedSpan[]): unknown[] =>
    spans.map(({ service, kind, name, parent_id: parent }) => [
      service,
      kind,
      name,
      spans.findIndex(({ span_id }) => span_id === parent),
    ]);
  const traceparentOf = ({ trace_id, span_id }: ExportedSpan): string => `00-${trace_id}-${span_id}-01`;

  it('follow a fact from POST /v1/events through topics and outbox to each attempt, in the trace of the caller', async () => {
    const user = await User.subscribed(world, 'traced');
    world.moneyPlus.rule({
      match: { shopee_uid: user.uid },
      behaviour: { type: 'http', status: 503 },
      times: 1,
    });
    const traceId = newTraceId();
    const event = user.submit(300, INFO);
    await post(event, `00-${traceId}-${CALLER_ID}-01`);

    const spans = await trace(traceId, 5);
    expect(outline(spans)).toEqual([
      [PUBLISHER, 'SERVER', 'POST /v1/events', -1],
      [PUBLISHER, 'CONSUMER', `process ${TOPICS.caseEvents}`, 0],
      [CALLBACK, 'CONSUMER', `process ${TOPICS.userEvents}`, 1],
      [CALLBACK, 'CLIENT', 'callback', 2],
      [CALLBACK, 'CLIENT', 'callback', 2],
    ]);
    expect(spans[0]?.parent_id).toBe(CALLER_ID);
    const task = await newestTask(world, user.uid, 'DELIVERED');
    expect(spans.map(({ attributes }) => attributes)).toMatchObject([
      { 'http.route': '/v1/events', 'http.response.status_code': 202 },
      { 'cloudevents.event_id': event.id, 'relay.outcome': 'TAKEN' },
      { 'cloudevents.event_id': task.event_id, 'relay.outcome': 'TAKEN' },
      { 'relay.attempt': 1, 'relay.outcome': 'HTTP_STATUS', 'http.response.status_code': 503 },
      {
        'relay.attempt': 2,
        'relay.outcome': 'OK',
        'relay.task_id': task.task_id,
        'relay.biz_id': 'MONEY_PLUS',
      },
    ]);
    expect(spans.map(({ failed }) => failed)).toEqual([false, false, false, true, false]);

    // On the wire each hop is the span that caused it.
    const [taken] = await world.topics.first(1, TOPICS.caseEvents, user.uid);
    const [changed] = await user.changes(1);
    const [finished] = await world.topics.first(1, TOPICS.finished, user.uid);
    const callbacks = await user.callbacks(1);
    const told = [taken, changed, ...callbacks, finished].map((one) => one?.headers?.['traceparent']);
    const [server, consumer, , first, second] = spans.map(traceparentOf);
    expect(told).toEqual([server, consumer, first, second, second]);
  });

  it('follow a fact from Kafka, under what upstream sent', async () => {
    const user = await User.subscribed(world, 'kafka');
    const traceId = newTraceId();
    const headers = { traceparent: `00-${traceId}-${CALLER_ID}-01` };
    await world.upstream.publish([user.submit(300)], { headers });
    const spans = await trace(traceId, 3);
    expect(outline(spans)).toEqual([
      [PUBLISHER, 'CONSUMER', `process ${TOPICS.caseEvents}`, -1],
      [CALLBACK, 'CONSUMER', `process ${TOPICS.userEvents}`, 0],
      [CALLBACK, 'CLIENT', 'callback', 1],
    ]);
    expect(spans[0]?.parent_id).toBe(CALLER_ID);
  });

  it('begin at the edge where upstream has none', async () => {
    const user = await User.subscribed(world, 'begun');
    await post(user.submit(300));
    const [callback] = await user.callbacks(1);
    const [, traceId = ''] = callback?.headers?.['traceparent']?.toString().split('-') ?? [];
    const spans = await trace(traceId, 4);
    expect(spans[0]).toMatchObject({ kind: 'SERVER', name: 'POST /v1/events', parent_id: undefined });
    expect(callback?.headers?.['traceparent']).toBe(traceparentOf(spans[3]!));
  });

  it('that upstream does not record are not recorded here, and the callback says so', async () => {
    const user = await User.subscribed(world, 'unsampled');
    const unsampled = `00-${newTraceId()}-${CALLER_ID}-00`;
    await post(user.submit(300), unsampled);
    const [callback] = await user.callbacks(1);
    expect(callback?.headers?.['traceparent']).toBe(unsampled);
    // What came later is exported by then, of every service.
    const later = newTraceId();
    await post(user.approve(), `00-${later}-${CALLER_ID}-01`);
    await trace(later, 4);
    expect(receiver.of(unsampled.slice(3, 35))).toEqual([]);
  });

  it('hold nobody: no uid, no name, no number, no body', () => {
    expect(receiver.spans.length).toBeGreaterThan(10);
    for (const personal of [...Object.values(INFO), 'traced-', 'kafka-', 'begun-', 'unsampled-'])
      expect([personal, receiver.text.includes(personal)]).toEqual([personal, false]);
  });
});
