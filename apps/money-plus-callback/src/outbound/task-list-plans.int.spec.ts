import { useCleanup } from '@kyc-relay/testing';
import type { TaskFilter } from '../domain/task-filter';
import { DeliveryBed } from '../testbed/delivery-bed';
import { TaskViewRepository } from './task-view.repository';

describe('the operators` list of tasks', () => {
  const cleanup = useCleanup();
  let bed: DeliveryBed;

  beforeAll(async () => {
    bed = await DeliveryBed.open(cleanup);
    // Many were delivered, a few failed long ago: a walk through the newest would read them all.
    await bed.database.execute(
      `insert into money_plus.tasks (task_id, event_id, biz_id, shopee_uid, kind, version, state, created_at, finished_at, body)
       select gen_random_uuid(), gen_random_uuid(), 'MONEY_PLUS', 'u' || n, 'STATUS', 1,
         case when n <= 5 then 'FAILED' else 'DELIVERED' end, now() - interval '1 day' + n * interval '1 second', now(), 'x'
       from generate_series(1, 20000) as n`,
    );
    await bed.database.execute('vacuum analyze money_plus.tasks');
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each<[string, TaskFilter, string]>([
    ['of what failed', { state: 'FAILED' }, 'tasks_undelivered'],
    ['of one user', { shopeeUid: 'u7' }, 'tasks_user'],
    ['of all', {}, 'tasks_newest'],
  ])('%s goes by the index that was made for it', async (_what, filter, index) => {
    const query = jest.spyOn(bed.database, 'query');
    await new TaskViewRepository(bed.database).list(filter, null, 50);
    const [[sql] = ['']] = query.mock.calls;
    // Planned without the parameters' values, as the context's connections do.
    const plan = await bed.database.query(`explain (generic_plan, format json) ${sql as string}`);
    expect(JSON.stringify(plan)).toContain(`"Index Name":"${index}"`);
  });
});
