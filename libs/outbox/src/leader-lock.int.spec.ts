import { createTestDatabase, eventually, openWire, useCleanup, type TestDatabase } from '@kyc-relay/testing';
import { LeaderLock } from './leader-lock';

const cleanup = useCleanup();
/** Long enough that a busy machine answers in time. */
const SILENCE_MS = 5_000;
let store: TestDatabase;
let running: LeaderLock[] = [];

beforeAll(async () => {
  store = await createTestDatabase(cleanup, { statements: [] });
});

afterEach(async () => {
  for (const lock of running) await lock.stop();
  running = [];
});

/** A lock that says what happened to it. */
function startLock(url: string): { lock: LeaderLock; events: string[] } {
  const events: string[] = [];
  const lock = new LeaderLock(
    { url, channel: 'outbox_ctx', applicationName: 'lock under test', silenceMs: SILENCE_MS },
    {
      onLead: () => events.push('lead'),
      onWake: () => events.push('wake'),
      onLost: () => events.push('lost'),
    },
  );
  running.push(lock);
  lock.start();
  return { lock, events };
}

test('a leader whose server fell silent knows that it leads no more, and another takes over', async () => {
  const wire = await openWire(cleanup, store.url);
  const first = startLock(wire.url);
  await eventually(() => first.lock.isLeader);
  wire.cut();
  await eventually(() => !first.lock.isLeader);
  const second = startLock(store.url);
  await eventually(() => second.lock.isLeader);
  wire.mend();
  await second.lock.stop();
  await eventually(() => first.lock.isLeader);
  expect([first.events, second.events]).toEqual([['lead', 'lost', 'lead'], ['lead']]);
});

/** What a server says when it ends a connection. */
function fatal(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0');
  const length = Buffer.alloc(4);
  length.writeInt32BE(length.length + fields.length);
  return Buffer.concat([Buffer.from('E'), length, fields]);
}

test('a lock that is lost with the very answer is not believed in, and tried for again', async () => {
  let isTold = false;
  const wire = await openWire(cleanup, store.url, (bytes) => {
    if (isTold || !bytes.includes('locked')) return bytes;
    isTold = true;
    return Buffer.concat([bytes, fatal()]);
  });
  const { lock, events } = startLock(wire.url);
  await eventually(() => lock.isLeader);
  const held = await store.query(`select from pg_locks where locktype = 'advisory' and granted and database =
    (select oid from pg_database where datname = current_database())`);
  expect([held.length, events]).toEqual([1, ['lead']]);
});

test('a follower that was cut off comes back by itself', async () => {
  const leader = startLock(store.url);
  await eventually(() => leader.lock.isLeader);
  const wire = await openWire(cleanup, store.url);
  const follower = startLock(wire.url);
  const connections = async (): Promise<number> =>
    (await store.query(`select from pg_stat_activity where application_name = 'lock under test'`)).length;
  await eventually(async () => (await connections()) === 2);
  wire.cut();
  await eventually(async () => (await connections()) === 1);
  wire.mend();
  await leader.lock.stop();
  await eventually(() => follower.lock.isLeader);
  expect(follower.events).toEqual(['lead']);
});

test('a leader that is asked for nothing stays the leader', async () => {
  const { lock, events } = startLock(store.url);
  await eventually(() => lock.isLeader);
  const askedAt = async (): Promise<Date> =>
    (
      await store.query<{ at: Date }>(
        `select query_start as at from pg_stat_activity where application_name = 'lock under test'`,
      )
    )[0]!.at;
  const before = await askedAt();
  await eventually(async () => (await askedAt()).getTime() - before.getTime() > SILENCE_MS);
  expect([lock.isLeader, events]).toEqual([true, ['lead']]);
});
