import { eventually, recordingTracing, useCleanup, type RecordedSpan } from '@kyc-relay/testing';
import { exampleAnswer } from '../testbed/acquirer';
import { AGENT, SyncBed } from '../testbed/sync-bed';

const FLOW_NO = '202304101015136891000451934';

const cleanup = useCleanup();
let bed: SyncBed;

beforeAll(async () => {
  bed = await SyncBed.open(cleanup);
});

afterEach(async () => {
  await bed.stopReplicas();
});

test('a run and a read-back begin a trace each, and tell what changed under it', async () => {
  const { tracing, spans } = await recordingTracing();
  const ended = async (name: string): Promise<RecordedSpan> =>
    await eventually(() => spans().find((span) => span.name === name));
  const told = async (): Promise<unknown[]> => {
    const rows = await bed.store.query<{ traceparent: string }>(
      `select headers ->> 'traceparent' as traceparent from risk.outbox order by id`,
    );
    return rows.map(({ traceparent }) => traceparent);
  };

  bed.acquirer.cases.put(exampleAnswer().respData.list);
  const replica = await bed.startReplica({ tracing });
  await bed.runEnds();
  const run = await ended('sync run');
  expect(run.parentSpanId).toBeUndefined();
  expect(run.attributes).toMatchObject({ 'relay.agent': AGENT, 'relay.outcome': 'DONE' });
  expect(await told()).toEqual([run.traceparent, run.traceparent]);

  bed.acquirer.cases.change(FLOW_NO, { flowStatus: 'SHTG' });
  await replica.database.transaction(async (tx) => {
    await replica.stores.readBacks.order(tx, FLOW_NO, [AGENT]);
  });
  const readBack = await ended('read back');
  expect(readBack.attributes).toMatchObject({ 'relay.agent': AGENT, 'relay.cases': 1 });
  expect(readBack.traceId).not.toBe(run.traceId);
  expect(await told()).toEqual([run.traceparent, run.traceparent, readBack.traceparent]);
  expect(JSON.stringify(spans())).not.toContain(FLOW_NO);
});
