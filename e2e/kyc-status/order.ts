import { User, parseBody } from '../world/user';
import { type World } from '../world/world';

/** Order of arrival per user, times as data, and the two modes of CloudEvents; kyc-to-money-plus.md, "Input". */
export function describeOrder(world: () => World): void {
  describe('order and time', () => {
    it('many changes of one user in one send arrive in their order, versions without gaps, status and info counted together', async () => {
      const user = await User.subscribed(world(), 'order');
      const names = Array.from({ length: 40 }, (_, n) => `Name ${n}`);
      await user.tell(
        ...user.becomes(300, { name: 'First' }),
        ...names.map((name) => user.changeApproved({ name })),
        user.submit(300),
        user.changePending({ name: 'Pending' }),
        user.reject(),
        user.remove(),
      );
      const changes = (await user.changes(46)).map(({ value }) => parseBody(value));
      expect(changes.map(({ version }) => version)).toEqual(Array.from({ length: 46 }, (_, n) => n + 1));
      // All but the change of the pending case are called back.
      const callbacks = await user.callbacks(45);
      const ids = changes.filter(({ target }) => target !== 'PENDING').map(({ event_id }) => event_id);
      expect(callbacks.map(({ event_id }) => event_id)).toEqual(ids);
      expect(
        callbacks.filter(({ kind }) => kind === 'info').map(({ body }) => parseBody(body)['name']),
      ).toEqual(names);
    });

    it('arrival orders and ce_time does not: two in a second, one from the past, fractions dropped, offsets read', async () => {
      const user = await User.subscribed(world(), 'time');
      await user.tell(
        user.submit(300, { name: 'A' }, { time: '2022-10-26T03:34:23.999Z' }),
        user.approve('OPS', { time: '2022-10-26T03:34:23.001Z' }),
        user.changeApproved({ name: 'B' }, { time: '2022-10-26T11:34:24.5+08:00' }),
        user.changeApproved({ name: 'C' }, { time: '2001-09-09T01:46:40Z' }),
      );
      const callbacks = (await user.callbacks(4)).map(({ body }) => parseBody(body));
      expect(callbacks.map((body) => body['change_status_time'] ?? body['change_time'])).toEqual([
        1_666_755_263, 1_666_755_263, 1_666_755_264, 1_000_000_000,
      ]);
      const changes = (await user.changes(4)).map(({ value }) => parseBody(value));
      expect(changes.map((value) => value['change_status_time'] ?? value['change_time'])).toEqual([
        1_666_755_263, 1_666_755_263, 1_666_755_264, 1_000_000_000,
      ]);
    });

    it('structured mode says the same as binary mode', async () => {
      const user = await User.subscribed(world(), 'structured');
      await world().upstream.publish(user.submit(300, { name: 'A' }), { mode: 'structured' });
      await world().upstream.publish(user.approve(), {
        mode: 'structured',
        headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
      });
      await user.tell(user.changeApproved({ name: 'B' }));
      const callbacks = (await user.callbacks(3)).map(({ body }) => parseBody(body));
      expect(callbacks).toMatchObject([
        { spay_kyc_client_status: 2, spay_kyc_level: 300 },
        { spay_kyc_client_status: 3, is_meet_business: true },
        { name: 'B' },
      ]);
    });

    it('users who change together each keep their own order', async () => {
      const users = await Promise.all(
        Array.from({ length: 20 }, async () => await User.subscribed(world(), 'many')),
      );
      const rounds = [
        users.map((user) => user.submit(300)),
        users.map((user) => user.approve()),
        ...Array.from({ length: 5 }, (_, n) => users.map((user) => user.changeApproved({ name: `N${n}` }))),
        users.map((user) => user.remove()),
      ];
      await world().publish(...rounds.flat());
      for (const user of users) {
        const callbacks = await user.callbacks(8);
        expect(callbacks.map(({ relay_version }) => relay_version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      }
    });
  });
}
