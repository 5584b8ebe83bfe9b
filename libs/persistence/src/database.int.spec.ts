import { createServer, type AddressInfo } from 'node:net';
import {
  createTestDatabase,
  eventually,
  testDatabaseUrl,
  useCleanup,
  type TestDatabase,
} from '@kyc-relay/testing';
import { connect, createDataSource } from './data-source';
import { Database } from './database';
import { isLostRace, isStoreAway } from './store-away';

const cleanup = useCleanup();
let store: TestDatabase;

beforeAll(async () => {
  store = await createTestDatabase(cleanup, {
    statements: ['create table notes (id int primary key, text text not null)'],
  });
});

beforeEach(async () => {
  await store.comeBack();
  await store.query('truncate notes');
});

async function open(url = store.url, poolSize = 4): Promise<Database> {
  const database = new Database(
    createDataSource({ url, schema: 'public', applicationName: 'code under test', poolSize }),
  );
  cleanup.defer(async () => {
    await database.close();
  });
  await database.dataSource.initialize();
  return database;
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('statements', () => {
  test('query gives rows and execute a count, whatever the kind of statement', async () => {
    const database = await open();
    expect(await database.execute(`insert into notes values (1, 'a'), (2, 'b')`)).toBe(2);
    expect(await database.query('select id from notes order by id')).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await database.query(`update notes set text = 'c' where id = 2 returning text`)).toEqual([
      { text: 'c' },
    ]);
    expect(await database.query('delete from notes where id = 1 returning id')).toEqual([{ id: 1 }]);
    expect(await database.execute('delete from notes where id = 1')).toBe(0);
    expect(
      await database.query(`insert into notes values (2, 'd') on conflict do nothing returning id`),
    ).toEqual([]);
  });

  test('a transaction that rejects leaves nothing and gives its connection back', async () => {
    const database = await open(store.url, 1);
    for (let round = 0; round < 3; round += 1) {
      const failure = database.transaction(async (tx) => {
        await tx.execute(`insert into notes values (1, 'a')`);
        throw new TypeError('a mistake of the program');
      });
      await expect(failure).rejects.toThrow(TypeError);
    }
    expect(await database.query('select from notes')).toEqual([]);
  });

  test('a pool opens no more connections than it may', async () => {
    const database = await open(store.url, 3);
    const pids = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const rows = await database.query<{ pid: number }>('select pg_backend_pid() as pid, pg_sleep(0.02)');
        return rows[0]!.pid;
      }),
    );
    expect(new Set(pids).size).toBeLessThanOrEqual(3);
  });
});

