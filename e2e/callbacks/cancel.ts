import { askTasks, newestTask, type Task } from '../world/tasks';
import { User, parseBody } from '../world/user';
import { TOPICS, type World } from '../world/world';

/** Operators end what waits; kyc-to-money-plus.md, "Operator API". */
export function describeCancel(world: () => World): void {
  describe('cancel', () => {
    const cancel = async (task: Task) =>
      await askTasks(world(), `/${task.task_id}/cancel`, { reason: 'not wanted' });

    it('ends a pending task between its attempts, said in an event, and the next one goes', async () => {
      const user = new User(world(), world().uid('cancel'));
      await world().subscribe(user.uid, 'PATIENT');
      world().moneyPlus.rule({
        match: { shopee_uid: user.uid },
        behaviour: { type: 'http', status: 503, headers: { 'Retry-After': '60' } },
        times: 1,
      });
      await user.tell(user.submit(300));
      await world().moneyPlus.waitFor({ filter: { shopee_uid: user.uid, success: false } }, 10_000);
      const task = await newestTask(world(), user.uid, 'PENDING');
      const answer = await cancel(task);
      expect(answer.status).toBeLessThan(300);
      await newestTask(world(), user.uid, 'CANCELLED');
      expect((await cancel(task)).status).toBe(409);
      const [end] = await world().topics.first(1, TOPICS.finished, user.uid);
      expect(parseBody(end?.value)).toMatchObject({ outcome: 'CANCELLED', task_id: task.task_id });
      await user.tell(user.approve());
      expect((await user.callbacks(1)).map(({ relay_version }) => relay_version)).toEqual([1, 2]);
    });

    it('of one in a call ends it after the call', async () => {
      const user = await User.subscribed(world(), 'in-call');
      world().moneyPlus.rule({ match: { shopee_uid: user.uid }, behaviour: { type: 'timeout' }, times: 1 });
      await user.tell(user.submit(300));
      await world().moneyPlus.waitFor({ filter: { shopee_uid: user.uid } }, 10_000);
      await cancel(await newestTask(world(), user.uid, 'PENDING'));
      const task = await newestTask(world(), user.uid, 'CANCELLED');
      expect(task.attempts.map(({ error }) => error)).toEqual(['TIMEOUT']);
      expect(world().moneyPlus.received({ shopee_uid: user.uid })).toHaveLength(1);
    });

    it('by filter ends those that are pending, and only says so in a dry run', async () => {
      const users = ['a', 'b'].map((name) => new User(world(), world().uid(`cancel-${name}`)));
      for (const user of users) {
        await world().subscribe(user.uid, 'PATIENT');
        world().moneyPlus.rule({
          match: { shopee_uid: user.uid },
          behaviour: { type: 'http', status: 503, headers: { 'Retry-After': '60' } },
          times: 1,
        });
        await user.tell(user.submit(300));
      }
      for (const { uid } of users)
        await world().moneyPlus.waitFor({ filter: { shopee_uid: uid, success: false } }, 10_000);
      const body = { filter: { biz_id: 'PATIENT', kind: 'STATUS', state: 'PENDING' }, reason: 'not wanted' };
      const ask = async (more: object) => await askTasks(world(), '/cancel', { ...body, ...more });
      expect([(await ask({ filter: {} })).status, (await ask({ reason: '' })).status]).toEqual([400, 400]);
      expect((await ask({ dry_run: true })).body).toMatchObject({ matched: 2 });
      for (const { uid } of users) await newestTask(world(), uid, 'PENDING');
      expect((await ask({})).body).toMatchObject({ matched: 2 });
      for (const { uid } of users) await newestTask(world(), uid, 'CANCELLED');
    });
  });
}
