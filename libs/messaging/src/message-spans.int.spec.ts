import { REFUSALS } from '@kyc-relay/contracts';
import {
  eventually,
  recordingTracing,
  useCleanup,
  type RecordedSpan,
  type RecordingTracing,
} from '@kyc-relay/testing';
import { ConsumerBed, type Judge } from './testbed/consumer-bed';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const UNSAMPLED = PARENT.replace(/01$/, '00');

const cleanup = useCleanup();
let bed: ConsumerBed;
let recording: RecordingTracing;
/** The trace context that the handler got with each fact, by its number. */
let handed: Map<number, string | undefined>;

beforeAll(async () => {
  bed = await ConsumerBed.create(cleanup);
});

beforeEach(async () => {
  await bed.begin();
  recording = await recordingTracing();
  handed = new Map();
});

const noting: Judge = ({ data, traceparent }) => {
  handed.set(data.n, traceparent);
  return undefined;
};

async function awaitSpans(count: number): Promise<RecordedSpan[]> {
  return await eventually(() => recording.spans().length >= count && recording.spans());
}

describe('with tracing, a message', () => {
  test('is a consumer span under what it carries, and the handler goes on under the span', async () => {
    await bed.produce(
      { key: 'a', n: 1, id: 'one', headers: { traceparent: PARENT } },
      { key: 'b', n: 2, id: 'two' },
      { key: 'c', n: 3, id: 'three', headers: { traceparent: UNSAMPLED } },
    );
    await bed.join(noting, { tracing: recording.tracing });
    await bed.awaitEffects(3);
    const [carried, begun, ...others] = await awaitSpans(2);
    expect(others).toEqual([]);
    expect(carried).toMatchObject({
      name: `process ${bed.topic}`,
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
      attributes: {
        'messaging.system': 'kafka',
        'messaging.destination.name': bed.topic,
        'messaging.kafka.offset': '0',
        'messaging.consumer.group.name': bed.group,
        'cloudevents.event_id': 'one',
        'cloudevents.event_type': 'counted',
        'relay.outcome': 'TAKEN',
      },
    });
    expect(begun).toMatchObject({ attributes: { 'cloudevents.event_id': 'two' } });
    expect(begun?.parentSpanId).toBeUndefined();
    expect(handed).toEqual(
      new Map([
        [1, carried?.traceparent],
        [2, begun?.traceparent],
        [3, UNSAMPLED],
      ]),
    );
  });

  test('that is a copy, refused or malformed says so', async () => {
    const one = { key: 'a', n: 1, id: 'one', headers: { traceparent: PARENT } };
    await bed.produce(one, one, { key: 'a', n: 2, id: 'two' });
    await bed.produceRaw([{ key: 'a', value: '{', headers: { traceparent: PARENT } }]);
    const refuseTwo: Judge = ({ data }) => (data.n === 2 ? { code: 'test.two' } : undefined);
    await bed.join(refuseTwo, { tracing: recording.tracing });
    const spans = await awaitSpans(4);
    expect(spans.map(({ attributes }) => [attributes['relay.outcome'], attributes['error.type']])).toEqual([
      ['TAKEN', undefined],
      ['COPY', undefined],
      ['REFUSED', 'test.two'],
      ['REFUSED', REFUSALS.eventInvalid],
    ]);
    expect(spans.filter(({ parentSpanId }) => parentSpanId === 'b7ad6b7169203331')).toHaveLength(3);
  });

  test('that fails is a span of each try, and of the try after it was released', async () => {
    await bed.produce({ key: 'a', n: 1, headers: { traceparent: PARENT } });
    let isMended = false;
    const failing: Judge = () => {
      if (!isMended) throw new TypeError('bug');
      return undefined;
    };
    await bed.join(failing, { tracing: recording.tracing });
    await eventually(async () => (await bed.countRows('parked_keys')) === 1);
    // Once in the chunk, five times alone.
    expect((await awaitSpans(6)).map(({ attributes }) => attributes['error.type'])).toEqual(
      Array<string>(6).fill('TypeError'),
    );
    isMended = true;
    await bed.store.query(`update ctx.parked_keys set state = 'RELEASED'`);
    const spans = await awaitSpans(7);
    expect(spans[6]?.attributes['relay.outcome']).toBe('TAKEN');
    expect(new Set(spans.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set(['b7ad6b7169203331']));
  });
});

test('without tracing, a message is handed on with what it carries', async () => {
  await bed.produce({ key: 'a', n: 1, headers: { traceparent: PARENT } }, { key: 'b', n: 2 });
  await bed.join(noting);
  await bed.awaitEffects(2);
  expect(handed).toEqual(
    new Map([
      [1, PARENT],
      [2, undefined],
    ]),
  );
});
