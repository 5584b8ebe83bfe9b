import { useCleanup } from '@kyc-relay/testing';
import { DeliveryBed } from '../testbed/delivery-bed';
import { HEADS } from './lanes.repository';
import { SAVE_RETURNS } from './returns.repository';

describe('the search for the head of a lane', () => {
  const cleanup = useCleanup();
  let bed: DeliveryBed;

  beforeAll(async () => {
    bed = await DeliveryBed.open(cleanup);
    // What the planner knows where callbacks are delivered as they come: many tasks, of which none is ever pending.
    await bed.database.execute(
      `insert into money_plus.tasks (task_id, event_id, biz_id, shopee_uid, kind, version, state, finished_at)
       select gen_random_uuid(), gen_random_uuid(), 'MONEY_PLUS', 'u' || n, 'STATUS', 1, 'DELIVERED', now()
       from generate_series(1, 2000) as n`,
    );
    await bed.database.execute('vacuum analyze money_plus.tasks');
  });

  it.each([
    ['when lanes are claimed', HEADS],
    ['when lanes are returned', SAVE_RETURNS],
  ])('reads that lane and never the backlog of its business, %s', async (_when, { text: sql }) => {
    const plan = await bed.database.query(`explain (generic_plan, format json) ${sql}`);
    const text = JSON.stringify(plan);
    expect(text).toContain('tasks_lane');
    expect(text).not.toContain('tasks_oldest');
  });
});
