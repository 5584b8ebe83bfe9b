import { eventually } from '@kyc-relay/testing';
import { taskIdOf } from '../domain/task-id';
import { business } from '../testbed/business';
import type { DeliveryBed } from '../testbed/delivery-bed';
import { answer, OK, type Receiver } from '../testbed/receiver';
import { useDelivery } from '../testbed/use-delivery';

const ACTION = { actor: 'ops', reason: 'asked by the receiver', at: new Date() };
const idOf = (eventId: string): string => taskIdOf(eventId, 'MONEY_PLUS');

describe('operator actions', () => {
  let bed: DeliveryBed;
  let receiver: Receiver;
  useDelivery((world) => {
    ({ bed, receiver } = world);
  });

  const audits = async (): Promise<unknown[]> =>
    await bed.database.query(`select actor, action, target, reason from money_plus.audit_log order by id`);

  /** Tells a change of the user and lets it fail for good. */
  async function fail(uid: string): Promise<string> {
    receiver.behaviour = answer(200, '{"retcode":7}');
    const [event = ''] = await bed.tell([{ uid }]);
    await bed.reaches('FAILED', event);
    receiver.behaviour = OK;
    return event;
  }

  describe('redrive', () => {
    it('sends a failed task again, its attempts numbered on, and audits it', async () => {
      await bed.replica('r1', [business(receiver.origin)]);
      const event = await fail('u1');
      expect(await bed.redrives.one(idOf(event), false, ACTION)).toEqual({ kind: 'done' });
      const task = await bed.reaches('DELIVERED', event);
      expect(task.attempt_count).toBe(4);
      expect(task.attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
      expect((await bed.finished()).map(({ outcome }) => outcome)).toEqual(['FAILED', 'DELIVERED']);
      expect(await audits()).toEqual([
        { actor: 'ops', action: 'callback-task.redrive', target: idOf(event), reason: ACTION.reason },
      ]);
    });

    it('grants max_attempts more', async () => {
      await bed.replica('r1', [business(receiver.origin)]);
      const event = await fail('u1');
      receiver.behaviour = answer(500, '');
      await bed.redrives.one(idOf(event), false, ACTION);
      const task = await eventually(async () => {
        const now = await bed.task(event);
        return now.attempt_count === 6 && now.state === 'FAILED' && now;
      });
      expect(task.attempts).toHaveLength(6);
    });

    it('refuses what is pending, delivered, unknown or overtaken, and audits nothing', async () => {
      await bed.replica('r1', [business(receiver.origin)]);
      const overtaken = await fail('u1');
      const [delivered = ''] = await bed.tell([{ uid: 'u1' }]);
      await bed.reaches('DELIVERED', delivered);
      const [pending = ''] = await bed.tell([{ uid: 'u2', bizIds: ['NOT_IN_REGISTRY'] }]);
      expect(await bed.redrives.one(idOf(delivered), true, ACTION)).toEqual({
        kind: 'refused',
        code: 'callback.delivered',
      });
      expect(await bed.redrives.one(taskIdOf(pending, 'NOT_IN_REGISTRY'), true, ACTION)).toEqual({
        kind: 'refused',
        code: 'callback.not-ended',
      });
      expect(await bed.redrives.one(idOf(overtaken), false, ACTION)).toEqual({
        kind: 'refused',
        code: 'callback.superseded',
      });
      expect(await bed.redrives.one(idOf(pending), false, ACTION)).toEqual({ kind: 'unknown' });
      expect(await audits()).toEqual([]);
      expect(await bed.redrives.one(idOf(overtaken), true, ACTION)).toEqual({ kind: 'done' });
      await bed.reaches('DELIVERED', overtaken);
    });

    it('goes to the end of the lane', async () => {
      const first = await bed.replica('r1', [business(receiver.origin)]);
      const failed = await fail('u1');
      await first.stop();
      const [later = ''] = await bed.tell([{ uid: 'u1' }]);
      await bed.redrives.one(idOf(failed), true, ACTION);
      const before = receiver.log.length;
      await bed.replica('r1', [business(receiver.origin)]);
      await bed.reaches('DELIVERED', failed);
      expect(receiver.eventIds().slice(before)).toEqual([later, failed]);
    });

    it('is checked again when claimed: a task that was overtaken meanwhile ends CANCELLED, uncalled', async () => {
      const first = await bed.replica('r1', [business(receiver.origin)]);
      const failed = await fail('u1');
      await first.stop();
      await bed.redrives.one(idOf(failed), false, ACTION);
      const [later = ''] = await bed.tell([{ uid: 'u1' }]);
      const before = receiver.log.length;
      await bed.replica('r1', [business(receiver.origin)]);
      await bed.reaches('CANCELLED', failed);
      await bed.reaches('DELIVERED', later);
      expect(receiver.eventIds().slice(before)).toEqual([later]);
      expect((await bed.finished()).at(1)).toMatchObject({ outcome: 'CANCELLED', error: 'SUPERSEDED' });
    });

    it('is refused when the body is no longer kept', async () => {
      await bed.replica('r1', [business(receiver.origin)]);
      const event = await fail('u1');
      await bed.database.execute(`update money_plus.tasks set body = null`);
      expect(await bed.redrives.one(idOf(event), true, ACTION)).toMatchObject({
        code: 'callback.body-purged',
      });
    });

    it('by filter says in a dry run what it then does', async () => {
      await bed.replica('r1', [business(receiver.origin)]);
      const [old, newer, other] = [await fail('u1'), await fail('u1'), await fail('u2')];
      const filter = { state: 'FAILED', bizId: 'MONEY_PLUS' } as const;
      const expected = {
        matched: 3,
        done: 2,
        refused: [{ taskId: idOf(old), code: 'callback.superseded' }],
      };
      expect(await bed.redrives.byFilter(filter, { force: false, dryRun: true }, ACTION)).toEqual(expected);
      expect((await bed.task(newer)).state).toBe('FAILED');
      expect(await audits()).toEqual([]);
      expect(await bed.redrives.byFilter(filter, { force: false, dryRun: false }, ACTION)).toEqual(expected);
      await bed.reaches('DELIVERED', newer);
      await bed.reaches('DELIVERED', other);
      expect((await bed.task(old)).state).toBe('FAILED');
      expect(await audits()).toEqual([
        { actor: 'ops', action: 'callback-task.redrive', target: '*', reason: ACTION.reason },
      ]);
    });

    it('by filter and forced keeps the order of a user', async () => {
      await bed.replica('r1', [business(receiver.origin)]);
      const events = [await fail('u1'), await fail('u1'), await fail('u1')];
      const before = receiver.log.length;
      await bed.redrives.byFilter({ shopeeUid: 'u1' }, { force: true, dryRun: false }, ACTION);
      for (const event of events) await bed.reaches('DELIVERED', event);
      expect(receiver.eventIds().slice(before)).toEqual(events);
    });
  });

  describe('cancel', () => {
    it('ends a waiting task, tells so, and lets the next one go', async () => {
      receiver.behaviour = answer(429, '', { 'retry-after': '60' });
      const waiting = business(receiver.origin, { delivery: { max_delay_ms: 60_000 } });
      await bed.replica('r1', [waiting]);
      const [head = '', next = ''] = await bed.tell([{ uid: 'u1' }, { uid: 'u1' }]);
      await eventually(
        async () =>
          (await bed.task(head)).next_attempt_at !== null && (await bed.task(head)).attempt_count === 1,
      );
      receiver.behaviour = OK;
      expect(await bed.cancels.one(idOf(head), ACTION)).toEqual({ kind: 'done' });
      expect(await bed.task(head)).toMatchObject({ state: 'CANCELLED', next_attempt_at: null });
      await bed.reaches('DELIVERED', next);
      expect((await bed.finished())[0]).toMatchObject({
        outcome: 'CANCELLED',
        error: 'OPERATOR',
        attempt_count: 1,
      });
      expect(await audits()).toHaveLength(1);
    });

    it('of a task behind another leaves the first alone', async () => {
      const [head = '', behind = '', last = ''] = await bed.tell([
        { uid: 'u1' },
        { uid: 'u1' },
        { uid: 'u1' },
      ]);
      await bed.cancels.one(idOf(behind), ACTION);
      await bed.replica('r1', [business(receiver.origin)]);
      await bed.reaches('DELIVERED', last);
      expect(receiver.eventIds()).toEqual([head, last]);
    });

    it.each([
      ['fails', 'CANCELLED', answer(500, '')],
      ['succeeds', 'DELIVERED', OK],
    ] as const)('during a call that %s ends %s, after it', async (_, state, behaviour) => {
      let release = (): void => undefined;
      receiver.behaviour = (callback, response, nth) => {
        release = () => {
          behaviour(callback, response, nth);
        };
      };
      await bed.replica('r1', [business(receiver.origin, { delivery: { timeout_ms: 5_000 } })]);
      const [event = ''] = await bed.tell([{ uid: 'u1' }]);
      await eventually(() => receiver.log.length === 1);
      expect(await bed.cancels.one(idOf(event), ACTION)).toEqual({ kind: 'done' });
      expect((await bed.task(event)).state).toBe('PENDING');
      release();
      expect((await bed.reaches(state, event)).attempts).toHaveLength(1);
      expect(await bed.finished()).toHaveLength(1);
    });

    it('asked for during a call that a crash cut off still holds', async () => {
      receiver.behaviour = () => undefined;
      const dying = await bed.replica('r1', [business(receiver.origin, { delivery: { timeout_ms: 5_000 } })]);
      const [event = ''] = await bed.tell([{ uid: 'u1' }]);
      await eventually(() => receiver.log.length === 1);
      await bed.cancels.one(idOf(event), ACTION);
      await dying.cut();
      await bed.replica('r1', [business(receiver.origin)]);
      await bed.reaches('CANCELLED', event);
      expect(receiver.log).toHaveLength(1);
    });

    it('refuses what has ended', async () => {
      await bed.replica('r1', [business(receiver.origin)]);
      const event = await fail('u1');
      expect(await bed.cancels.one(idOf(event), ACTION)).toEqual({
        kind: 'refused',
        code: 'callback.not-pending',
      });
      expect(await audits()).toEqual([]);
    });

    it('by filter ends many at once, after a dry run that ends none', async () => {
      const events = await bed.tell(Array.from({ length: 30 }, (_, index) => ({ uid: `u${index % 10}` })));
      const filter = { bizId: 'MONEY_PLUS' };
      const expected = { matched: 30, done: 30, refused: [] };
      expect(await bed.cancels.byFilter(filter, true, ACTION)).toEqual(expected);
      expect((await bed.task(events[0] ?? '')).state).toBe('PENDING');
      expect(await bed.cancels.byFilter(filter, false, ACTION)).toEqual(expected);
      for (const event of events) expect((await bed.task(event)).state).toBe('CANCELLED');
      expect(await bed.finished()).toHaveLength(30);
      const due = await bed.database.query(`select from money_plus.lanes where due_at is not null`);
      expect(due).toHaveLength(0);
    });
  });
});
