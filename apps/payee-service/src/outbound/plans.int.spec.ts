import { Database, type PreparedStatement, type Tx } from '@kyc-relay/persistence';
import { useCleanup } from '@kyc-relay/testing';
import { PayeeBed } from '../testbed/payee-bed';
import { PayeeListRepository, type PayeeFilter } from './payee-list.repository';
import { countWaitingPayees } from './waiting-payees';

const cleanup = useCleanup();
let bed: PayeeBed;

/** Keeps the statements that run outside of transactions. */
class RecordingDatabase extends Database {
  readonly statements: { sql: string | PreparedStatement; parameters: readonly unknown[] }[] = [];

  override async query<R = Record<string, unknown>>(
    sql: string | PreparedStatement,
    parameters: readonly unknown[] = [],
  ): Promise<R[]> {
    this.statements.push({ sql, parameters });
    return await super.query<R>(sql, parameters);
  }
}

let recorded: RecordingDatabase;

/** Keeps statements without running them. */
function recorderOf({ statements }: RecordingDatabase): Tx {
  return {
    query: async (sql, parameters = []) => {
      statements.push({ sql, parameters });
      return await Promise.resolve([]);
    },
    execute: async () => await Promise.resolve(0),
  };
}

interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** Runs a request and gives the indexes of its statements, and the most rows that a step of them touched. */
async function planOf(
  request: () => Promise<unknown>,
): Promise<{ indexes: string[]; scans: string[]; rows: number }> {
  recorded.statements.length = 0;
  await request();
  const nodes: Plan[] = [];
  for (const { sql, parameters } of recorded.statements) {
    const [row] = await bed.database.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      `explain (analyze, format json) ${typeof sql === 'string' ? sql : sql.text}`,
      [...parameters],
    );
    nodes.push(...row!['QUERY PLAN'].flatMap(({ Plan: plan }) => nodesOf(plan)));
  }
  return {
    // Either of the two that begin with, or are, the number is right for a number.
    indexes: nodes
      .flatMap((node) => node['Index Name'] ?? [])
      .map((name) => name.replace('payees_merchant', 'payees_pkey'))
      .sort(),
    scans: nodes.map((node) => node['Node Type']).filter((type) => /Seq Scan|Sort/.test(type)),
    rows: Math.max(...nodes.map((node) => node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0))),
  };
}

const PAYEES = 1_000_000;
/** The payee of that number, in the middle of the source's merchant. */
const ONE = { customerNo: '2000000000000000500000', email: 'p500000@grigora.io', customerCode: 'c500000' };

describe(`${PAYEES} analysed payees`, () => {
  beforeAll(async () => {
    bed = await PayeeBed.start(cleanup, {
      databaseOf: (usual) => (recorded = new RecordingDatabase(usual.dataSource)),
    });
    // Nine of ten are the merchant's; one of a thousand waits for a review; one of twenty is deleted.
    await bed.database.query(
      `insert into payee.payees (customer_no, merchant_no, store_no, version, status, status_since, email, email_key,
         customer_code, government_id, profile, created_at, updated_at, deleted_at)
       select '2' || lpad(n::text, 21, '0'), case when n % 10 = 1 then '202334' else '202333' end, '301854', 1,
         case when n % 1000 = 7 then 'Underreview' when n % 3 = 0 then 'Activated' else 'Unverified' end, now(),
         case when alive then 'p' || n || '@grigora.io' end, case when alive then 'p' || n || '@grigora.io' end,
         case when alive then 'c' || n end, case when alive then sealed.bytes end,
         case when alive then '{"countryCode": "CN"}'::jsonb end, now(), now(), case when not alive then now() end
       from generate_series(1, $1::int) as n, lateral (select n % 20 <> 3 as alive) as life,
         (select $2::bytea as bytes) as sealed`,
      [PAYEES, Buffer.alloc(50)],
    );
    const place = { table: 'payee.payees', column: 'government_id', row: ONE.customerNo };
    await bed.database.query(`update payee.payees set government_id = $2 where customer_no = $1`, [
      ONE.customerNo,
      bed.parts.keyRing.seal('110101199003074493', place),
    ]);
    await bed.database.query('vacuum analyze payee.payees');
  }, 180_000);

  it.each([
    [{ customerNo: ONE.customerNo }, ['payees_pkey']],
    [{ email: ONE.email }, ['payees_email']],
    [{ customerCode: ONE.customerCode }, ['payees_customer_code']],
    [ONE, ['payees_customer_code', 'payees_email', 'payees_pkey']],
  ])('are looked up by %j in the index of each key', async (keys, indexes) => {
    const plan = await planOf(async () => {
      expect((await bed.call('retrieve', keys)).customer).toMatchObject({ customerNo: ONE.customerNo });
    });
    expect(plan.indexes).toEqual(indexes);
    expect(plan.scans).toEqual([]);
    expect(plan.rows).toBeLessThanOrEqual(3);
  });

  it.each<[PayeeFilter, string]>([
    [{}, '^payees_pkey$'],
    [{ merchantNo: '202334' }, '^payees_pkey$'],
    [{ merchantNo: 'nobody' }, '^payees_pkey$'],
    [{ status: 'Activated' }, '^payees_(?:status|pkey)$'],
    [{ status: 'Underreview' }, '^payees_status$'],
    [{ status: 'Deactivated' }, '^payees_status$'],
    [{ status: 'Underreview', merchantNo: '202333' }, '^payees_status$'],
  ])('are listed by %j in the order of an index, from any page on', async (filter, index) => {
    const list = new PayeeListRepository(bed.parts.keyRing);
    for (const after of ['', '2000000000000000900000']) {
      const plan = await planOf(async () => {
        // Recorded and not run: the identity numbers of the million are no sealed ones.
        await list.list(recorderOf(recorded), filter, { after, limit: 50 });
      });
      expect(plan.indexes).toEqual([expect.stringMatching(index)]);
      expect(plan.scans).toEqual([]);
      expect(plan.rows).toBeLessThan(1_000);
    }
  });

  it('that wait for too long are counted in an index', async () => {
    const plan = await planOf(async () => await countWaitingPayees(recorded, 1));
    expect(plan).toMatchObject({ indexes: ['payees_status'], scans: [] });
  });
});
