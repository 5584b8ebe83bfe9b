import { goldenMessage, KYC_USER_EVENTS, readEvent, type CloudEvent } from '@kyc-relay/contracts';
import type { Fact } from '@kyc-relay/messaging';
import { useCleanup } from '@kyc-relay/testing';
import { DeliveryBed } from '../testbed/delivery-bed';

const TOPIC = 'kyc.user-events.v1';

describe('CreateTasks', () => {
  const cleanup = useCleanup();
  let bed: DeliveryBed;

  beforeAll(async () => {
    bed = await DeliveryBed.open(cleanup);
  });
  afterEach(async () => {
    await bed.reset();
  });

  type Golden = Parameters<typeof goldenMessage>[0];

  /** The golden message of a type as the consumer gets it, with some of its content changed. */
  function fact(type: Golden, changed: object = {}, traceparent?: string): Fact {
    const golden = goldenMessage(type);
    const event: CloudEvent = {
      id: String(golden.headers['ce_id']),
      source: String(golden.headers['ce_source']),
      type,
      time: new Date(String(golden.headers['ce_time'])),
      data: { ...golden.value, ...changed },
    };
    const read = readEvent(KYC_USER_EVENTS, event, undefined);
    if (!read.ok) throw new Error(read.detail);
    return { ...read.event, key: golden.key, replay: false, traceparent };
  }
  const takeIn = async (...facts: Fact[]): Promise<void> => {
    await bed.database.transaction(async (tx) => {
      await bed.takeIn(facts, tx);
    });
  };
  const tasks = async (): Promise<Record<string, unknown>[]> =>
    await bed.database.query(
      `select biz_id, shopee_uid, kind, version::int, convert_from(body, 'UTF8') as body, traceparent
       from money_plus.tasks order by position`,
    );
  const gaps = async (): Promise<number> => {
    const metric = await bed.metrics.registry.getSingleMetric('relay_version_gaps_total')?.get();
    return metric?.values[0]?.value ?? 0;
  };

  it('makes one task a subscription of the golden messages, its body once and for all', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const subscriptions = [
      { biz_id: 'A', is_meet_business: true },
      { biz_id: 'B', is_meet_business: false },
    ];
    await takeIn(
      fact('kyc.status-changed', { shopee_uid: 'u1', version: 1, subscriptions }, traceparent),
      fact('kyc.info-changed', {
        shopee_uid: 'u1',
        version: 2,
        target: 'APPROVED',
        event_id: '0190d7a0-1234-7abc-8def-000000000002',
        changes: { industry_code: 'I7', ic_number: '*****' },
        subscriptions: [{ biz_id: 'A' }],
      }),
    );
    const made = await tasks();
    expect(made.map(({ biz_id: biz, kind, version }) => [biz, kind, version])).toEqual([
      ['A', 'STATUS', 1],
      ['B', 'STATUS', 1],
      ['A', 'INFO', 2],
    ]);
    expect(made.map((task) => task['traceparent'])).toEqual([traceparent, traceparent, null]);
    expect(JSON.parse(String(made[2]?.['body']))).toMatchObject({ nature_of_business: 'I7' });
    expect(made[2]?.['body']).not.toContain('ic_number');
  });

  it('makes none for other types, for nobody subscribed, or for an identity document alone', async () => {
    await takeIn(
      fact('kyc.subscription-changed'),
      fact('kyc.seamless-individual-requested'),
      fact('kyc.status-changed', { version: 1, subscriptions: [] }),
      fact('kyc.info-changed', { version: 2, changes: { ic_type: 'x' }, subscriptions: [{ biz_id: 'A' }] }),
      fact('kyc.info-changed', { version: 3, target: 'PENDING', changes: { name: 'x' }, subscriptions: [] }),
    );
    expect(await tasks()).toEqual([]);
    expect(await gaps()).toBe(0);
  });

  it('leaves a task that is there already as it is', async () => {
    const one = fact('kyc.status-changed', { subscriptions: [{ biz_id: 'A', is_meet_business: true }] });
    await takeIn(one);
    const before = await tasks();
    await takeIn(one, one);
    expect(await tasks()).toEqual(before);
  });

  it('does not put a malformed trace context on record', async () => {
    const subscriptions = [{ biz_id: 'A', is_meet_business: true }];
    await takeIn(fact('kyc.status-changed', { subscriptions }, 'x\r\nevil: 1'));
    expect((await tasks())[0]?.['traceparent']).toBeNull();
  });

  it('counts and logs a jump in the versions of a user', async () => {
    const at = (version: number, id: number): Fact =>
      fact('kyc.status-changed', {
        shopee_uid: 'u1',
        version,
        event_id: `0190d7a0-1234-7abc-8def-00000000000${id}`,
        subscriptions: [],
      });
    const before = await gaps();
    await takeIn(at(1, 1), at(2, 2));
    await takeIn(at(5, 3));
    await takeIn(at(6, 4), at(3, 5));
    expect((await gaps()) - before).toBe(1);
    expect(bed.log.lines.filter(({ level }) => level === 'warn')).toEqual([
      expect.objectContaining({ topic: TOPIC, gaps: 1 }),
    ]);
  });
});