describe('a store that goes away', () => {
  test('in the middle of a statement: known as away, and the next call works', async () => {
    const database = await open();
    const failure = errorOf(database.query('select pg_sleep(30)'));
    await eventually(async () => (await store.terminate('code under test')) > 0);
    expect(isStoreAway(await failure)).toBe(true);
    // The pool may hand out a connection once whose end it has not read yet.
    expect(await eventually(async () => await database.query('select 1 as one'))).toEqual([{ one: 1 }]);
  });

  test('between two statements of a transaction: known as away, nothing of it stays', async () => {
    const database = await open();
    const failure = await errorOf(
      database.transaction(async (tx) => {
        await tx.execute(`insert into notes values (1, 'a')`);
        const [{ pid }] = (await tx.query<{ pid: number }>('select pg_backend_pid() as pid')) as [
          { pid: number },
        ];
        await store.terminate('code under test');
        await eventually(
          async () => (await store.query('select from pg_stat_activity where pid = $1', [pid])).length === 0,
        );
        await tx.execute(`insert into notes values (2, 'b')`);
      }),
    );
    expect(failure).toBeDefined();
    expect(isStoreAway(failure)).toBe(true);
    expect(await database.query('select from notes')).toEqual([]);
  });

  test('a transaction that is used after its end is a mistake, not an absent store', async () => {
    const database = await open();
    const kept = await database.transaction(async (tx) => await Promise.resolve(tx));
    const failure = await errorOf(kept.query('select 1'));
    expect(failure).toBeInstanceOf(Error);
    expect(isStoreAway(failure)).toBe(false);
  });

  test('just before the commit: known as away', async () => {
    const database = await open();
    const failure = await errorOf(
      database.transaction(async (tx) => {
        await tx.execute(`insert into notes values (1, 'a')`);
        await store.terminate('code under test');
      }),
    );
    expect(isStoreAway(failure)).toBe(true);
  });

  test('while it lets nobody in: known as away for statements and transactions, and back by itself', async () => {
    const database = await open();
    await store.goAway();
    expect(isStoreAway(await errorOf(database.query('select 1')))).toBe(true);
    expect(isStoreAway(await errorOf(database.transaction(async (tx) => await tx.query('select 1'))))).toBe(
      true,
    );
    await store.comeBack();
    expect(await eventually(async () => await database.query('select 1 as one'))).toEqual([{ one: 1 }]);
  });

  test('idle connections that are ended do not end the process and are replaced', async () => {
    const database = await open();
    await Promise.all([database.query('select 1'), database.query('select 1')]);
    await store.terminate('code under test');
    await eventually(async () => await database.query('select 1'));
  });

  test('before the first connection and after the end: known as away', async () => {
    const unconnected = new Database(
      createDataSource({ url: store.url, schema: 'public', applicationName: 'x', poolSize: 1 }),
    );
    expect(isStoreAway(await errorOf(unconnected.query('select 1')))).toBe(true);
    expect(
      isStoreAway(await errorOf(unconnected.transaction(async (tx) => await tx.query('select 1')))),
    ).toBe(true);
    const closed = await open();
    await closed.close();
    expect(isStoreAway(await errorOf(closed.query('select 1')))).toBe(true);
    await expect(closed.close()).resolves.toBeUndefined();
  });

  test('a mistake in a statement is not taken for an absent store', async () => {
    const database = await open();
    for (const sql of [
      'select * from nowhere',
      'selec 1',
      `select 'x'::int`,
      'select 1/0',
      `select E'\\xff'`,
    ])
      expect(isStoreAway(await errorOf(database.query(sql)))).toBe(false);
    expect(isStoreAway(await errorOf(database.query('select $1::text', ['\0'])))).toBe(false);
  });

  test('two transactions that lock crosswise: one loses a race, the other is done', async () => {
    const database = await open();
    await database.execute(`insert into notes values (1, 'a'), (2, 'b')`);
    const lock = async (first: number, second: number): Promise<unknown> =>
      await errorOf(
        database.transaction(async (tx) => {
          await tx.query('select from notes where id = $1 for update', [first]);
          await eventually(
            async () =>
              // Other test files have transactions of their own on this server.
              (
                await store.query(
                  `select from pg_locks join pg_stat_activity using (pid)
                   where locktype = 'transactionid' and datname = current_database()`,
                )
              ).length >= 2,
          );
          await tx.query('select from notes where id = $1 for update', [second]);
        }),
      );
    const outcomes = await Promise.all([lock(1, 2), lock(2, 1)]);
    expect(outcomes.filter((error) => error === undefined)).toHaveLength(1);
    const loser = outcomes.find((error) => error !== undefined);
    expect(isLostRace(loser)).toBe(true);
    expect(isStoreAway(loser)).toBe(false);
  });
});

describe('connecting', () => {
  test('to a server that shuts down just as it has let us in: known as away, and the process lives', async () => {
    // What a server says in one packet: authenticated, ready, and that it ends the connection.
    const says = (type: string, ...parts: (string | number[])[]): Buffer => {
      const content = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
      const length = Buffer.alloc(4);
      length.writeInt32BE(content.length + 4);
      return Buffer.concat([Buffer.from(type), length, content]);
    };
    const ended = says('E', 'SFATAL\0', 'C57P01\0', 'Mterminating connection\0', '\0');
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.concat([says('R', [0, 0, 0, 0]), says('Z', 'I'), ended])));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanup.defer(() => server.close());
    const url = `postgres://u:p@127.0.0.1:${(server.address() as AddressInfo).port}/d`;
    const dataSource = createDataSource({ url, schema: 'public', applicationName: 'x', poolSize: 1 });
    expect(isStoreAway(await errorOf(dataSource.initialize()))).toBe(true);
  });

  test('waits for a store that is away and comes up with it', async () => {
    await store.goAway();
    const dataSource = createDataSource({
      url: store.url,
      schema: 'public',
      applicationName: 'x',
      poolSize: 1,
    });
    let waited = 0;
    const connected = connect(dataSource, { isAway: isStoreAway, onWait: () => (waited += 1), retryMs: 20 });
    cleanup.defer(async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
    });
    await eventually(() => waited >= 2);
    await store.comeBack();
    expect((await connected).isInitialized).toBe(true);
  });

  test.each([
    ['a missing database', { pathname: '/no_such_database' }],
    ['a wrong port', { port: '1' }],
  ])('%s', async (what, change) => {
    const url = Object.assign(new URL(testDatabaseUrl()), change).href;
    const dataSource = createDataSource({ url, schema: 'public', applicationName: 'x', poolSize: 1 });
    const failure = errorOf(
      connect(dataSource, {
        isAway: isStoreAway,
        onWait: (error) => {
          throw error as Error;
        },
      }),
    );
    expect(isStoreAway(await failure)).toBe(what === 'a wrong port');
  });
});
