import { A_TEXT, A_TIME, containing, objectWith } from '../world/expected';
import { askTasks, newestTask, readTask, tasksOf, type Task } from '../world/tasks';
import { User, parseBody } from '../world/user';
import { TOPICS, type World } from '../world/world';

/** Operators send again; kyc-to-money-plus.md, "Operator API". */
export function describeRedrive(world: () => World): void {
  describe('redrive', () => {
    /** A user whose first status callback has failed. */
    const failed = async (name: string): Promise<{ user: User; task: Task }> => {
      const user = await User.subscribed(world(), name);
      failNext(user, 5);
      await user.tell(user.submit(300));
      return { user, task: await newestTask(world(), user.uid, 'FAILED') };
    };
    const failNext = (user: User, times: number): void => {
      const behaviour = { type: 'retcode', retcode: 7 } as const;
      world().moneyPlus.rule({ match: { shopee_uid: user.uid }, behaviour, times });
    };
    const redrive = async (task: Task, more: object = {}) =>
      await askTasks(world(), `/${task.task_id}/redrive`, { reason: 'they are back', ...more });

    it('sends a failed task again, with more attempts whose numbers go on', async () => {
      const { user, task } = await failed('redrive');
      failNext(user, 4);
      const answer = await redrive(task);
      expect([answer.status, answer.body]).toEqual([
        202,
        objectWith({ task_id: task.task_id, state: 'PENDING', finished_at: null }),
      ]);
      const done = await newestTask(world(), user.uid, 'DELIVERED');
      expect(done.attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(done).toMatchObject({ attempt_count: 10, finished_at: A_TIME });
      const attempts = world().moneyPlus.received({ shopee_uid: user.uid });
      expect(new Set(attempts.map(({ body, webhook_id }) => `${webhook_id} ${body}`)).size).toBe(1);
      const ends = world()
        .topics.of(TOPICS.finished, user.uid)
        .map(({ value }) => parseBody(value)['outcome']);
      expect(ends).toEqual(['FAILED', 'DELIVERED']);
    });

    it('fails again after max_attempts more', async () => {
      const { user, task } = await failed('again');
      failNext(user, 5);
      await redrive(task);
      await world().topics.first(2, TOPICS.finished, user.uid);
      expect(await newestTask(world(), user.uid, 'FAILED')).toMatchObject({ attempt_count: 10 });
    });

    it('is refused for one that is delivered or pending', async () => {
      const user = await User.subscribed(world(), 'not-failed');
      await user.tell(user.submit(300));
      const delivered = await newestTask(world(), user.uid, 'DELIVERED');
      expect((await redrive(delivered)).status).toBe(409);
      expect((await redrive(delivered, { force: true })).status).toBe(409);
      world().moneyPlus.rule({ match: { shopee_uid: user.uid }, behaviour: { type: 'timeout' }, times: 1 });
      await user.tell(user.approve());
      expect((await redrive(await newestTask(world(), user.uid, 'PENDING'))).status).toBe(409);
    });

    it('is refused when a later change of that kind was delivered, unless forced; the other kind does not matter', async () => {
      const { user, task } = await failed('stale');
      await user.tell(user.approve());
      await user.callbacks(1);
      expect((await redrive(task)).status).toBe(409);
      expect((await redrive(task, { force: true })).status).toBe(202);
      await user.callbacks(2);
      expect((await user.callbacks(2)).at(-1)).toMatchObject({ relay_version: 1, success: true });

      failNext(user, 5);
      await user.tell(user.changeApproved({ name: 'A' }));
      const info = await newestTask(world(), user.uid, 'FAILED');
      await user.tell(user.submit(300));
      await user.callbacks(3);
      expect((await redrive(info)).status).toBe(202);
      await user.callbacks(4);
    });

    it('stands at the end of its lane, and what became stale there ends CANCELLED when its turn comes', async () => {
      const { user, task } = await failed('lane');
      world().moneyPlus.rule({
        match: { shopee_uid: user.uid, kind: 'status' },
        behaviour: { type: 'retcode', retcode: 99 },
        times: 5,
      });
      // The approval fails too; then info stands at the head and keeps the lane busy.
      await user.tell(user.approve());
      await newestTask(world(), user.uid, 'FAILED');
      world().moneyPlus.rule({
        match: { shopee_uid: user.uid, kind: 'info' },
        behaviour: { type: 'timeout' },
        times: 2,
      });
      await user.tell(user.changeApproved({ name: 'A' }));
      await world().moneyPlus.waitFor({ filter: { shopee_uid: user.uid, kind: 'info' } }, 10_000);
      const [, approval] = await tasksOf(world(), user.uid);
      expect((await redrive(approval as Task)).status).toBe(202);
      await user.tell(user.submit(300));
      const callbacks = await user.callbacks(2);
      expect(callbacks.filter(({ success }) => success).map(({ relay_version }) => relay_version)).toEqual([
        3, 4,
      ]);
      expect(await readTask(world(), approval?.task_id ?? '')).toMatchObject({ state: 'CANCELLED' });
      expect((await redrive(task)).status).toBe(409);
    });

    it('by filter says first what it would do, then does it, and tells which it refuses', async () => {
      const { user: fresh, task: freshTask } = await failed('filter');
      const { user: stale, task: staleTask } = await failed('filter');
      await stale.tell(stale.approve());
      await stale.callbacks(1);
      const byUser = async (user: User, more: object = {}) =>
        (
          await askTasks(world(), '/redrive', {
            filter: { shopee_uid: user.uid },
            reason: 'they are back',
            ...more,
          })
        ).body;

      const dry = await byUser(fresh, { dry_run: true });
      expect(dry).toMatchObject({ matched: 1, refused: [] });
      expect(await readTask(world(), freshTask.task_id)).toMatchObject({ state: 'FAILED' });
      expect(await byUser(fresh)).toEqual({ matched: 1, redriven: 1, refused: [] });
      await newestTask(world(), fresh.uid, 'DELIVERED');

      expect((await byUser(stale))['refused']).toEqual(
        containing(objectWith({ task_id: staleTask.task_id, reason: A_TEXT })),
      );
      expect(await readTask(world(), staleTask.task_id)).toMatchObject({ state: 'FAILED' });
      await byUser(stale, { filter: { shopee_uid: stale.uid, state: 'FAILED' }, force: true });
      await stale.callbacks(2);
    });

    it.each([
      ['no filter', { reason: 'r' }],
      ['an empty filter', { filter: {}, reason: 'r' }],
      ['an unknown filter', { filter: { colour: 'red' }, reason: 'r' }],
      ['a bad state', { filter: { state: 'LOST' }, reason: 'r' }],
      ['no reason', { filter: { state: 'FAILED' } }],
      ['a blank reason', { filter: { state: 'FAILED' }, reason: ' \t' }],
      ['force that is no boolean', { filter: { state: 'FAILED' }, reason: 'r', force: 'yes' }],
    ])('by filter with %s is 400', async (_what, body) => {
      expect((await askTasks(world(), '/redrive', body)).status).toBe(400);
    });
  });
}
