import { call } from '../world/call';
import { A_TIME } from '../world/expected';
import { MONEY_PLUS } from '../world/registry';
import { User } from '../world/user';
import type { World } from '../world/world';

interface History {
  items: Record<string, unknown>[];
  next_cursor?: string | null;
}

/** A page of a user's history, by default with all there is in a test. */
export async function readHistory(world: World, uid: string, query = 'limit=200'): Promise<History> {
  const answer = await call({
    url: world.url('kyc-status-publisher', `/v1/users/${uid}/history?${query}`),
    as: world.as('viewer'),
  });
  if (answer.status !== 200) throw new Error(`the history was answered ${answer.status} ${answer.text}`);
  return answer.body as unknown as History;
}

/** `GET /v1/users/{shopee_uid}/history`; kyc-to-money-plus.md, "Query and entry". */
export function describeHistory(world: () => World): void {
  describe('the history', () => {
    it('says what happened, oldest first, values masked, with the callbacks that it caused', async () => {
      const user = await User.subscribed(world(), 'history');
      const early = user.approve();
      const submitted = user.submit(300, { name: 'Ada Lovelace', ic_number: 'S1234567890D' });
      const approved = user.approve();
      const changed = user.changeApproved({ name: 'Ada King' });
      await user.tell(early, submitted, approved, changed);
      const callbacks = await user.callbacks(3);
      const { items } = await readHistory(world(), user.uid);
      const ofEvents = items.filter(({ ce_id }) =>
        [early, submitted, approved, changed].some(({ id }) => id === ce_id),
      );
      expect(ofEvents).toEqual([
        expect.objectContaining({
          at: A_TIME,
          ce_id: early.id,
          type: 'kyc.case.approved',
          decision: 'REFUSED',
          reason: 'kyc.no-pending-case',
          callbacks: [],
        }),
        expect.objectContaining({
          ce_id: submitted.id,
          type: 'kyc.case.submitted',
          decision: 'APPLIED',
          callbacks: [callbacks[0]?.event_id],
        }),
        expect.objectContaining({
          ce_id: approved.id,
          decision: 'APPLIED',
          by: 'OPS',
          callbacks: [callbacks[1]?.event_id],
        }),
        expect.objectContaining({
          ce_id: changed.id,
          decision: 'APPLIED',
          changes: [{ field: 'name', from: '********lace', to: '********' }],
          callbacks: [callbacks[2]?.event_id],
        }),
      ]);
      const text = JSON.stringify(items);
      for (const clear of ['Ada', 'Lovelace', 'King', 'S1234567890D']) expect(text).not.toContain(clear);
    });

    it('is read page by page', async () => {
      const user = await User.subscribed(world(), 'pages');
      await user.tellUntil(
        12,
        ...user.becomes(300),
        ...Array.from({ length: 10 }, (_, n) => user.changeApproved({ name: `N${n}` })),
      );
      const { items: all, next_cursor: none } = await readHistory(world(), user.uid);
      expect(none ?? null).toBeNull();
      const pages: Record<string, unknown>[] = [];
      let cursor: string | undefined;
      do {
        const page = await readHistory(
          world(),
          user.uid,
          cursor === undefined ? 'limit=5' : `limit=5&cursor=${encodeURIComponent(cursor)}`,
        );
        expect(page.items.length).toBeLessThanOrEqual(5);
        pages.push(...page.items);
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined);
      expect(pages).toEqual(all);
      expect(all.length).toBeGreaterThanOrEqual(12);
    });

    it('is for viewers and operators; bad parameters are 400', async () => {
      const user = await User.subscribed(world(), 'roles');
      const ask = async (query: string, as: Parameters<typeof call>[0]['as']): Promise<number> =>
        (
          await call({
            url: world().url('kyc-status-publisher', `/v1/users/${user.uid}/history${query}`),
            as,
          })
        ).status;
      expect(await ask('', world().as('viewer'))).toBe(200);
      expect(await ask('', world().as('operator'))).toBe(200);
      expect(await ask('', world().as('publisher'))).toBe(403);
      expect(await ask('', 'nobody')).toBe(401);
      expect(await ask('', { token: 'guess' })).toBe(401);
      expect(await ask('', { biz_id: MONEY_PLUS })).toBe(401);
      for (const bad of [
        '?limit=0',
        '?limit=-1',
        '?limit=x',
        '?limit=1.5',
        '?limit=100000',
        '?cursor=%00',
        '?cursor=x',
      ])
        expect([bad, await ask(bad, world().as('viewer'))]).toEqual([bad, 400]);
    });
  });
}
