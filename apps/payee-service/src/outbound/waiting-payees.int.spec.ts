import { useCleanup } from '@kyc-relay/testing';
import { PayeeBed } from '../testbed/payee-bed';
import { individual } from '../testbed/people';
import { countWaitingPayees } from './waiting-payees';

const cleanup = useCleanup();
let bed: PayeeBed;

beforeAll(async () => {
  bed = await PayeeBed.start(cleanup);
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
    expect(await countWaitingPayees(bed.parts.database, 72)).toBe(2);
    await bed.call('delete', { customerNo: first });
    expect(await countWaitingPayees(bed.parts.database, 72)).toBe(1);
  });
});
