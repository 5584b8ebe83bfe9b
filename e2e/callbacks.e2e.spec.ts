import { startMoneyPlus, type MoneyPlus } from '@kyc-relay/simulators';
import { describeCancel } from './callbacks/cancel';
import { describeCircuit } from './callbacks/circuit';
import { describeOperatorApi } from './callbacks/operator-api';
import { describeOutcomes } from './callbacks/outcomes';
import { describeRedrive } from './callbacks/redrive';
import { describeRegistryReload } from './callbacks/registry-reload';
import { describeRetries } from './callbacks/retries';
import { describeSignatures } from './callbacks/signatures';
import { business, SECRET, type Business } from './world/registry';
import { World } from './world/world';

jest.setTimeout(60_000);

describe('callbacks to Money+', () => {
  let world: World;
  let down: MoneyPlus;
  let closed: MoneyPlus;
  let businesses: Business[] = [];
  const theWorld = (): World => world;

  beforeAll(async () => {
    down = await startMoneyPlus({ secrets: [SECRET] });
    closed = await startMoneyPlus({ secrets: [SECRET] });
    await closed.refuse();
    world = await World.start({
      secrets: [SECRET, 'newer'],
      businesses: (moneyPlus) => (businesses = registerAll(moneyPlus, down, closed)),
    });
  }, 180_000);

  afterAll(async () => {
    await world.stop();
    await down.close();
    await closed.close();
  }, 60_000);

  describeSignatures(theWorld);
  describeOutcomes(theWorld);
  describeRetries(theWorld);
  describeRedrive(theWorld);
  describeCancel(theWorld);
  describeOperatorApi(theWorld);
  describeCircuit(theWorld, () => down);
  describeRegistryReload(theWorld, () => businesses);
});

/** Businesses that differ in how they are called back. */
function registerAll(moneyPlus: MoneyPlus, down: MoneyPlus, closed: MoneyPlus): Business[] {
  const quick = { max_attempts: 2, base_delay_ms: 20, max_delay_ms: 100 };
  const elsewhere = (url: string): Pick<Business, 'status_callback_url' | 'info_callback_url'> => ({
    status_callback_url: url,
    info_callback_url: url,
  });
  const { port } = new URL(moneyPlus.statusUrl);
  return [
    business(moneyPlus, { delivery: { timeout_ms: 1000 } }),
    business(moneyPlus, { biz_id: 'TWO_SECRETS', secrets: ['newer', 'older'] }),
    business(moneyPlus, { biz_id: 'FINAL', final_retcodes: [99] }),
    business(moneyPlus, { biz_id: 'PATIENT', delivery: { max_delay_ms: 1500, timeout_ms: 1000 } }),
    business(moneyPlus, {
      biz_id: 'TLS',
      ...elsewhere(moneyPlus.statusUrl.replace('http:', 'https:')),
      delivery: quick,
    }),
    business(moneyPlus, { biz_id: 'BLOCKED', allow_private_addresses: false, delivery: quick }),
    business(moneyPlus, {
      biz_id: 'BLOCKED_BY_NAME',
      allow_private_addresses: false,
      ...elsewhere(`http://localhost:${port}/money-plus/status`),
      delivery: quick,
    }),
    business(closed, { biz_id: 'CLOSED', delivery: quick }),
    business(down, { biz_id: 'DOWN', delivery: { timeout_ms: 1000 } }),
  ];
}
