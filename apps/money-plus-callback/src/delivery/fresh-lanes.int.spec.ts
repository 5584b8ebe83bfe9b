import type { Tx } from '@kyc-relay/persistence';
import { eventually } from '@kyc-relay/testing';
import { setTimeout as delay } from 'node:timers/promises';
import type { LeaseOffer } from '../handlers/lease-offer';
import { business } from '../testbed/business';
import type { DeliveryBed, TestReplica } from '../testbed/delivery-bed';
import { Gate } from '../testbed/gate';
import type { Receiver } from '../testbed/receiver';
import { useDelivery } from '../testbed/use-delivery';

/** Longer than the engine's poll. */
const A_WHILE_MS = 600;

interface LaneRow {
  user: string;
  owner: string | null;
  epoch: string;
}

describe('lanes that the intake leases as it makes their tasks', () => {
  let bed: DeliveryBed;
  let receiver: Receiver;
  useDelivery((world) => {
    ({ bed, receiver } = world);
  });

  const lanesIn = async (tx: Tx): Promise<LaneRow[]> =>
    await tx.query<LaneRow>(
      `select shopee_uid as user, lease_owner as owner, lease_epoch as epoch from money_plus.lanes order by 1`,
    );
  const nothing = { leased: [], anyDue: false };
  const offerOf = (replica: TestReplica): LeaseOffer =>
    replica.engine.offerLeases([{ biz_id: 'MONEY_PLUS', kind: 'STATUS' }]);
  const isOffered = (replica: TestReplica): boolean => {
    const offer = offerOf(replica);
    offer.end(nothing);
    return offer.wishes.length > 0;
  };
  /** The replica and the intake of one process. */
  const start = async (delivery: Parameters<typeof business>[1] = {}): Promise<TestReplica> => {
    const replica = await bed.replica('r1', [business(receiver.origin, delivery)]);
    bed.intakeOf = replica;
    // The first look of a replica finds nothing due; only then is there room for what is new.
    await eventually(() => isOffered(replica));
    return replica;
  };

  it('are in hand with the commit, and called in order', async () => {
    await start();
    const [first = '', second = ''] = await bed.database.transaction(async (tx) => {
      const events = await bed.tellIn(tx, [{ uid: 'u1' }, { uid: 'u1' }, { uid: 'u2' }]);
      expect(await lanesIn(tx)).toEqual([
        { user: 'u1', owner: 'r1', epoch: '1' },
        { user: 'u2', owner: 'r1', epoch: '1' },
      ]);
      return events;
    });
    await bed.reaches('DELIVERED', second);
    expect(receiver.eventIds('u1')).toEqual([first, second]);
    expect(await bed.task(first)).toMatchObject({ attempt_count: 1, attempts: [{ number: 1, error: null }] });
    // A lane that has been used is leased like a new one.
    await bed.database.transaction(async (tx) => {
      const [before] = await lanesIn(tx);
      await bed.tellIn(tx, [{ uid: 'u1' }]);
      const [after] = await lanesIn(tx);
      expect(after).toEqual({ user: 'u1', owner: 'r1', epoch: String(Number(before?.epoch) + 1) });
    });
    await eventually(() => receiver.eventIds('u1').length === 3);
  });

  it('are not those that have something pending: they keep their turn', async () => {
    const gate = new Gate();
    receiver.behaviour = gate.behaviour;
    await start({ delivery: { timeout_ms: 30_000 } });
    const [first = ''] = await bed.tell([{ uid: 'u1' }]);
    await eventually(() => gate.held.length === 1);
    const before = await lanesIn(bed.database);
    const [second = ''] = await bed.tell([{ uid: 'u1' }]);
    expect(await lanesIn(bed.database)).toEqual(before);
    await delay(A_WHILE_MS);
    expect(receiver.eventIds()).toEqual([first]);
    await eventually(() => {
      gate.open();
      return receiver.log.length === 2;
    });
    expect(receiver.eventIds()).toEqual([first, second]);
    gate.open();
  });

  it('are as many as can be called at once, the first ones; the others are claimed', async () => {
    // Nobody knows yet how fast the endpoint is: one call and four lanes ahead.
    await start({ delivery: { max_connections: 1 } });
    const users = ['u7', 'u3', 'u1', 'u6', 'u4', 'u2', 'u5'];
    const events = await bed.database.transaction(async (tx) => {
      const told = await bed.tellIn(
        tx,
        users.map((uid) => ({ uid })),
      );
      expect((await lanesIn(tx)).map(({ user, owner }) => [user, owner])).toEqual([
        ['u1', 'r1'],
        ['u2', null],
        ['u3', 'r1'],
        ['u4', 'r1'],
        ['u5', null],
        ['u6', 'r1'],
        ['u7', 'r1'],
      ]);
      return told;
    });
    for (const event of events) await bed.reaches('DELIVERED', event);
    expect(receiver.log).toHaveLength(7);
  });

  it('are none of an endpoint that is down, of a business that left, or before older ones', async () => {
    const replica = await start();
    await bed.database.execute(
      `insert into money_plus.circuits (biz_id, origin, failures, opened_at, next_probe_at)
       values ('MONEY_PLUS', $1, 9, now(), now() + interval '1 hour')`,
      [receiver.origin],
    );
    await bed.database.transaction(async (tx) => {
      await bed.tellIn(tx, [{ uid: 'u1' }, { uid: 'u2', bizIds: ['GONE'] }]);
      expect((await lanesIn(tx)).map(({ owner }) => owner)).toEqual([null, null]);
    });
    await delay(A_WHILE_MS);
    expect(receiver.log).toEqual([]);
    replica.engine.wake();
    expect(isOffered(replica)).toBe(false);
  });

  it('leave room and nothing else behind when the transaction fails', async () => {
    const replica = await start({ delivery: { max_connections: 1 } });
    for (let time = 0; time < 3; time += 1) {
      await eventually(() => isOffered(replica));
      const failing = bed.database.transaction(async (tx) => {
        await bed.tellIn(tx, [{ uid: 'u1' }, { uid: 'u2' }]);
        expect((await lanesIn(tx)).map(({ owner }) => owner)).toEqual(['r1', 'r1']);
        throw new Error('a mistake');
      });
      await expect(failing).rejects.toThrow('a mistake');
    }
    expect(await lanesIn(bed.database)).toEqual([]);
    expect(receiver.log).toEqual([]);
  });

  describe('of which no answer may have told', () => {
    const insertStray = async (): Promise<void> => {
      await bed.database.execute(
        `insert into money_plus.lanes (shopee_uid, biz_id, head_kind, due_at, lease_owner, lease_epoch)
         values ('stray', 'MONEY_PLUS', 'STATUS', now() + interval '1 hour', 'r1', 1)`,
      );
    };
    const isLeased = async (): Promise<boolean> => (await lanesIn(bed.database))[0]?.owner === 'r1';

    it('are not taken for strays while their transaction is under way', async () => {
      const replica = await start();
      await insertStray();
      const offer = offerOf(replica);
      replica.name.onRetaken();
      const empty = offerOf(replica);
      expect(empty.wishes).toEqual([]);
      replica.engine.wake();
      await delay(A_WHILE_MS);
      expect(await isLeased()).toBe(true);
      // One that was given nothing leases nothing.
      offer.end(nothing);
      await eventually(async () => !(await isLeased()));
      empty.end(nothing);
    });

    it('are freed when their transaction is not known to have committed', async () => {
      const replica = await start();
      await insertStray();
      offerOf(replica).end(undefined);
      await eventually(async () => !(await isLeased()));
    });
  });

  it('are leased anew when the time-out has become longer meanwhile', async () => {
    const gate = new Gate();
    receiver.behaviour = gate.behaviour;
    const replica = await start();
    const [event = ''] = await bed.database.transaction(async (tx) => {
      const told = await bed.tellIn(tx, [{ uid: 'u1' }]);
      replica.engine.setBusinesses([business(receiver.origin, { delivery: { timeout_ms: 30_000 } })]);
      return told;
    });
    await eventually(() => gate.held.length === 1);
    expect(await lanesIn(bed.database)).toEqual([{ user: 'u1', owner: 'r1', epoch: '2' }]);
    gate.open();
    await bed.reaches('DELIVERED', event);
    expect(receiver.log).toHaveLength(1);
  });

  it('are given back when the replica stops meanwhile, for another one to call', async () => {
    const replica = await start();
    let stopped: Promise<void> | undefined;
    const [event = ''] = await bed.database.transaction(async (tx) => {
      const told = await bed.tellIn(tx, [{ uid: 'u1' }]);
      stopped = replica.stop();
      await delay(A_WHILE_MS);
      expect((await lanesIn(tx)).map(({ owner }) => owner)).toEqual(['r1']);
      return told;
    });
    await stopped;
    expect((await lanesIn(bed.database)).map(({ owner }) => owner)).toEqual([null]);
    expect(receiver.log).toEqual([]);
    await bed.replica('r2', [business(receiver.origin)]);
    await bed.reaches('DELIVERED', event);
  });
});
