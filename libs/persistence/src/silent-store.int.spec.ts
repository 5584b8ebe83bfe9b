import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { createTestDatabase, eventually, useCleanup, type TestDatabase } from '@kyc-relay/testing';
import { createDataSource } from './data-source';
import { Database } from './database';
import { isStoreAway } from './store-away';

const cleanup = useCleanup();
let store: TestDatabase;

beforeAll(async () => {
  store = await createTestDatabase(cleanup, {
    statements: ['create table notes (id int primary key, text text not null)'],
  });
});

/** A way to the store that can stop carrying anything without ending a connection, as a cut network does. */
class Wire {
  private isCut = false;
  private readonly sockets: Socket[] = [];
  private readonly server = createServer((near) => {
    const far = createConnection(Number(this.target.port), this.target.hostname);
    this.carry(near, far);
    this.carry(far, near);
  });

  constructor(private readonly target: URL) {}

  /** Opens the wire; the answer is the store's URL through it. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    cleanup.defer(async () => {
      for (const socket of this.sockets) socket.destroy();
      await new Promise((resolve) => this.server.close(resolve));
    });
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  cut(): void {
    this.isCut = true;
  }

  mend(): void {
    this.isCut = false;
  }

  private carry(from: Socket, to: Socket): void {
    this.sockets.push(from);
    from
      .on('data', (bytes) => {
        if (!this.isCut) to.write(bytes);
      })
      .on('error', () => undefined)
      .on('close', () => to.destroy());
  }
}

async function open(url: string): Promise<Database> {
  const database = new Database(
    createDataSource({
      url,
      schema: 'public',
      applicationName: 'code under test',
      poolSize: 1,
      statementTimeoutMs: 1_000,
    }),
  );
  cleanup.defer(async () => {
    await database.close();
  });
  await database.dataSource.initialize();
  return database;
}

test('a store that falls silent in a transaction is known as away, nothing of it stays, and the next call works', async () => {
  const wire = new Wire(new URL(store.url));
  const database = await open(await wire.open());
  const failure = await database
    .transaction(async (tx) => {
      await tx.execute(`insert into notes values (1, 'a')`);
      wire.cut();
      await tx.execute(`insert into notes values (2, 'b')`);
    })
    .catch((error: unknown) => error);
  expect(isStoreAway(failure)).toBe(true);
  wire.mend();
  expect(await eventually(async () => await database.query('select from notes'))).toEqual([]);
});
