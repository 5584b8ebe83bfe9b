import { PERSON, SECRETS } from './data-protection/people';
import { ProtectedWorld } from './data-protection/protected-world';
import { findIn, findLeaks, type Places } from './data-protection/scan';
import { plantedCase, tellStory } from './data-protection/story';
import { awaitState } from './world/await-state';
import { listTables, readTable, withStore } from './world/stored-rows';

jest.setTimeout(300_000);

let world: ProtectedWorld;
let places: Places;

beforeAll(async () => {
  world = await ProtectedWorld.start([plantedCase()]);
  await tellStory(world);
  places = await world.places();
});
afterAll(async () => {
  await world.stop();
});

/** Inputs, and dead letters of them, which keep the original bytes; and answers whose contract is to show it. */
const INPUTS = [
  'topic kyc.case-events.v1',
  'topic kyc.case-events.v1.dlq',
  'topic account.events.v1',
  'topic account.events.v1.dlq',
  'answers that show it',
];
/** Where what is personal of a user may stand beside that (platform.md, "Security"). */
const OF_USERS = [
  ...INPUTS,
  'topic kyc.user-events.v1',
  'topic kyc.user-events.v1.dlq',
  'kyc.outbox',
  'kyc.users',
  'money_plus.tasks',
];
const within =
  (allowed: readonly string[]) =>
  (place: string): boolean =>
    allowed.includes(place);

describe('after a full run of every edge', () => {
  it('identity numbers stand in clear in nothing but inputs, their dead letters, and answers that show them', () => {
    const { kyc, payee, review, risk } = PERSON;
    expect(findLeaks(places, kyc.identity, within(INPUTS))).toEqual({});
    expect(
      findLeaks(places, [...payee.identity, ...review.identity, ...risk.identity], within(INPUTS.slice(-1))),
    ).toEqual({});
  });

  it('what else is personal stands only in inputs, user events, records and callback bodies', () => {
    const { kyc, payee, risk } = PERSON;
    expect(findLeaks(places, kyc.other, within(OF_USERS))).toEqual({});
    expect(findLeaks(places, payee.other, within(['payee.payees', 'answers that show it']))).toEqual({});
    expect(findLeaks(places, risk.other, within(['answers that show it']))).toEqual({});
  });

  it('no secret of a partner and no token stands anywhere', () => {
    const { tokens, postgres } = world.running.stack;
    const secrets = [...Object.values(SECRETS), ...Object.values(tokens), new URL(postgres.url).password];
    for (const secret of secrets) expect(secret).toMatch(/\S{8}/);
    expect(findLeaks(places, secrets, () => false)).toEqual({});
  });

  it('they had got there: in clear where they may stand, and masked where they may not', () => {
    const [ic, changedIc, refusedIc] = PERSON.kyc.identity;
    for (const number of [ic, changedIc])
      expect(findIn(places, number)).toContain('topic kyc.case-events.v1');
    expect(findIn(places, refusedIc)).toContain('topic kyc.case-events.v1.dlq');
    expect(findIn(places, PERSON.kyc.other[2])).toEqual(
      expect.arrayContaining([
        'kyc.users',
        'money_plus.tasks',
        'topic kyc.user-events.v1',
        'answers that show it',
      ]),
    );
    expect(findIn(places, PERSON.payee.other[3])).toContain('payee.payees');
    for (const [masked, table] of [
      ['**9932', 'kyc.user_history'],
      ['**8777', 'money_plus.attempts'],
      ['**002X', 'payee.payee_history'],
      ['**4412', 'topic review.decided.v1'],
      ['**8036', 'risk.case_contents'],
      ['**8036', 'risk.case_history'],
    ] as const)
      expect([table, places.get(table)]).toEqual([table, expect.stringContaining(masked)]);
    for (const table of ['risk.pushes', 'review.steps', 'money_plus.attempts', 'payee.audit_log'])
      expect([table, places.get(table)]).toEqual([table, expect.stringMatching(/\S/)]);
  });
});

