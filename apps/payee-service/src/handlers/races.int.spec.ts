import { Database, type PreparedStatement, type OpenTx } from '@kyc-relay/persistence';
import { eventually, useCleanup } from '@kyc-relay/testing';
import { Client } from 'pg';
import { PayeeBed, type PartnerAnswer } from '../testbed/payee-bed';
import { individual } from '../testbed/people';

const cleanup = useCleanup();
let bed: PayeeBed;

/** Breaks connections at chosen moments, as a crash of the server or of this process would. */
class CrashingDatabase extends Database {
  /** Before which statement of the next transactions; 0: never. */
  crashBefore = 0;
  /** Whether statements are done and nobody hears of it. */
  losesAnswers = false;

  override async query<R = Record<string, unknown>>(
    sql: string | PreparedStatement,
    parameters?: readonly unknown[],
  ): Promise<R[]> {
    const rows = await super.query<R>(sql, parameters);
    if (this.losesAnswers) throw new Error('Connection terminated unexpectedly');
    return rows;
  }

  override async transaction<T>(work: (tx: OpenTx) => Promise<T> | T): Promise<T> {
    let statements = 0;
    let written: Promise<void> = Promise.resolve();
    const step = async (): Promise<void> => {
      await written;
      statements += 1;
      if (statements === this.crashBefore) await bed.database.terminate('payee-service%');
    };
    return await super.transaction(async (tx) => {
      const result = await work({
        query: async (sql, parameters) => {
          await step();
          return await tx.query(sql, parameters);
        },
        execute: async (sql, parameters) => {
          await step();
          return await tx.execute(sql, parameters);
        },
        write: (sql, parameters) => {
          written = step().then(() => {
            tx.write(sql, parameters);
          });
        },
        onEnd: (listener) => {
          tx.onEnd(listener);
        },
      });
      await written;
      return result;
    });
  }
}

let database: CrashingDatabase;

beforeAll(async () => {
  bed = await PayeeBed.start(cleanup, {
    databaseOf: (usual) => (database = new CrashingDatabase(usual.dataSource)),
  });
});

const FORTY = Array.from({ length: 40 }, (_, index) => index);

async function countRows(): Promise<{ payees: number; histories: number; messages: number }> {
  const [counts] = await bed.database.query<{ payees: number; histories: number; messages: number }>(
    `select (select count(*)::int from payee.payees) as payees,
       (select count(*)::int from payee.payee_history) as histories,
       (select count(*)::int from payee.outbox) as messages`,
  );
  if (!counts) throw new Error('no counts');
  return counts;
}

describe('forty registrations at once', () => {
  it('that are the same make one payee, told once', async () => {
    const before = await countRows();
    const answers = await Promise.all(FORTY.map(async () => await bed.call('register', individual(1))));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 200, ret_code: '000100' });
    const after = await countRows();
    expect(after).toEqual({
      payees: before.payees + 1,
      histories: before.histories + 1,
      messages: before.messages + 1,
    });
  });

  it.each<[string, (index: number) => Promise<PartnerAnswer>, string]>([
    [
      'an email',
      async (index) =>
        await bed.call('register', {
          ...individual(2),
          customerCode: `other-${index}`,
          street: `street ${index}`,
        }),
      'email is already used by a payee with other content',
    ],
    [
      'a code',
      async (index) => await bed.call('register', { ...individual(3), email: `other-${index}@grigora.io` }),
      'customerCode is already used by a payee with other content',
    ],
    [
      'an email and a code',
      async (index) => await bed.call('register', { ...individual(4), street: `street ${index}` }),
      'email is already used by a payee with other content; customerCode is already used by a payee with other content',
    ],
  ])('that differ but for %s have one winner and 39 clear conflicts', async (_, register, message) => {
    const before = await countRows();
    const answers = await Promise.all(FORTY.map(register));
    expect(answers.filter(({ ret_code: code }) => code === '000100')).toHaveLength(1);
    expect(
      answers.filter(({ ret_code: code, ret_msg: told }) => code === '000022' && told === message),
    ).toHaveLength(39);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect((await countRows()).payees).toBe(before.payees + 1);
  });

  it('among deletes of the same payee leave at most one alive, and no answer that is our fault', async () => {
    const answers = await Promise.all(
      FORTY.map(async (index) =>
        index % 2 === 0
          ? await bed.call('register', individual(5))
          : await bed.call('delete', { email: 'person-5@grigora.io' }),
      ),
    );
    expect(
      answers.map(({ ret_code: code }) => code).filter((code) => !['000100', '000021'].includes(code)),
    ).toEqual([]);
    const alive = await bed.database.query(
      `select from payee.payees where email_key = 'person-5@grigora.io' and deleted_at is null`,
    );
    expect(alive.length).toBeLessThanOrEqual(1);
  });
});

