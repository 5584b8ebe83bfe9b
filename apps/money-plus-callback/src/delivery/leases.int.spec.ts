import { eventually } from '@kyc-relay/testing';
import { business } from '../testbed/business';
import { beforeSaving, type DeliveryBed, type TestReplica } from '../testbed/delivery-bed';
import { Gate } from '../testbed/gate';
import { answer, OK, type Receiver } from '../testbed/receiver';
import { useDelivery } from '../testbed/use-delivery';

describe('leases', () => {
  let bed: DeliveryBed;
  let receiver: Receiver;
  useDelivery((world) => {
    ({ bed, receiver } = world);
  });

  const leasesOf = async (owner: string): Promise<number> =>
    (await bed.database.query(`select from money_plus.lanes where lease_owner = $1`, [owner])).length;

  it('never call a user from two replicas at once, and keep the order over both', async () => {
    const calling = new Set<string>();
    const overlaps: string[] = [];
    receiver.behaviour = (callback, response, nth) => {
      if (calling.has(callback.shopeeUid)) overlaps.push(callback.shopeeUid);
      calling.add(callback.shopeeUid);
      setImmediate(() => {
        calling.delete(callback.shopeeUid);
        (nth === 1 && callback.eventId.endsWith('7') ? answer(500, '') : OK)(callback, response, nth);
      });
    };
    const patient = business(receiver.origin, { delivery: { max_attempts: 100, max_delay_ms: 40 } });
    await bed.replica('r1', [patient]);
    await bed.replica('r2', [patient]);
    const events = await bed.tell(Array.from({ length: 400 }, (_, index) => ({ uid: `u${index % 20}` })));
    for (const event of events) await bed.reaches('DELIVERED', event);
    expect(overlaps).toEqual([]);
    for (let user = 0; user < 20; user += 1) {
      expect([...new Set(receiver.eventIds(`u${user}`))]).toEqual(
        events.filter((_, index) => index % 20 === user),
      );
    }
    expect(
      await bed.database.query(`select owner from (select lease_owner as owner from money_plus.lanes) l
      where owner is not null`),
    ).toEqual([]);
  });

  it('run out when a replica dies between claim and answer, and another one sends the same again', async () => {
    const gate = new Gate();
    receiver.behaviour = gate.behaviour;
    const dying = await bed.replica('r1', [business(receiver.origin)]);
    const [first = '', second = ''] = await bed.tell([{ uid: 'u1' }, { uid: 'u1' }]);
    await eventually(() => gate.held.length === 1);
    await dying.cut();
    receiver.behaviour = OK;
    await bed.replica('r2', [business(receiver.origin)]);
    await bed.reaches('DELIVERED', second);
    expect(receiver.eventIds()).toEqual([first, first, second]);
    expect(receiver.log[1]?.body).toBe(receiver.log[0]?.body);
    expect(await bed.task(first)).toMatchObject({ attempt_count: 1, attempts: [{ number: 1, error: null }] });
  });

  it('lead to a repeat, and to nothing out of order, when a replica dies between answer and commit', async () => {
    const replicas: TestReplica[] = [];
    const dying = await bed.replica(
      'r1',
      [business(receiver.origin)],
      beforeSaving(async () => {
        await replicas[0]?.cut();
      }),
    );
    replicas.push(dying);
    const [first = '', second = ''] = await bed.tell([{ uid: 'u1' }, { uid: 'u1' }]);
    await eventually(() => receiver.log.length === 1);
    await bed.replica('r2', [business(receiver.origin)]);
    await bed.reaches('DELIVERED', second);
    expect(receiver.eventIds()).toEqual([first, first, second]);
    expect(await bed.finished()).toHaveLength(2);
  });

  it('are freed at once by a replica that starts again under its name', async () => {
    const gate = new Gate();
    receiver.behaviour = gate.behaviour;
    const patient = business(receiver.origin, { delivery: { timeout_ms: 60_000 } });
    const dying = await bed.replica('r1', [patient]);
    const [event = ''] = await bed.tell([{ uid: 'u1' }]);
    await eventually(() => gate.held.length === 1);
    await dying.cut();
    expect(await leasesOf('r1')).toBe(1);
    receiver.behaviour = OK;
    await bed.replica('r1', [patient]);
    await bed.reaches('DELIVERED', event);
    gate.open();
  });

  it('of a claim whose answer was lost with the store are freed when it is back, those in hand are not', async () => {
    const gate = new Gate();
    receiver.behaviour = gate.behaviour;
    const patient = business(receiver.origin, { delivery: { timeout_ms: 60_000 } });
    const other = business(receiver.origin, { biz_id: 'OTHER', delivery: { timeout_ms: 60_000 } });
    const replica = await bed.replica('r1', [patient]);
    const [held = ''] = await bed.tell([{ uid: 'u1' }]);
    await eventually(() => gate.held.length === 1);
    const [stray = ''] = await bed.tell([{ uid: 'u2', bizIds: ['OTHER'] }]);
    // As a claim leaves it that was committed.
    await bed.database.execute(
      `update money_plus.lanes set lease_owner = 'r1', lease_epoch = lease_epoch + 1,
         due_at = now() + interval '1 minute' where shopee_uid = 'u2'`,
    );
    replica.engine.setBusinesses([patient, other]);
    await bed.store.goAway();
    await bed.store.comeBack();
    await eventually(() => gate.held.length === 2);
    gate.open();
    await bed.reaches('DELIVERED', held);
    await bed.reaches('DELIVERED', stray, 'OTHER');
    expect(receiver.eventIds()).toEqual([held, stray]);
  });

  it('of a living replica are left alone by another of the same name, which takes a name of its own', async () => {
    const gate = new Gate();
    receiver.behaviour = gate.behaviour;
    const patient = business(receiver.origin, { delivery: { timeout_ms: 60_000 } });
    const living = await bed.replica('r1', [patient]);
    const [event = ''] = await bed.tell([{ uid: 'u1' }]);
    await eventually(() => gate.held.length === 1);
    const twin = await bed.replica('r1', [patient]);
    expect(living.name.current).toBe('r1');
    expect(twin.name.current).toMatch(/^r1~[0-9a-f]{12}$/);
    expect(await leasesOf('r1')).toBe(1);
    gate.open();
    await bed.reaches('DELIVERED', event);
    expect(receiver.log).toHaveLength(1);
  });

  it('that ran out are fenced: a late result of the first holder changes nothing', async () => {
    let goOn = (): void => undefined;
    const paused = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    receiver.behaviour = answer(200, '{"retcode":5}');
    const slow = await bed.replica(
      'slow',
      [business(receiver.origin)],
      beforeSaving(async () => {
        await paused;
      }),
    );
    const [event = ''] = await bed.tell([{ uid: 'u1' }]);
    await eventually(() => receiver.log.length === 1);
    slow.engine.setBusinesses([]);
    receiver.behaviour = OK;
    await bed.replica('quick', [business(receiver.origin)]);
    await bed.reaches('DELIVERED', event);
    goOn();
    await eventually(() => bed.log.lines.some((line) => line.msg === 'leases were lost to another claim'));
    expect(await bed.task(event)).toMatchObject({
      state: 'DELIVERED',
      attempt_count: 1,
      attempts: [{ number: 1, error: null }],
    });
    expect(await bed.finished()).toHaveLength(1);
  });

  it('hold over a store that goes away and comes back: results wait, nothing is sent twice', async () => {
    const gate = new Gate();
    receiver.behaviour = gate.behaviour;
    await bed.replica('r1', [business(receiver.origin, { delivery: { timeout_ms: 30_000 } })]);
    const [event = ''] = await bed.tell([{ uid: 'u1' }]);
    await eventually(() => gate.held.length === 1);
    await bed.store.goAway();
    gate.open();
    await eventually(() => bed.log.text().includes('results of calls wait'));
    await bed.store.comeBack();
    await bed.reaches('DELIVERED', event);
    expect(receiver.log).toHaveLength(1);
    receiver.behaviour = OK;
    const [next = ''] = await bed.tell([{ uid: 'u1' }]);
    await bed.reaches('DELIVERED', next);
  });
});
