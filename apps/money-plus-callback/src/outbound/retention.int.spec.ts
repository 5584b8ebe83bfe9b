import { purgeBatch } from '@kyc-relay/persistence';
import { useCleanup } from '@kyc-relay/testing';
import { MoneyPlusCallbackConfig } from '../config';
import { business } from '../testbed/business';
import { DeliveryBed } from '../testbed/delivery-bed';
import { Receiver } from '../testbed/receiver';
import { BacklogRepository } from './backlog.repository';
import { moneyPlusPurges } from './retention';

describe('retention', () => {
  const cleanup = useCleanup();
  let bed: DeliveryBed;

  beforeAll(async () => {
    bed = await DeliveryBed.open(cleanup);
  });
  afterEach(async () => {
    await bed.reset();
  });

  /** One delivered and one pending task, both as if of so many days ago. */
  async function tasksOf(daysAgo: number): Promise<{ delivered: string; pending: string }> {
    const receiver = await new Receiver().open();
    const replica = await bed.replica('r1', [business(receiver.origin)]);
    const [delivered = ''] = await bed.tell([{ uid: 'u1' }]);
    await bed.reaches('DELIVERED', delivered);
    await replica.stop();
    await receiver.shut();
    const [pending = ''] = await bed.tell([{ uid: 'u2' }]);
    await bed.database.execute(
      `update money_plus.tasks set created_at = created_at - $1 * interval '1 day',
         finished_at = finished_at - $1 * interval '1 day'`,
      [daysAgo],
    );
    await bed.database.execute(
      `update money_plus.attempts set started_at = started_at - $1 * interval '1 day'`,
      [daysAgo],
    );
    return { delivered, pending };
  }
  const count = async (what: string): Promise<number> =>
    (await bed.database.query(`select from money_plus.${what}`)).length;

  it.each([
    [29, { bodies: 2, responses: 1, attempts: 1, tasks: 2 }],
    [31, { bodies: 1, responses: 1, attempts: 1, tasks: 2 }],
    [91, { bodies: 1, responses: 0, attempts: 1, tasks: 2 }],
    [731, { bodies: 1, responses: 0, attempts: 0, tasks: 1 }],
  ])('keeps after %i days %j; what is pending stays whole', async (days, left) => {
    const { pending } = await tasksOf(days);
    for (const rule of moneyPlusPurges(new MoneyPlusCallbackConfig())) await purgeBatch(bed.database, rule);
    expect({
      bodies: await count('tasks where body is not null'),
      responses: await count('attempts where response_prefix is not null'),
      attempts: await count('attempts'),
      tasks: await count('tasks'),
    }).toEqual(left);
    expect((await bed.task(pending)).state).toBe('PENDING');
  });
});

describe('BacklogRepository', () => {
  const cleanup = useCleanup();
  let bed: DeliveryBed;

  beforeAll(async () => {
    bed = await DeliveryBed.open(cleanup);
  });

  it('counts what waits for each business, and for how long', async () => {
    await bed.tell([{ uid: 'u1' }, { uid: 'u2' }, { uid: 'u2', bizIds: ['OTHER'] }]);
    await bed.database.execute(
      `update money_plus.tasks set queued_at = queued_at - interval '1 hour' where shopee_uid = 'u1'`,
    );
    const backlog = await new BacklogRepository(bed.database).measure();
    const byBusiness = new Map(backlog.map((one) => [one.biz_id, one]));
    expect(byBusiness.get('MONEY_PLUS')).toMatchObject({ pending: 2 });
    expect(byBusiness.get('MONEY_PLUS')?.oldest_seconds).toBeGreaterThanOrEqual(3600);
    expect(byBusiness.get('OTHER')?.oldest_seconds).toBeLessThan(60);
  });
});
