import { eventually } from '@kyc-relay/testing';
import { Webhook } from 'standardwebhooks';
import { business } from '../testbed/business';
import type { DeliveryBed } from '../testbed/delivery-bed';
import { answer, OK, Receiver } from '../testbed/receiver';
import { useDelivery } from '../testbed/use-delivery';

const FAIL = answer(200, '{"retcode":7}');

describe('DeliveryEngine', () => {
  let bed: DeliveryBed;
  let receiver: Receiver;
  useDelivery((world) => {
    ({ bed, receiver } = world);
  });

  it('delivers a change once, signed, on record, and tells its end', async () => {
    await bed.replica('r1', [business(receiver.origin)]);
    const [event = ''] = await bed.tell([{ uid: 'u1', version: 5 }]);
    const task = await bed.reaches('DELIVERED', event);

    expect(receiver.log).toHaveLength(1);
    const [{ headers, body, path } = { headers: {}, body: '', path: '' }] = receiver.log;
    expect(path).toBe('/status');
    expect(headers).toMatchObject({
      'x-airpay-clientid': 'MONEY_PLUS',
      'webhook-id': event,
      'x-relay-version': '5',
      'content-type': 'application/json',
    });
    const key = `whsec_${Buffer.from('a-secret-that-is-long-enough').toString('base64')}`;
    expect(new Webhook(key).verify(body, headers as Record<string, string>)).toMatchObject({
      event_id: event,
    });
    expect(task).toMatchObject({ attempt_count: 1, next_attempt_at: null });
    expect(task.attempts).toEqual([
      expect.objectContaining({
        number: 1,
        http_status: 200,
        retcode: 0,
        error: null,
        response_prefix: '{"retcode":0}',
      }),
    ]);
    expect(await bed.finished()).toEqual([
      expect.objectContaining({
        task_id: task.task_id,
        callback_event_id: event,
        biz_id: 'MONEY_PLUS',
        shopee_uid: 'u1',
        kind: 'STATUS',
        outcome: 'DELIVERED',
        attempt_count: 1,
        finished_at: task.finished_at,
      }),
    ]);
    expect((await bed.finished())[0]).not.toHaveProperty('error');
  });

  it('repeats a failed attempt with the same id and bytes until it succeeds', async () => {
    receiver.behaviour = (callback, response, nth) => {
      (nth < 3 ? FAIL : OK)(callback, response, nth);
    };
    await bed.replica('r1', [business(receiver.origin)]);
    const [event = ''] = await bed.tell([{ uid: 'u1' }]);
    const task = await bed.reaches('DELIVERED', event);
    expect(receiver.eventIds()).toEqual([event, event, event]);
    expect(new Set(receiver.log.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.log.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(task.attempts.map(({ number, error, retcode }) => [number, error, retcode])).toEqual([
      [1, 'RETCODE', 7],
      [2, 'RETCODE', 7],
      [3, null, 0],
    ]);
  });

  it('keeps the order of a user whose first callback fails, while other users flow', async () => {
    let isUp = false;
    receiver.behaviour = (callback, response, nth) => {
      (callback.shopeeUid === 'stuck' && !isUp ? FAIL : OK)(callback, response, nth);
    };
    const patient = { max_attempts: 1000, max_delay_ms: 50 };
    await bed.replica('r1', [business(receiver.origin, { delivery: patient })]);
    const stuck = await bed.tell([{ uid: 'stuck' }, { uid: 'stuck' }, { uid: 'stuck' }]);
    const others = await bed.tell(Array.from({ length: 200 }, (_, index) => ({ uid: `u${index % 50}` })));
    for (const event of others) await bed.reaches('DELIVERED', event);
    expect(new Set(receiver.eventIds('stuck'))).toEqual(new Set(stuck.slice(0, 1)));
    isUp = true;
    for (const event of stuck) await bed.reaches('DELIVERED', event);
    expect([...new Set(receiver.eventIds('stuck'))]).toEqual(stuck);
    for (let user = 0; user < 50; user += 1) {
      expect(receiver.eventIds(`u${user}`)).toEqual(others.filter((_, index) => index % 50 === user));
    }
  });

  it('gives up after max_attempts, tells so, and lets the next one go', async () => {
    receiver.behaviour = FAIL;
    const replica = await bed.replica('r1', [business(receiver.origin)]);
    const [first = ''] = await bed.tell([{ uid: 'u1' }]);
    const task = await bed.reaches('FAILED', first);
    expect(task.attempt_count).toBe(3);
    const failed = async (): Promise<unknown> =>
      (await replica.metrics.registry.getSingleMetric('relay_callback_failed_total')?.get())?.values;
    await eventually(async () => JSON.stringify(await failed()).includes('"value":1'));
    expect(await failed()).toEqual([{ labels: { biz_id: 'MONEY_PLUS' }, value: 1 }]);
    receiver.behaviour = OK;
    const [second = ''] = await bed.tell([{ uid: 'u1' }]);
    await bed.reaches('DELIVERED', second);
    expect((await bed.finished())[0]).toMatchObject({
      outcome: 'FAILED',
      attempt_count: 3,
      error: 'RETCODE',
    });
  });

  it('gives up at once at a final code', async () => {
    receiver.behaviour = FAIL;
    await bed.replica('r1', [business(receiver.origin, { final_retcodes: [7] })]);
    const [event = ''] = await bed.tell([{ uid: 'u1' }]);
    expect((await bed.reaches('FAILED', event)).attempts).toHaveLength(1);
  });

  it('comes back no sooner than the receiver asked for', async () => {
    const times: number[] = [];
    receiver.behaviour = (callback, response, nth) => {
      times.push(performance.now());
      (nth === 1 ? answer(429, '', { 'retry-after': '1' }) : OK)(callback, response, nth);
    };
    await bed.replica('r1', [business(receiver.origin)]);
    const [event = ''] = await bed.tell([{ uid: 'u1' }]);
    await eventually(async () => {
      const task = await bed.task(event);
      return task.next_attempt_at !== null && task.attempt_count === 1 && task;
    });
    await bed.reaches('DELIVERED', event);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('signs each attempt with the secrets as they are then', async () => {
    receiver.behaviour = (callback, response, nth) => {
      (nth === 1 ? FAIL : OK)(callback, response, nth);
      if (nth === 1)
        replica.engine.setBusinesses([
          business(receiver.origin, { secrets: ['new-secret-one', 'old-secret-two'] }),
        ]);
    };
    const replica = await bed.replica('r1', [business(receiver.origin, { secrets: ['old-secret-two'] })]);
    const [event = ''] = await bed.tell([{ uid: 'u1' }]);
    await bed.reaches('DELIVERED', event);
    const signatures = receiver.log.map(
      ({ headers }) => String(headers['webhook-signature']).split(' ').length,
    );
    expect(signatures).toEqual([1, 2]);
    expect(receiver.log[1]?.headers['x-airpay-req-h']).not.toBe(receiver.log[0]?.headers['x-airpay-req-h']);
    expect(receiver.log[1]?.body).toBe(receiver.log[0]?.body);
  });

  it('lets the tasks of a business that left the registry wait, and sends them when it is back', async () => {
    const replica = await bed.replica('r1', [business(receiver.origin, { biz_id: 'OTHER' })]);
    const [gone = ''] = await bed.tell([{ uid: 'u1' }]);
    const [other = ''] = await bed.tell([{ uid: 'u1', bizIds: ['OTHER'] }]);
    await bed.reaches('DELIVERED', other, 'OTHER');
    expect(await bed.task(gone)).toMatchObject({ state: 'PENDING', attempt_count: 0 });
    replica.engine.setBusinesses([business(receiver.origin)]);
    await bed.reaches('DELIVERED', gone);
  });

  it('lets a business that hangs take no connection and no claim of another', async () => {
    const hanging = await new Receiver().open();
    hanging.behaviour = () => undefined;
    const slow = { biz_id: 'SLOW', delivery: { timeout_ms: 5_000, max_connections: 2 } };
    await bed.replica('r1', [business(receiver.origin), business(hanging.origin, slow)]);
    await bed.tell(Array.from({ length: 300 }, (_, index) => ({ uid: `s${index}`, bizIds: ['SLOW'] })));
    const events = await bed.tell(Array.from({ length: 100 }, (_, index) => ({ uid: `u${index}` })));
    for (const event of events) await bed.reaches('DELIVERED', event);
    expect(hanging.log.length).toBeLessThanOrEqual(2);
    await hanging.shut();
  });

  it('opens no more connections than the business allows', async () => {
    let calling = 0;
    let most = 0;
    receiver.behaviour = (callback, response, nth) => {
      calling += 1;
      most = Math.max(most, calling);
      setImmediate(() => {
        calling -= 1;
        OK(callback, response, nth);
      });
    };
    await bed.replica('r1', [business(receiver.origin, { delivery: { max_connections: 4 } })]);
    const events = await bed.tell(Array.from({ length: 200 }, (_, index) => ({ uid: `u${index}` })));
    for (const event of events) await bed.reaches('DELIVERED', event);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('stops: lets a call end, and gives back what was not called', async () => {
    const held: (() => void)[] = [];
    receiver.behaviour = (callback, response, nth) => {
      held.push(() => {
        OK(callback, response, nth);
      });
    };
    const replica = await bed.replica('r1', [
      business(receiver.origin, { delivery: { max_connections: 1, timeout_ms: 5_000 } }),
    ]);
    const [called = '', waiting = ''] = await bed.tell([{ uid: 'u1' }, { uid: 'u2' }]);
    await eventually(() => held.length === 1);
    const stopped = replica.stop();
    held[0]?.();
    await stopped;
    expect(await bed.task(called)).toMatchObject({ state: 'DELIVERED', attempt_count: 1 });
    expect(await bed.task(waiting)).toMatchObject({ state: 'PENDING', attempt_count: 0 });
    const leases = await bed.database.query(`select from money_plus.lanes where lease_owner is not null`);
    expect(leases).toHaveLength(0);
    expect(receiver.log).toHaveLength(1);
  });
});
