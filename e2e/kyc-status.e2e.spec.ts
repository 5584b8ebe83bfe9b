import { describeReasons } from './kyc-status/reasons';
import { describeStatusTable } from './kyc-status/status-table';
import { business } from './world/registry';
import { World } from './world/world';

jest.setTimeout(60_000);

describe('KYC facts, from upstream to Money+', () => {
  let world: World;
  const theWorld = (): World => world;

  beforeAll(async () => {
    world = await World.start({
      businesses: (moneyPlus) => [
        business(moneyPlus),
        business(moneyPlus, { biz_id: 'FULL_WILL_DO', required_level: 200 }),
      ],
    });
  }, 180_000);

  afterAll(async () => {
    await world.stop();
  }, 60_000);

  describeStatusTable(theWorld);
  describeReasons(theWorld);
});
