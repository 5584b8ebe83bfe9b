import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { MONEY_PLUS, SECRET } from '../world/registry';
import { User, parseBody } from '../world/user';
import type { World } from '../world/world';

/** What a callback carries; platform.md, "Partner registry", and kyc-to-money-plus.md, "Callback to Money+". */
export function describeSignatures(world: () => World): void {
  describe('a callback', () => {
    it('carries both signatures over its exact bytes, its id, and its version', async () => {
      const user = await User.subscribed(world(), 'signed');
      await user.tell(
        user.submit(300, { name: 'Ærø "二"' }),
        user.approve(),
        user.changeApproved({ name: 'Ñandú 二' }),
      );
      for (const callback of await user.callbacks(3)) {
        const body = callback.body ?? '';
        const headers = callback.headers ?? {};
        expect(callback).toMatchObject({ method: 'POST', signature: 'valid', body_complete: true });
        expect(headers['content-type']).toMatch(/^application\/json/);
        expect(headers['x-airpay-clientid']).toBe(MONEY_PLUS);
        expect(headers['x-airpay-req-h']).toBe(createHmac('sha256', SECRET).update(body).digest('base64'));
        expect(headers['webhook-id']).toBe(parseBody(body)['event_id']);
        expect(Math.abs(Number(headers['webhook-timestamp']) - callback.arrived_at / 1000)).toBeLessThan(10);
        expect(headers['x-relay-version']).toBe(String(callback.index - (await firstIndex(user)) + 1));
        const library = new Webhook(`whsec_${Buffer.from(SECRET).toString('base64')}`);
        expect(library.verify(body, headers)).toEqual(parseBody(body));
        expect(() => library.verify(`${body} `, headers)).toThrow();
      }
    });

    it('of a business with two secrets is signed by the first, and in the trio by each', async () => {
      const user = new User(world(), world().uid('two-secrets'));
      await world().subscribe(user.uid, 'TWO_SECRETS', 'older');
      await user.tell(user.submit(100));
      const [callback] = await user.callbacks(1);
      const headers = callback?.headers ?? {};
      const body = callback?.body ?? '';
      expect(headers['x-airpay-req-h']).toBe(createHmac('sha256', 'newer').update(body).digest('base64'));
      const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      const sign = (secret: string): string =>
        `v1,${createHmac('sha256', secret).update(content).digest('base64')}`;
      expect(headers['webhook-signature']).toBe(`${sign('newer')} ${sign('older')}`);
    });

    it('is the same in id, version and bytes on every attempt', async () => {
      const user = await User.subscribed(world(), 'same-bytes');
      world().moneyPlus.rule({
        match: { shopee_uid: user.uid },
        behaviour: { type: 'http', status: 500 },
        times: 3,
      });
      await user.tell(user.submit(300));
      const attempts = await user.callbacks(1);
      expect(attempts).toHaveLength(4);
      const [first] = attempts;
      for (const attempt of attempts) {
        expect(attempt).toMatchObject({
          signature: 'valid',
          body: first?.body,
          webhook_id: first?.webhook_id,
          relay_version: 1,
        });
      }
    });
  });
}

async function firstIndex(user: User): Promise<number> {
  return (await user.callbacks(1))[0]?.index ?? 0;
}
