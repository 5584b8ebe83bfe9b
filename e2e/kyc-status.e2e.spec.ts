import { describeEntry } from './kyc-status/entry';
import { describeFormRefusals } from './kyc-status/form-refusals';
import { describeHistory } from './kyc-status/history';
import { describeHttpIntake } from './kyc-status/http-intake';
import { describeInfo } from './kyc-status/info';
import { describeOrder } from './kyc-status/order';
import { describePhone } from './kyc-status/phone';
import { describeQuery } from './kyc-status/query';
import { describeReasons } from './kyc-status/reasons';
import { describeStateRefusals } from './kyc-status/state-refusals';
import { describeStatusTable } from './kyc-status/status-table';
import { describeSubscriptions } from './kyc-status/subscriptions';
import { business, SECRET } from './world/registry';
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
        business(moneyPlus, {
          biz_id: 'LEGACY',
          legacy_signature_only: true,
          secrets: [SECRET, 'the-next-secret'],
        }),
      ],
    });
  }, 180_000);

  afterAll(async () => {
    await world.stop();
  }, 60_000);

  describeStatusTable(theWorld);
  describeReasons(theWorld);
  describeInfo(theWorld);
  describePhone(theWorld);
  describeOrder(theWorld);
  describeStateRefusals(theWorld);
  describeFormRefusals(theWorld);
  describeHttpIntake(theWorld);
  describeSubscriptions(theWorld);
  describeQuery(theWorld);
  describeEntry(theWorld);
  describeHistory(theWorld);
});