describe('the scan finds what is planted', () => {
  it('in every column kind of every table', async () => {
    await withStore(world.running.stack.postgres.url, async (client) => {
      const tables = await listTables(client);
      expect(tables.length).toBeGreaterThan(40);
      for (const table of tables) {
        // A row of nothing but planted columns, in a transaction that never is.
        await client.query('begin');
        await client.query(`set local lock_timeout = '20s'`);
        await client.query(`create table pg_temp.plant (like ${table})`);
        const { rows } = await client.query<{ name: string }>(
          `select attname as name from pg_attribute
           where attrelid = 'pg_temp.plant'::regclass and attnum > 0 and attnotnull`,
        );
        for (const { name } of rows)
          await client.query(`alter table pg_temp.plant alter column "${name}" drop not null`);
        for (const [type, value] of [
          ['text', `'planted in ${table}'`],
          ['bytea', `convert_to('planted bytes in ${table}', 'UTF8')`],
          ['jsonb', `jsonb_build_object('deep', jsonb_build_array('planted json in ${table}'))`],
        ] as const) {
          await client.query(`alter table pg_temp.plant add column planted_${type} ${type}`);
          await client.query(`insert into pg_temp.plant (planted_${type}) values (${value})`);
        }
        const planted = new Map([[table, await readTable(client, 'pg_temp.plant')]]);
        for (const what of ['planted', 'planted bytes', 'planted json'])
          expect(findIn(planted, `${what} in ${table}`)).toEqual([table]);
        await client.query('rollback');
      }
    });
  });

  it('in the key, the value and a header of every topic', async () => {
    const producer = world.kafka.producer();
    await producer.connect();
    const planted = (topic: string): string[] =>
      ['key', 'value', 'header'].map((part) => `planted-${part}-${topic}`);
    for (const topic of world.topicNames) {
      const [key = '', value = '', header = ''] = planted(topic);
      await producer.send({ topic, messages: [{ key, value, headers: { planted: header } }] });
    }
    await producer.disconnect();
    await awaitState('all that was planted is read', () =>
      world.topicNames.every((topic) => world.topics.of(topic, planted(topic)[0]).length > 0),
    );
    const now = await world.places();
    for (const topic of world.topicNames)
      for (const value of planted(topic)) expect(findIn(now, value)).toContain(`topic ${topic}`);
  });

  it("in every service's log lines and error answers, by the id that a caller gives", async () => {
    for (const name of world.serviceNames)
      await world.call({
        method: 'GET',
        url: world.url(name, '/nowhere'),
        headers: { 'x-request-id': `planted-in-${name}` },
      });
    await awaitState('the log has them', async () => {
      const now = await world.places();
      return world.serviceNames.every((name) =>
        findIn(now, `planted-in-${name}`).includes('log of the services'),
      );
    });
    const now = await world.places();
    for (const name of world.serviceNames)
      expect(findIn(now, `planted-in-${name}`)).toEqual(['log of the services', 'answers']);
  });

  it("in every service's metrics, by a name that stands in each", () => {
    for (const name of world.serviceNames)
      expect([name, findIn(places, 'relay_outbox_backlog')]).toEqual([
        name,
        expect.arrayContaining([`metrics of ${name}`]),
      ]);
  });

  it('in whatever way a value is written', () => {
    for (const text of [
      'planted 值',
      JSON.stringify({ a: 'planted 值' }),
      'planted \\u503c',
      'planted%20%E5%80%BC',
    ])
      expect(findIn(new Map([['somewhere', text]]), 'planted 值')).toEqual(['somewhere']);
    for (const before of ['', 'x', 'xx', 'xxx']) {
      const bytes = Buffer.from(`${before}planted 值 and more`);
      for (const encoding of ['hex', 'base64'] as const)
        expect(findIn(new Map([['somewhere', bytes.toString(encoding)]]), 'planted 值')).toEqual([
          'somewhere',
        ]);
    }
    expect(findIn(new Map([['somewhere', 'planted']]), 'planted 值')).toEqual([]);
  });
});
