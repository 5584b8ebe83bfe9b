import { createTestDatabase, useCleanup, type TestDatabase } from '@kyc-relay/testing';
import { createDataSource } from './data-source';
import { Database } from './database';
import type { OpenTx } from './session';
import { nameStoreError } from './store-away';

const cleanup = useCleanup();
let store: TestDatabase;
let database: Database;

const INSERT = 'insert into notes values ($1, $2)';
const UNIQUE_VIOLATION = '23505';

beforeAll(async () => {
  store = await createTestDatabase(cleanup, {
    statements: ['create table notes (id int primary key, text text not null)'],
  });
  database = new Database(
    // One connection: what a transaction leaves behind would be found by the next.
    createDataSource({ url: store.url, schema: 'public', applicationName: 'sessions', poolSize: 1 }),
  );
  await database.dataSource.initialize();
  cleanup.defer(async () => {
    await database.close();
  });
});

beforeEach(async () => {
  await store.query('truncate notes');
});

async function failureOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'none',
    (error: unknown) => nameStoreError(error),
  );
}

async function ids(): Promise<number[]> {
  return (await database.query<{ id: number }>('select id from notes order by id')).map(({ id }) => id);
}

describe('writes that nobody waits for', () => {
  test('are done in their order, before what is asked later, and are committed', async () => {
    const seen = await database.transaction(async (tx) => {
      tx.write(INSERT, [1, 'a']);
      tx.write('update notes set text = text || $1', ['b']);
      const rows = await tx.query('select text from notes');
      tx.write(INSERT, [2, 'c']);
      return rows;
    });
    expect(seen).toEqual([{ text: 'ab' }]);
    expect(await ids()).toEqual([1, 2]);
  });

  test('fail the transaction when the last of them fails, although the commit itself does not', async () => {
    const failure = failureOf(
      database.transaction(async (tx) => {
        await tx.execute(INSERT, [1, 'a']);
        tx.write(INSERT, [1, 'again']);
      }),
    );
    expect(await failure).toBe(UNIQUE_VIOLATION);
    expect(await ids()).toEqual([]);
  });

  test('say themselves why a statement behind them fails', async () => {
    const failure = failureOf(
      database.transaction(async (tx) => {
        tx.write(INSERT, [1, 'a']);
        tx.write(INSERT, [1, 'again']);
        await tx.query('select 1');
      }),
    );
    expect(await failure).toBe(UNIQUE_VIOLATION);
    expect(await ids()).toEqual([]);
  });

  test('leave nothing when the work gives up for a reason of its own', async () => {
    const failure = database.transaction(async (tx) => {
      tx.write(INSERT, [1, 'a']);
      await Promise.reject(new TypeError('a mistake of the program'));
    });
    await expect(failure).rejects.toThrow(TypeError);
    expect(await ids()).toEqual([]);
  });

  test('are refused after the end of the transaction', async () => {
    const kept = await database.transaction(async (tx) => await Promise.resolve(tx));
    expect(() => {
      kept.write(INSERT, [1, 'a']);
    }).toThrow('after its end');
  });
});

describe('the end of a transaction', () => {
  async function ending(work: (tx: OpenTx) => Promise<void>): Promise<unknown[]> {
    const heard: unknown[] = [];
    await database
      .transaction(async (tx) => {
        tx.onEnd((isCommitted) => heard.push(isCommitted));
        await work(tx);
      })
      .then(
        () => heard.push('resolved'),
        () => heard.push('rejected'),
      );
    return heard;
  }

  test('is told to who listens before it is told to who began it', async () => {
    const heard = ending(async (tx) => {
      await tx.execute(INSERT, [1, 'a']);
    });
    expect(await heard).toEqual([true, 'resolved']);
  });

  test('is no commit when the work fails, and none when a write does that nobody waited for', async () => {
    expect(
      await ending(async () => {
        await Promise.reject(new Error('no'));
      }),
    ).toEqual([false, 'rejected']);
    const failing = ending(async (tx) => {
      await tx.execute(INSERT, [1, 'a']);
      tx.write(INSERT, [1, 'again']);
    });
    expect(await failing).toEqual([false, 'rejected']);
  });

  test('cannot be listened for when it is over', async () => {
    const kept = await database.transaction(async (tx) => await Promise.resolve(tx));
    expect(() => {
      kept.onEnd(() => undefined);
    }).toThrow('after its end');
  });
});

test('a query that failed and that nobody waited for is not committed either', async () => {
  const failure = failureOf(
    database.transaction(async (tx) => {
      await tx.execute(INSERT, [1, 'a']);
      void tx.query('select 1/0').catch(() => undefined);
      tx.write(INSERT, [2, 'b']);
    }),
  );
  expect(await failure).toBe('22012');
  expect(await ids()).toEqual([]);
});

test('prepared statements serve many transactions of a connection, also after one in which they failed', async () => {
  const insert = { name: 'insert note', text: INSERT };
  const tryInserting = async (id: number): Promise<string> =>
    await failureOf(
      database.transaction((tx) => {
        tx.write(insert, [id, 'a']);
        tx.write(insert, [id + 100, 'b']);
      }),
    );
  expect(await tryInserting(1)).toBe('none');
  expect(await tryInserting(1)).toBe(UNIQUE_VIOLATION);
  expect(await tryInserting(2)).toBe('none');
  expect(await ids()).toEqual([1, 2, 101, 102]);
});
