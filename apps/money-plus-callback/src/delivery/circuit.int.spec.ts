import { eventually } from '@kyc-relay/testing';
import { business } from '../testbed/business';
import type { DeliveryBed } from '../testbed/delivery-bed';
import { answer, OK, type Receiver } from '../testbed/receiver';
import { useDelivery } from '../testbed/use-delivery';

// No call may end by its time here, however busy the machine is.
const patient = { max_attempts: 30, base_delay_ms: 5, max_delay_ms: 20, timeout_ms: 5_000 };

describe('circuit of an endpoint', () => {
  let bed: DeliveryBed;
  let receiver: Receiver;
  useDelivery((world) => {
    ({ bed, receiver } = world);
  });

  const circuits = async (): Promise<{ failures: number; is_open: boolean }[]> =>
    await bed.database.query(
      `select failures, opened_at is not null as is_open from money_plus.circuits order by biz_id`,
    );
  const isOpen = async (): Promise<boolean> => (await circuits()).some((one) => one.is_open);
  const users = (count: number): { uid: string }[] =>
    Array.from({ length: count }, (_, index) => ({ uid: `u${index}` }));

  it('opens for both replicas, burns no attempt while open, and lets all flow when a probe is answered', async () => {
    await receiver.shut();
    await bed.replica('r1', [business(receiver.origin, { delivery: patient })]);
    await bed.replica('r2', [business(receiver.origin, { delivery: patient })]);
    const events = await bed.tell(users(40));
    await eventually(isOpen);
    // Until two probes have failed, 30 attempts at 20 ms each would have been burnt several times over.
    const probes = async (): Promise<number> =>
      (
        await bed.database.query(`select from money_plus.attempts where not counted and started_at >
        (select opened_at + interval '700 milliseconds' from money_plus.circuits)`)
      ).length;
    await eventually(async () => (await probes()) >= 2);
    const tasks = await Promise.all(events.map(async (event) => await bed.task(event)));
    expect(tasks.every(({ state }) => state === 'PENDING')).toBe(true);
    const counted = tasks.reduce((sum, task) => sum + task.attempt_count, 0);
    expect(counted).toBe(10);
    const oldest = tasks[0];
    expect(oldest?.attempts.length).toBeGreaterThan(oldest?.attempt_count ?? 0);
    expect(oldest?.attempts.at(-1)).toMatchObject({ error: 'CONNECT', http_status: null });

    await receiver.open();
    for (const event of events) await bed.reaches('DELIVERED', event);
    expect(await circuits()).toEqual([]);
    expect(receiver.log).toHaveLength(40);
  });

  it('asks with one probe at a time, the oldest head', async () => {
    receiver.behaviour = answer(503, '');
    await bed.replica('r1', [business(receiver.origin, { delivery: patient })]);
    await bed.replica('r2', [business(receiver.origin, { delivery: patient })]);
    const [oldest = ''] = await bed.tell(users(30));
    await eventually(isOpen);
    const before = await eventually(async () => (await settled()) && receiver.log.length);
    await eventually(() => receiver.log.length >= before + 2);
    expect(new Set(receiver.eventIds().slice(before))).toEqual(new Set([oldest]));

    async function settled(): Promise<boolean> {
      return (
        (await bed.database.query(`select from money_plus.lanes where lease_owner is not null`)).length === 0
      );
    }
  });

  it('is proved up by any other answer, also a bad one, which counts', async () => {
    await receiver.shut();
    await bed.replica('r1', [business(receiver.origin, { delivery: { ...patient, max_attempts: 20 } })]);
    const [oldest = ''] = await bed.tell(users(12));
    await eventually(isOpen);
    const before = (await bed.task(oldest)).attempt_count;
    receiver.behaviour = answer(200, '{"retcode":9}');
    await receiver.open();
    await eventually(async () => (await circuits()).length === 0);
    expect((await bed.task(oldest)).attempt_count).toBeGreaterThan(before);
  });

  it('does not open while other answers come between', async () => {
    let nth = 0;
    receiver.behaviour = (callback, response) => {
      nth += 1;
      (nth % 9 === 0 ? answer(500, '') : answer(502, ''))(callback, response, nth);
    };
    const one = { ...patient, max_connections: 1, max_attempts: 2 };
    await bed.replica('r1', [business(receiver.origin, { delivery: one })]);
    const events = await bed.tell(users(30));
    for (const event of events) await bed.reaches('FAILED', event);
    expect(receiver.log).toHaveLength(60);
    expect(await bed.database.query(`select from money_plus.attempts where not counted`)).toHaveLength(0);
  });

  it('of one business stops no other, though both go to the same origin', async () => {
    receiver.behaviour = (callback, response, nth) => {
      (callback.headers['x-airpay-clientid'] === 'DEAD' ? answer(504, '') : OK)(callback, response, nth);
    };
    await bed.replica('r1', [
      business(receiver.origin, { biz_id: 'DEAD', delivery: patient }),
      business(receiver.origin, { delivery: patient }),
    ]);
    await bed.tell(users(50).map((user) => ({ ...user, bizIds: ['DEAD'] })));
    await eventually(isOpen);
    const events = await bed.tell(users(50).map((user) => ({ ...user, bizIds: ['MONEY_PLUS'] })));
    for (const event of events) await bed.reaches('DELIVERED', event);
    expect(await isOpen()).toBe(true);
  });
});
