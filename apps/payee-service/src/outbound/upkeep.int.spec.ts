import { useCleanup } from '@kyc-relay/testing';
import { PayeeBed } from '../testbed/payee-bed';
import { individual } from '../testbed/people';
import { UpkeepRepository } from './upkeep.repository';

const cleanup = useCleanup();
let bed: PayeeBed;
let upkeep: UpkeepRepository;

beforeAll(async () => {
  bed = await PayeeBed.start(cleanup);
  upkeep = new UpkeepRepository(bed.parts.database);
});

const RETENTION = { history: 730, inbox: 14, audit: 2_557 };

describe('the purge', () => {
  it('removes what is too old, in batches, and leaves the rest', async () => {
    const customerNo = await bed.register(individual(1));
    await bed.operate('POST', `/${customerNo}/status`, { body: { status: 'Pending', reason: 'x' } });
    await bed.database.query(
      `insert into payee.inbox (consumer, source, id, received_at)
       select 'c', 's', n::text, now() - make_interval(days => case when n <= 1500 then 15 else 13 end)
       from generate_series(1, 1510) as n`,
    );
    await bed.database.query(
      `insert into payee.payee_history (customer_no, at, type, version, status, source, by, changes)
       values ('1', now() - interval '731 days', 'DELETED', 2, 'Pending', 'PARTNER', 's', '[]')`,
    );
    await bed.database.query(
      `insert into payee.audit_log (actor, action, target, reason, at)
       values ('a', 'a', 't', 'r', now() - interval '2558 days')`,
    );
    expect(await upkeep.purgeBatch(RETENTION)).toBe(true);
    expect(await upkeep.purgeBatch(RETENTION)).toBe(false);
    const [left] = await bed.database.query(
      `select (select count(*)::int from payee.inbox) as inbox,
         (select count(*)::int from payee.payee_history) as history,
         (select count(*)::int from payee.audit_log) as audit`,
    );
    expect(left).toEqual({ inbox: 10, history: 2, audit: 1 });
    expect(await upkeep.purgeBatch(RETENTION)).toBe(false);
  });
});

describe('the count of those that wait', () => {
  it('has payees that are Pending or Underreview for longer than the limit', async () => {
    const [first = '', second = '', third = '', fourth = ''] = await Promise.all(
      [2, 3, 4, 5].map(async (number) => await bed.register(individual(number))),
    );
    const age = async (customerNo: string, status: string, hours: number): Promise<void> => {
      await bed.database.query(
        `update payee.payees set status = $2, status_since = now() - make_interval(hours => $3) where customer_no = $1`,
        [customerNo, status, hours],
      );
    };
    await age(first, 'Pending', 73);
    await age(second, 'Underreview', 73);
    await age(third, 'Underreview', 71);
    await age(fourth, 'Unverified', 73);
    expect(await upkeep.countWaiting(72)).toBe(2);
    await bed.call('delete', { customerNo: first });
    expect(await upkeep.countWaiting(72)).toBe(1);
  });
});
