import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { createTestDatabase, useCleanup, type TestDatabase } from '@kyc-relay/testing';
import { CONTEXTS, type Context } from './contexts';
import { listMissing, runMissing } from './migrations';

const cleanup = useCleanup();
let store: TestDatabase;

beforeEach(async () => {
  store = await createTestDatabase(cleanup);
});

/** Longer than a purge's or an index build's lock may ever hold up a statement of the version that runs. */
const PATIENCE_MS = 2_000;

/** A context as it was before its latest migration; one that has only one, as that one has made it. */
function previousOf(context: Context): Context {
  return { ...context, migrations: context.migrations.slice(0, Math.max(1, context.migrations.length - 1)) };
}

/**
 * What the version before writes and reads of the tables that later migrations touch, one row each of `$1`; the statements
 * are of the repositories, shortened to what is mandatory.
 */
const WORK: Readonly<Record<string, readonly string[]>> = {
  kyc: [
    `insert into kyc.users (shopee_uid) values ($1) on conflict do nothing`,
    `select * from kyc.users where shopee_uid = $1 for update`,
    `update kyc.users set version = version + 1 where shopee_uid = $1`,
    `insert into kyc.user_history (shopee_uid, at, type, decision, changes) values ($1, now(), 'kyc.case.approved', 'APPLIED', '[]')`,
    `insert into kyc.decided_cases (shopee_uid, case_id) values ($1, 'c') on conflict do nothing`,
    `select * from kyc.user_history where shopee_uid = $1 order by id limit 50`,
  ],
  money_plus: [
    `insert into money_plus.tasks (task_id, event_id, biz_id, shopee_uid, kind, version, body)
     values (gen_random_uuid(), gen_random_uuid(), 'B', $1, 'STATUS', 1, '{}')`,
    `update money_plus.tasks set state = 'DELIVERED', finished_at = now() where shopee_uid = $1`,
  ],
  payee: [
    `insert into payee.payee_history (customer_no, at, type, version, status, source, by, changes)
     values ($1, now(), 'REGISTERED', 1, 'Unverified', 'PARTNER', 'm', '[]')`,
    `update payee.payee_history set changes = '[{}]' where customer_no = $1`,
    `select * from payee.payee_history where customer_no = $1 order by id limit 50`,
  ],
  review: [
    `insert into review.clients as c (merchant_client_id) values ($1)
     on conflict (merchant_client_id) do update set merchant_client_id = excluded.merchant_client_id`,
  ],
  risk: [
    `insert into risk.cases (flow_no, agent, status, merc_num, created_at, created_day, version, asked_at, changed_at)
     values ($1, 'A', 'DTJ', 'M', now(), now(), 1, now(), now())`,
    `select * from risk.cases where flow_no = $1 for update`,
    `update risk.cases set status = 'SHTG', version = 2, changed_at = now() where flow_no = $1`,
    `insert into risk.pushes (id, acquirer, flow_no, signed, body) values (gen_random_uuid(), 'q', $1, true, '\\x00')`,
    `update risk.pushes set outcome = 'READ' where flow_no = $1 and outcome is null`,
  ],
};

/** Whose rows show that nothing was lost: every piece of work leaves one. */
const TRACE: Readonly<Record<string, string>> = {
  kyc: 'select shopee_uid as id from kyc.user_history',
  money_plus: `select shopee_uid as id from money_plus.tasks where state = 'DELIVERED'`,
  payee: `select customer_no as id from payee.payee_history where changes::text = '[{}]'`,
  review: 'select merchant_client_id as id from review.clients',
  risk: `select flow_no as id from risk.pushes p join risk.cases c using (flow_no) where c.version = 2 and p.outcome = 'READ'`,
};

/** The version before at work, until it is told to stop: transactions of one piece of work, one after the other. */
class OldVersion {
  readonly done: string[] = [];
  private isStopped = false;
  private readonly runs: Promise<void>[] = [];

  private constructor(private readonly clients: readonly Client[]) {}

