import { Database, type Tx } from '@kyc-relay/persistence';
import { useCleanup } from '@kyc-relay/testing';
import { PayeeBed, type PartnerAnswer } from '../testbed/payee-bed';
import { individual } from '../testbed/people';

const cleanup = useCleanup();
let bed: PayeeBed;

/** Ends the connection of a transaction before one of its statements, as the crash of a server process would. */
class CrashingDatabase extends Database {
  /** Before which statement of the next transactions; 0: never. */
  crashBefore = 0;
  /** How many statements the last transaction ran. */
  statements = 0;

  override async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return await super.transaction(async (tx) => {
      this.statements = 0;
      const step = async (): Promise<void> => {
        this.statements += 1;
        if (this.statements === this.crashBefore) await bed.database.terminate('payee-service%');
      };
      return await work({
        query: async (sql, parameters) => {
          await step();
          return await tx.query(sql, parameters);
        },
        execute: async (sql, parameters) => {
          await step();
          return await tx.execute(sql, parameters);
        },
      });
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
    ['register', 3],
    ['update', 5],
    ['delete', 10],
  ])('before any step of %s leaves nothing half done', async (path, expectedSteps) => {
    const number = 10 + expectedSteps;
    const customerNo = path === 'register' ? '' : await bed.register(individual(number));
    const body = path === 'register' ? individual(number) : { customerNo, street: 'new' };
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

  it('after the commit, before the answer, is mended by doing it again', async () => {
    const lost = await bed.call('register', individual(30));
    const again = await bed.call('register', individual(30));
    expect(again.text).toBe(lost.text);
  });
});
