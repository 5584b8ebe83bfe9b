import { call, type Caller } from '../world/call';
import { A_TIME, A_UUID_V7, objectWith } from '../world/expected';
import { MONEY_PLUS } from '../world/registry';
import { askTasks, newestTask, tasksOf, type Task } from '../world/tasks';
import { User } from '../world/user';
import type { World } from '../world/world';

const UNKNOWN = '01890000-0000-7000-8000-000000000000';

/** Reading tasks, and who may do what; kyc-to-money-plus.md, "Operator API". */
export function describeOperatorApi(world: () => World): void {
  describe('the operator API', () => {
    const list = async (query: string): Promise<{ items: Task[]; next_cursor: string | null }> => {
      const answer = await askTasks(world(), `?${query}`);
      expect([query, answer.status]).toEqual([query, 200]);
      return answer.body as unknown as { items: Task[]; next_cursor: string | null };
    };

    it('lists tasks newest first, by every filter', async () => {
      const user = await User.subscribed(world(), 'list');
      await user.tell(...user.becomes(300), user.changeApproved({ name: 'A' }));
      await user.callbacks(3);
      await newestTask(world(), user.uid, 'DELIVERED');
      const { items } = await list(`shopee_uid=${user.uid}`);
      expect(items.map(({ kind }) => kind)).toEqual(['INFO', 'STATUS', 'STATUS']);
      expect(items[0]).toEqual({
        task_id: expect.anything() as unknown,
        event_id: A_UUID_V7,
        biz_id: MONEY_PLUS,
        shopee_uid: user.uid,
        kind: 'INFO',
        state: 'DELIVERED',
        attempt_count: 1,
        next_attempt_at: null,
        created_at: A_TIME,
        finished_at: A_TIME,
      });
      const ids = async (query: string): Promise<string[]> =>
        (await list(`shopee_uid=${user.uid}&${query}`)).items.map(({ task_id }) => task_id);
      const all = items.map(({ task_id }) => task_id);
      expect(await ids('kind=STATUS')).toEqual(all.slice(1));
      expect(await ids('state=DELIVERED&biz_id=MONEY_PLUS')).toEqual(all);
      expect(await ids('state=FAILED')).toEqual([]);
      expect(await ids('biz_id=NOBODY')).toEqual([]);
      const [newest, , oldest] = items;
      expect(await ids(`to=${encodeURIComponent(oldest?.created_at ?? '')}`)).toEqual([]);
      expect(await ids(`from=${encodeURIComponent(oldest?.created_at ?? '')}`)).toEqual(all);
      expect(await ids(`from=${encodeURIComponent(newest?.created_at ?? '')}`)).toContain(all[0]);
      const later = new Date(Date.parse(newest?.created_at ?? '') + 1000).toISOString();
      expect(await ids(`from=${later}`)).toEqual([]);
      expect(await ids(`to=${later}`)).toEqual(all);
    });

    it('pages through them', async () => {
      const user = await User.subscribed(world(), 'pages');
      await user.tell(
        ...user.becomes(300),
        ...Array.from({ length: 9 }, (_, n) => user.changeApproved({ name: `N${n}` })),
      );
      await user.callbacks(11);
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await list(
          `shopee_uid=${user.uid}&limit=4${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        expect(page.items.length).toBeLessThanOrEqual(4);
        seen.push(...page.items.map(({ task_id }) => task_id));
        cursor = page.next_cursor ?? null;
      } while (cursor !== null);
      expect(seen).toEqual((await tasksOf(world(), user.uid)).map(({ task_id }) => task_id));
      expect(new Set(seen).size).toBe(11);
    });

    it.each([
      'limit=0',
      'limit=201',
      'limit=x',
      'limit=1e9',
      'state=LOST',
      'kind=OTHER',
      'from=yesterday',
      'to=2022-13-01T00:00:00Z',
      'cursor=x',
      'cursor=%00',
      'shopee_uid=%00',
      'colour=red',
      'limit=1&limit=2',
      'state[]=PENDING',
    ])('answers the list with %s by 400', async (query) => {
      expect((await askTasks(world(), `?${query}`)).status).toBe(400);
    });

    it('answers an unknown task by 404, and says so of a bad id', async () => {
      expect((await askTasks(world(), `/${UNKNOWN}`)).status).toBe(404);
      for (const path of [`/${UNKNOWN}/redrive`, `/${UNKNOWN}/cancel`])
        expect((await askTasks(world(), path, { reason: 'r' })).status).toBe(404);
      for (const id of ['x', '%00', '1'.repeat(300), "'", '-1'])
        expect([400, 404, 414]).toContain((await askTasks(world(), `/${id}`)).status);
    });

    it('wants a reason for every action', async () => {
      const user = await User.subscribed(world(), 'reason');
      await user.tell(user.submit(300));
      const { task_id } = await newestTask(world(), user.uid, 'DELIVERED');
      for (const action of ['redrive', 'cancel'])
        for (const body of [{}, { reason: '' }, { reason: '  ' }, { reason: 5 }, { reason: null }, [], 'x'])
          expect((await askTasks(world(), `/${task_id}/${action}`, body)).status).toBe(400);
    });

    it('lets viewers read and operators act, and nobody else', async () => {
      const user = await User.subscribed(world(), 'roles');
      await user.tell(user.submit(300));
      const { task_id } = await newestTask(world(), user.uid, 'DELIVERED');
      const reason = { reason: 'r' };
      const filter = { filter: { shopee_uid: user.uid }, dry_run: true, ...reason };
      const reads = ['', `/${task_id}`].map((path) => [path, undefined] as const);
      const acts = [
        [`/${task_id}/redrive`, reason],
        [`/${task_id}/cancel`, reason],
        ['/redrive', filter],
        ['/cancel', filter],
      ] as const;
      const statuses = async (
        as: Caller,
        calls: readonly (readonly [string, unknown])[],
      ): Promise<number[]> => {
        const answers = [];
        for (const [path, json] of calls) answers.push((await askTasks(world(), path, json, as)).status);
        return answers;
      };
      expect(await statuses(world().as('viewer'), reads)).toEqual([200, 200]);
      expect(await statuses(world().as('operator'), reads)).toEqual([200, 200]);
      expect(await statuses(world().as('operator'), acts)).toEqual([409, 409, 200, 200]);
      expect(await statuses(world().as('viewer'), acts)).toEqual([403, 403, 403, 403]);
      expect(await statuses(world().as('publisher'), [...reads, ...acts])).toEqual(Array(6).fill(403));
      for (const as of ['nobody', { token: 'guess' }, { token: '' }, { biz_id: MONEY_PLUS }] as const)
        expect(await statuses(as, [...reads, ...acts])).toEqual(Array(6).fill(401));
    });

    it('shows its health, its metrics and its description to anybody, without a secret', async () => {
      for (const service of [
        'kyc-status-publisher',
        'ekyc-phone-change-consumer',
        'money-plus-callback',
      ] as const)
        for (const path of ['/livez', '/readyz', '/metrics', '/openapi.json']) {
          const answer = await call({ url: world().url(service, path), as: 'nobody' });
          expect([service, path, answer.status]).toEqual([service, path, 200]);
          expect(answer.text).not.toMatch(/postgres:\/\/|e2e-secret/);
        }
    });

    it('keeps in its attempts what came back', async () => {
      const user = await User.subscribed(world(), 'prefix');
      world().moneyPlus.rule({
        match: { shopee_uid: user.uid },
        behaviour: { type: 'http', status: 500, body: 'the first part\u0000 of it' },
        times: 1,
      });
      await user.tell(user.submit(300));
      const [first] = (await newestTask(world(), user.uid, 'DELIVERED')).attempts;
      expect(first).toEqual({
        number: 1,
        started_at: A_TIME,
        duration_ms: expect.any(Number) as unknown,
        http_status: 500,
        retcode: null,
        error: 'HTTP_STATUS',
        response_prefix: expect.stringMatching(/^the first part/) as unknown,
      });
      expect(first).toEqual(objectWith({ number: 1 }));
    });
  });
}