  static async start(context: Context, writers: number): Promise<OldVersion> {
    const clients = Array.from(
      { length: writers },
      () =>
        new Client({
          connectionString: store.url,
          application_name: 'old version',
          lock_timeout: PATIENCE_MS,
        }),
    );
    await Promise.all(clients.map(async (client) => await client.connect()));
    const version = new OldVersion(clients);
    for (const [nth, client] of clients.entries())
      version.runs.push(version.work(client, context.schema, nth));
    // Told by whoever waits for it.
    for (const run of version.runs) run.catch(() => undefined);
    return version;
  }

  /** Ends the work; rejects when a statement failed or was held up for too long. */
  async stop(): Promise<void> {
    this.isStopped = true;
    try {
      await Promise.all(this.runs);
    } finally {
      await Promise.all(
        this.clients.map(async (client) => {
          await client.end();
        }),
      );
    }
  }

  /** Resolves when so much more work is done. */
  async does(more: number): Promise<void> {
    const goal = this.done.length + more;
    while (this.done.length < goal) await Promise.race([...this.runs, delay(5)]);
  }

  private async work(client: Client, schema: string, nth: number): Promise<void> {
    for (let count = 0; !this.isStopped; count += 1) {
      const id = `w${nth}-${count}`;
      await client.query('begin');
      for (const statement of WORK[schema] ?? []) await client.query(statement, [id]);
      await client.query('commit');
      this.done.push(id);
    }
  }
}

it('a plan says what is missing and changes nothing, not even on an empty database', async () => {
  for (const context of CONTEXTS) {
    const names = context.migrations.map(({ name }) => name);
    expect(await listMissing(store.url, context)).toEqual(names);
    await runMissing(store.url, previousOf(context));
    const rest = names.slice(previousOf(context).migrations.length);
    expect(await listMissing(store.url, context)).toEqual(rest);
    expect(await listMissing(store.url, context)).toEqual(rest);
    expect(await runMissing(store.url, context)).toEqual(rest);
    expect(await runMissing(store.url, context)).toEqual([]);
  }
  const empty = await createTestDatabase(cleanup);
  for (const context of CONTEXTS) await listMissing(empty.url, context);
  expect(
    await empty.query(
      `select nspname from pg_namespace where nspname !~ '^pg_' and nspname not in ('public', 'information_schema')`,
    ),
  ).toEqual([]);
});

it.each(CONTEXTS.map((context) => [context.schema, context] as const))(
  'the tables of %s are migrated by two jobs at once while the version before works on them',
  async (schema, context) => {
    await runMissing(store.url, previousOf(context));
    const old = await OldVersion.start(context, 4);
    await old.does(20);
    const ran = await Promise.all([runMissing(store.url, context), runMissing(store.url, context)]);
    await old.does(20);
    await old.stop();

    const missing = context.migrations.slice(previousOf(context).migrations.length).map(({ name }) => name);
    expect(ran.flat()).toEqual(missing);
    const rows = await store.query<{ id: string }>(TRACE[schema] ?? '');
    expect(rows.map(({ id }) => id).sort()).toEqual([...old.done].sort());
    expect(
      await store.query('select indexrelid::regclass::text as name from pg_index where not indisvalid'),
    ).toEqual([]);
  },
  60_000,
);

it('an index whose build was broken off is built anew', async () => {
  const context = CONTEXTS.find(({ schema }) => schema === 'risk')!;
  await runMissing(store.url, previousOf(context));
  // As a killed job leaves it.
  await store.query('create index pushes_flow_no on risk.pushes (flow_no)');
  await store.query(
    `update pg_index set indisvalid = false where indexrelid = 'risk.pushes_flow_no'::regclass`,
  );
  await runMissing(store.url, context);
  expect(
    await store.query(`select indisvalid from pg_index where indexrelid = 'risk.pushes_flow_no'::regclass`),
  ).toEqual([{ indisvalid: true }]);
});

it('the test would notice a migration that holds the tables', async () => {
  const context = CONTEXTS.find(({ schema }) => schema === 'kyc')!;
  await runMissing(store.url, context);
  const old = await OldVersion.start(context, 2);
  await old.does(5);
  const holder = new Client({ connectionString: store.url, application_name: 'bad migration' });
  await holder.connect();
  await holder.query('begin');
  await holder.query('lock table kyc.user_history');
  await expect(old.does(1_000_000)).rejects.toThrow('lock timeout');
  await holder.query('rollback');
  await holder.end();
  await expect(old.stop()).rejects.toThrow('lock timeout');
});
