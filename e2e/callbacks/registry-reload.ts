import { createHash } from 'node:crypto';
import { awaitState } from '../world/await-state';
import { business, SECRET, writeRegistry, type Business } from '../world/registry';
import { askTasks, newestTask, readMetric, tasksOf } from '../world/tasks';
import { User } from '../world/user';
import type { ServiceName, World } from '../world/world';

/** The time in which a new file takes effect (platform.md, "Partner registry"), ms. */
const EFFECT_MS = 5000;
const RELOADS = 'relay_registry_reloads_total';
const READERS: ServiceName[] = ['kyc-status-publisher', 'money-plus-callback'];

/** A registry that changes under running services. */
export function describeRegistryReload(world: () => World, registered: () => Business[]): void {
  describe('the registry file', () => {
    const write = (businesses: Business[], more: object = {}): void => {
      writeRegistry(world().registryFile, { businesses, ...more });
    };
    const withMoneyPlus = (over: Partial<Business>): Business[] =>
      registered().map((one) => (one.biz_id === 'MONEY_PLUS' ? { ...one, ...over } : one));

    afterEach(async () => {
      write(registered());
      await awaitState('the first registry holds again', async () => {
        const user = new User(world(), world().uid('restored'));
        return (await subscribe(user.uid, SECRET)) === 200;
      });
    });

    const subscribe = async (uid: string, secret: string, biz_id = 'MONEY_PLUS'): Promise<number> =>
      (
        await world().callSigned(
          '/v1/subscriptions',
          { action: 'SUBSCRIBE', biz_id, shopee_uid: uid },
          { biz_id, secret },
        )
      ).status;

    it('a new secret signs and is accepted within 5 s, the old one beside it until it is gone', async () => {
      const user = await User.subscribed(world(), 'rotate');
      write(withMoneyPlus({ secrets: ['newer', SECRET] }));
      const uid = world().uid('rotated');
      await awaitState(
        'the new secret is accepted',
        async () => (await subscribe(uid, 'newer')) === 200,
        EFFECT_MS,
      );
      expect(await subscribe(uid, SECRET)).toBe(200);
      let sent = 0;
      await awaitState(
        'callbacks are signed by both',
        async () => {
          await user.tell(sent % 2 === 0 ? user.submit(300) : user.reject());
          sent += 1;
          const last = (await user.callbacks(sent)).at(-1);
          return last?.headers?.['webhook-signature']?.split(' ').length === 2;
        },
        EFFECT_MS,
      );
      write(withMoneyPlus({ secrets: ['newer'] }));
      await awaitState(
        'the old secret is refused',
        async () => (await subscribe(uid, SECRET)) === 401,
        EFFECT_MS,
      );
    });

    it('a new business and a new token are known within 5 s', async () => {
      const user = new User(world(), world().uid('new-business'));
      const late = business(world().moneyPlus, { biz_id: 'LATECOMER', secrets: ['newer'] });
      const sha256 = createHash('sha256').update('a-new-token').digest('hex');
      write([...registered(), late], { api_tokens: [{ name: 'ops', role: 'operator', sha256 }] });
      await awaitState(
        'the business is known',
        async () => (await subscribe(user.uid, 'newer', 'LATECOMER')) === 200,
        EFFECT_MS,
      );
      await awaitState(
        'the token is known',
        async () => (await askTasks(world(), '', undefined, { token: 'a-new-token' })).status === 200,
        EFFECT_MS,
      );
      await user.tell(user.submit(300));
      expect(await user.callbacks(1)).toMatchObject([{ biz_id: 'LATECOMER', signature: 'valid' }]);
    });

    it('a bad file is refused and counted, and the old one stays', async () => {
      const refused = async (service: ServiceName): Promise<number> =>
        (await readMetric(world().url(service, '/metrics'), RELOADS, { result: 'refused' })) ?? 0;
      for (const bad of ['{', '[]', JSON.stringify({ businesses: [{ biz_id: 'MONEY_PLUS' }] }), '']) {
        const before = await Promise.all(READERS.map(refused));
        writeRegistry(world().registryFile, bad);
        for (const [index, service] of READERS.entries())
          await awaitState(
            `${service} counts a bad file`,
            async () => (await refused(service)) > (before[index] ?? 0),
            EFFECT_MS,
          );
        const user = await User.subscribed(world(), 'still-there');
        await user.tell(user.submit(300));
        expect(await user.callbacks(1)).toMatchObject([{ signature: 'valid' }]);
      }
    });

    it('callbacks of a business that left wait and burn nothing, and go when it is back', async () => {
      const user = new User(world(), world().uid('left'));
      await world().subscribe(user.uid, 'PATIENT');
      const before = await reloads();
      write(registered().filter(({ biz_id }) => biz_id !== 'PATIENT'));
      await awaitState(
        'the business is unknown',
        async () => (await subscribe(user.uid, SECRET, 'PATIENT')) === 401,
        EFFECT_MS,
      );
      await awaitState('the callback service has read it', async () => (await reloads()) > before);
      await user.tell(user.submit(300));
      const other = await User.subscribed(world(), 'meanwhile');
      await awaitState('the task is there', async () => (await tasksOf(world(), user.uid)).length === 1);
      await other.tell(...other.becomes(300));
      await other.callbacks(2);
      expect(await newestTask(world(), user.uid, 'PENDING')).toMatchObject({
        attempt_count: 0,
        attempts: [],
      });
      write(registered());
      await user.callbacks(1);
      expect(await newestTask(world(), user.uid, 'DELIVERED')).toMatchObject({ attempt_count: 1 });
    });

    /** How often money-plus-callback has read the file. */
    async function reloads(): Promise<number> {
      return (await readMetric(world().url('money-plus-callback', '/metrics'), RELOADS)) ?? 0;
    }
  });
}
