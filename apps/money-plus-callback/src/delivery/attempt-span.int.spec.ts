import { recordingTracing, useCleanup, type RecordingTracing } from '@kyc-relay/testing';
import { business } from '../testbed/business';
import { DeliveryBed } from '../testbed/delivery-bed';
import { answer, OK, Receiver } from '../testbed/receiver';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const UNSAMPLED = PARENT.replace(/01$/, '00');

describe('the spans of callback attempts', () => {
  const cleanup = useCleanup();
  let bed: DeliveryBed;
  let receiver: Receiver;
  let recording: RecordingTracing;

  beforeAll(async () => {
    bed = await DeliveryBed.open(cleanup);
  });

  beforeEach(async () => {
    await bed.reset();
    receiver = await new Receiver().open();
    recording = await recordingTracing();
    bed.tracing = recording.tracing;
  });

  afterEach(async () => {
    await receiver.shut();
  });

  /** The `traceparent` of every callback that came. */
  const received = (): unknown[] => receiver.log.map(({ headers }) => headers['traceparent']);

  it('are one each under the change, with its number and outcome, and the business is called with it', async () => {
    receiver.behaviour = (callback, response, nth) => {
      (nth === 1 ? answer(503, 'busy') : nth === 2 ? answer(200, '{"retcode":7}') : OK)(
        callback,
        response,
        nth,
      );
    };
    await bed.replica('one', [business(receiver.origin)]);
    const [eventId = ''] = await bed.tell([{ uid: 'canary-uid', traceparent: PARENT }]);
    const { task_id: taskId } = await bed.reaches('DELIVERED', eventId);

    const spans = recording.spans();
    expect(spans.map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual(
      Array<unknown>(3).fill(['callback', 'b7ad6b7169203331']),
    );
    expect(spans.map(({ attributes }) => attributes)).toMatchObject([
      { 'relay.attempt': 1, 'relay.outcome': 'HTTP_STATUS', 'http.response.status_code': 503 },
      { 'relay.attempt': 2, 'relay.outcome': 'RETCODE', 'relay.retcode': 7, 'error.type': 'RETCODE' },
      { 'relay.attempt': 3, 'relay.outcome': 'OK', 'http.response.status_code': 200 },
    ]);
    expect(spans[2]?.attributes).toMatchObject({
      'relay.task_id': taskId,
      'cloudevents.event_id': eventId,
      'relay.biz_id': 'MONEY_PLUS',
      'relay.kind': 'STATUS',
    });
    expect(received()).toEqual(spans.map(({ traceparent }) => traceparent));
    expect(JSON.stringify(spans)).not.toContain('canary-uid');
    // What tells of the end follows from the last attempt; an operator who looks at the task finds the change's trace.
    const told = await bed.database.query<{ traceparent: string }>(
      `select headers ->> 'traceparent' as traceparent from money_plus.outbox`,
    );
    expect(told).toEqual([{ traceparent: spans[2]?.traceparent }]);
    const kept = await bed.database.query(`select traceparent from money_plus.tasks`);
    expect(kept).toEqual([{ traceparent: PARENT }]);
  });

  it('say how a call broke', async () => {
    await receiver.shut();
    await bed.replica('one', [business(receiver.origin, { delivery: { max_attempts: 1 } })]);
    const [eventId = ''] = await bed.tell([{ uid: 'u', traceparent: PARENT }]);
    await bed.reaches('FAILED', eventId);
    expect(recording.spans()).toMatchObject([
      { attributes: { 'relay.outcome': 'CONNECT', 'error.type': 'CONNECT' } },
    ]);
  });

  it('are none for a change that is not recorded, whose trace context goes on', async () => {
    await bed.replica('one', [business(receiver.origin)]);
    const [eventId = ''] = await bed.tell([{ uid: 'u', traceparent: UNSAMPLED }]);
    await bed.reaches('DELIVERED', eventId);
    expect(received()).toEqual([UNSAMPLED]);
    expect(recording.spans()).toEqual([]);
  });
});
