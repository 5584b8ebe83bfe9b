import { A_TIME, A_UUID_V7 } from '../world/expected';
import { awaitState } from '../world/await-state';
import { newestTask, readTask, tasksOf } from '../world/tasks';
import { User, parseBody } from '../world/user';
import { TOPICS, type World } from '../world/world';

/** When an attempt is made again, and when no more; kyc-to-money-plus.md, "Result". */
export function describeRetries(world: () => World): void {
  describe('retries', () => {
    const finished = (user: User): Record<string, unknown>[] =>
      world()
        .topics.of(TOPICS.finished, user.uid)
        .map(({ value }) => parseBody(value));
    const startsOf = async (user: User): Promise<number[]> =>
      (await user.callbacks(1)).map(({ arrived_at }) => arrived_at);

    it('end in FAILED after max_attempts, said in an event, and the next one goes', async () => {
      const user = await User.subscribed(world(), 'failed');
      world().moneyPlus.rule({
        match: { shopee_uid: user.uid, kind: 'status' },
        behaviour: { type: 'retcode', retcode: 7 },
        times: 5,
      });
      await user.tell(user.submit(300), user.approve());
      const delivered = await newestTask(world(), user.uid, 'DELIVERED');
      const [, older] = await tasksOf(world(), user.uid);
      const failed = await readTask(world(), older?.task_id ?? '');
      expect(failed).toMatchObject({
        state: 'FAILED',
        attempt_count: 5,
        next_attempt_at: null,
        finished_at: A_TIME,
      });
      expect(failed.attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
      // The delays grow, each at random below its bound.
      await awaitState('both ends are told', () => finished(user).length === 2);
      expect(finished(user)).toEqual([
        {
          event_id: A_UUID_V7,
          task_id: failed.task_id,
          callback_event_id: failed.event_id,
          biz_id: 'MONEY_PLUS',
          shopee_uid: user.uid,
          kind: 'STATUS',
          outcome: 'FAILED',
          attempt_count: 5,
          finished_at: A_TIME,
          error: 'RETCODE',
        },
        {
          event_id: A_UUID_V7,
          task_id: delivered.task_id,
          callback_event_id: delivered.event_id,
          biz_id: 'MONEY_PLUS',
          shopee_uid: user.uid,
          kind: 'STATUS',
          outcome: 'DELIVERED',
          attempt_count: 1,
          finished_at: A_TIME,
        },
      ]);
      const [message] = world().topics.of(TOPICS.finished, user.uid);
      expect(message?.headers).toMatchObject({
        ce_type: 'money-plus.callback-finished',
        ce_source: '/kyc-relay/money-plus-callback',
        ce_id: finished(user)[0]?.['event_id'],
        ce_subject: user.uid,
      });
    });

    it('end at once after a final retcode of the business', async () => {
      const user = new User(world(), world().uid('final'));
      await world().subscribe(user.uid, 'FINAL');
      world().moneyPlus.rule({
        match: { shopee_uid: user.uid },
        behaviour: { type: 'retcode', retcode: 7 },
        times: 1,
      });
      world().moneyPlus.rule({
        match: { shopee_uid: user.uid },
        behaviour: { type: 'retcode', retcode: 99 },
        times: 1,
      });
      await user.tell(user.submit(300));
      const task = await newestTask(world(), user.uid, 'FAILED');
      expect(task.attempts.map(({ retcode }) => retcode)).toEqual([7, 99]);
      await user.tell(user.approve());
      expect(await user.callbacks(1)).toHaveLength(3);
    });

    it.each([429, 503])('wait as long as Retry-After says on %d', async (status) => {
      const user = new User(world(), world().uid('after'));
      await world().subscribe(user.uid, 'PATIENT');
      const askToWait = (after: string): void => {
        world().moneyPlus.rule({
          match: { shopee_uid: user.uid },
          behaviour: { type: 'http', status, headers: { 'Retry-After': after } },
          times: 1,
        });
      };
      askToWait('1');
      await user.tell(user.submit(300));
      await world().moneyPlus.waitFor({ filter: { shopee_uid: user.uid, success: false } }, 10_000);
      // A date has whole seconds: it is a third of a second to one and a half after the second attempt.
      const until = Math.floor((Date.now() + 2_300) / 1_000) * 1_000;
      askToWait(new Date(until).toUTCString());
      const [first = 0, second = 0, third = 0] = await startsOf(user);
      expect(second - first).toBeGreaterThanOrEqual(990);
      expect(second - first).toBeLessThan(2500);
      expect(third).toBeGreaterThanOrEqual(Math.min(until, second + 1_500) - 10);
      expect(third - second).toBeLessThan(2500);
    });

    it('wait no longer than max_delay_ms, and on other answers only their own delay', async () => {
      const user = new User(world(), world().uid('capped'));
      await world().subscribe(user.uid, 'PATIENT');
      for (const status of [429, 500])
        world().moneyPlus.rule({
          match: { shopee_uid: user.uid },
          behaviour: { type: 'http', status, headers: { 'Retry-After': '3600' } },
          times: 1,
        });
      await user.tell(user.submit(300));
      const [first = 0, second = 0, third = 0] = await startsOf(user);
      expect(second - first).toBeGreaterThanOrEqual(1000);
      expect(second - first).toBeLessThan(3000);
      expect(third - second).toBeLessThan(900);
    });
  });

  describe('order', () => {
    it('a user whose head fails delays nobody else, and keeps the order of their own', async () => {
      const slow = await User.subscribed(world(), 'head');
      const others = await Promise.all(
        Array.from({ length: 10 }, async () => await User.subscribed(world(), 'other')),
      );
      world().moneyPlus.rule({
        match: { shopee_uid: slow.uid },
        behaviour: { type: 'timeout' },
        times: 3,
      });
      await world().publish(
        slow.submit(300),
        slow.approve(),
        slow.changeApproved({ name: 'A' }),
        ...others.flatMap((user) => [user.submit(300), user.approve(), user.changeApproved({ name: 'A' })]),
      );
      for (const user of others) await user.callbacks(3);
      // All others are done while the head is at one of its time-outs.
      expect(world().moneyPlus.received({ shopee_uid: slow.uid, success: true })).toEqual([]);
      for (const user of others)
        expect((await user.callbacks(3)).map(({ relay_version }) => relay_version)).toEqual([1, 2, 3]);
      const attempts = await slow.callbacks(3);
      expect(attempts.map(({ relay_version }) => relay_version)).toEqual([1, 1, 1, 1, 2, 3]);
    });

    it('one call at a time: the next begins after the end of the one before', async () => {
      const user = await User.subscribed(world(), 'one-by-one');
      world().moneyPlus.rule({
        match: { shopee_uid: user.uid },
        behaviour: { type: 'timeout', after_ms: 100 },
        times: 4,
      });
      await user.tell(...user.becomes(300), ...user.becomes(300));
      const calls = await user.callbacks(4);
      for (const [index, one] of calls.entries())
        expect(one.arrived_at).toBeGreaterThanOrEqual(calls[index - 1]?.ended_at ?? 0);
    });
  });
}
