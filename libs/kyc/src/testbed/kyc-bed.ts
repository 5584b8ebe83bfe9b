import { randomUUID } from 'node:crypto';
import { KeyRing } from '@kyc-relay/crypto';
import type { Chunk, Fact } from '@kyc-relay/messaging';
import { Outbox } from '@kyc-relay/outbox';
import { createDataSource, Database, type OpenTx } from '@kyc-relay/persistence';
import { createTestDatabase, TEST_DATA_KEYS, type Cleanup, type TestDatabase } from '@kyc-relay/testing';
import { kycMigrations } from '../migrations';
import { UserRepository } from '../store/user.repository';

/** What the specs of the store share: the `kyc` schema in a database of its own. */
export interface KycBed {
  store: TestDatabase;
  database: Database;
  outbox: Outbox;
  users: UserRepository;
  /** Takes everything out again. */
  empty(): Promise<void>;
}

export async function createKycBed(cleanup: Cleanup): Promise<KycBed> {
  const keyRing = KeyRing.parse(TEST_DATA_KEYS);
  const store = await createTestDatabase(cleanup, { migrations: kycMigrations });
  const database = new Database(
    createDataSource({
      url: store.url,
      schema: 'kyc',
      applicationName: 'kyc',
      poolSize: 8,
      plansByKeys: true,
    }),
  );
  await database.dataSource.initialize();
  cleanup.defer(async () => {
    await database.close();
  });
  return {
    store,
    database,
    outbox: new Outbox('kyc', '/kyc-relay/kyc-status-publisher', keyRing),
    users: new UserRepository(keyRing),
    empty: async () => {
      await store.query(
        'truncate kyc.users, kyc.decided_cases, kyc.user_history, kyc.subscription_requests, kyc.outbox',
      );
    },
  };
}

/** An event as the transport hands it to a handler. */
export function factOf(type: string, data: { shopee_uid: string } & Record<string, unknown>): Fact<never> {
  return {
    id: randomUUID(),
    source: '/upstream',
    type: type,
    time: new Date('2022-10-26T02:54:23.999Z'),
    data: data as never,
    key: data.shopee_uid,
    replay: false,
  };
}

/** A chunk of facts none of which was judged before. */
export function chunkOf(tx: OpenTx, facts: Fact[]): Chunk {
  return { arrived: facts, facts: async () => await Promise.resolve(facts), tx };
}