describe('changes of one payee at once', () => {
  it('get versions without gaps, in the order in which they are told', async () => {
    const customerNo = await bed.register(individual(6));
    const answers = await Promise.all(
      FORTY.map(async (index) => await bed.call('update', { customerNo, street: `street ${index}` })),
    );
    expect(answers.every(({ ret_code: code }) => code === '000100')).toBe(true);
    const told = await bed.published(customerNo);
    expect(told.map(({ version }) => version)).toEqual(FORTY.concat(40).map((index) => index + 1));
  });

  it('that delete it find it once', async () => {
    const customerNo = await bed.register(individual(7));
    const answers = await Promise.all(FORTY.map(async () => await bed.call('delete', { customerNo })));
    const codes = answers.map(({ ret_code: code }) => code).sort();
    expect(codes).toEqual(FORTY.map((index) => (index < 39 ? '000021' : '000100')));
  });
});

describe('a crash', () => {
  it.each([
    ['update', 5],
    ['delete', 10],
  ])('before any step of %s leaves nothing half done', async (path, expectedSteps) => {
    const customerNo = await bed.register(individual(10 + expectedSteps));
    const body = { customerNo, street: 'new' };
    const before = await countRows();
    let step = 1;
    for (; step <= 20; step += 1) {
      database.crashBefore = step;
      const answer = await bed.call(path, body);
      database.crashBefore = 0;
      if (answer.status === 200) break;
      expect(answer).toMatchObject({ status: 503, ret_code: '000000' });
      expect(await countRows()).toEqual(before);
    }
    // The round that outlived all its steps is the one that did it.
    expect(step).toBe(expectedSteps + 1);
    expect((await countRows()).messages).toBe(before.messages + 1);
    expect((await countRows()).histories).toBe(before.histories + 1);
  });

  it('in the middle of a registration leaves nothing of it', async () => {
    const before = await countRows();
    const rival = new Client({ connectionString: bed.database.url, application_name: 'rival' });
    await rival.connect();
    try {
      await rival.query('begin');
      await rival.query(
        `insert into payee.payees (customer_no, merchant_no, store_no, version, status, status_since, email, email_key,
           government_id, profile, created_at, updated_at)
         values ('3333333333333333333333', '202333', '301854', 1, 'Unverified', now(), 'e', 'person-40@grigora.io', '', '{}',
           now(), now())`,
      );
      const registering = bed.call('register', individual(40));
      await eventually(async () => {
        const waiting = await bed.database.query(
          `select from pg_stat_activity where datname = current_database() and application_name like 'payee-service%' and wait_event_type = 'Lock'`,
        );
        return waiting.length === 1;
      });
      await bed.database.terminate('payee-service%');
      expect(await registering).toMatchObject({ status: 503, ret_code: '000000' });
      await rival.query('rollback');
    } finally {
      await rival.end();
    }
    expect(await countRows()).toEqual(before);
    expect((await bed.call('register', individual(40))).ret_code).toBe('000100');
  });

  it('after the commit of a registration, before its answer, is mended by registering again', async () => {
    const before = await countRows();
    database.losesAnswers = true;
    expect(await bed.call('register', individual(41))).toMatchObject({ status: 503, ret_code: '000000' });
    database.losesAnswers = false;
    expect((await bed.call('register', individual(41))).ret_code).toBe('000100');
    expect(await countRows()).toEqual({
      payees: before.payees + 1,
      histories: before.histories + 1,
      messages: before.messages + 1,
    });
  });
});
