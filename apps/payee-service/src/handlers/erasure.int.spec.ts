import { newEventId } from '@kyc-relay/contracts';
import { lockKeys } from '@kyc-relay/outbox';
import { useCleanup } from '@kyc-relay/testing';
import { PayeeBed } from '../testbed/payee-bed';
import { individual } from '../testbed/people';
import { findText, tablesOf } from '../testbed/scan-schema';

const cleanup = useCleanup();
let bed: PayeeBed;

beforeAll(async () => {
  bed = await PayeeBed.start(cleanup);
});

const NUMBER = '11010519491231002X';

/** Puts a text into a row of every table; where a table has no row of the payee's, into any text of a new one. */
const PLANTS: Readonly<Record<string, string>> = {
  'payee.payees': `update payee.payees set email = $1`,
  'payee.payee_history': `update payee.payee_history set reason = $1`,
  'payee.review_steps': `insert into payee.review_steps values ('1', 'INST', 'T', $1, 1)`,
  'payee.inbox': `insert into payee.inbox (consumer, source, id) values ('c', 's', $1)`,
  'payee.parked_keys': `insert into payee.parked_keys (consumer, topic, key, code) values ('c', 't', 'k', $1)`,
  'payee.parked_messages': `insert into payee.parked_messages values ('c', 't', 'k', 0, 0, gen_random_uuid(), convert_to($1, 'UTF8'))`,
  'payee.outbox': `insert into payee.outbox (event_id, topic, key, headers, payload)
    values (gen_random_uuid(), 't', 'k', '{}', convert_to($1, 'UTF8'))`,
  'payee.outbox_keys': `insert into payee.outbox_keys values ($1)`,
  'payee.outbox_parked_keys': `insert into payee.outbox_parked_keys values ('t', $1, 'c')`,
  'payee.audit_log': `insert into payee.audit_log (actor, action, target, reason, at) values ('a', 'a', 't', $1, now())`,
};

describe('the scan', () => {
  it('finds a planted value in every table there is', async () => {
    await bed.register(individual(0));
    expect(Object.keys(PLANTS).sort()).toEqual(await tablesOf(bed.database));
    for (const [table, plant] of Object.entries(PLANTS)) {
      const marker = `planted-in-${table}`;
      await bed.database.query(plant, [marker]);
      expect(await findText(bed.database, marker)).toEqual([table]);
    }
    await bed.database.query(`delete from payee.outbox where topic = 't'`);
  });
});

describe('an identity number', () => {
  it('is found in clear in no table, log, metric, event or operator answer of a full life', async () => {
    const person = { ...individual(1), governmentId: NUMBER };
    const customerNo = await bed.register(person);
    await bed.call('register', person);
    await bed.call('register', { ...person, street: 'x' });
    await bed.call('register', { ...person, governmentId: `${NUMBER.slice(0, 17)}1` });
    await bed.call('retrieve', { customerNo });
    await bed.call('update', { customerNo, governmentId: '110101199003079139' });
    await bed.call('update', { customerNo, governmentId: NUMBER });
    await bed.operate('POST', `/${customerNo}/status`, { body: { status: 'Pending', reason: 'x' } });
    const list = await bed.operate('GET', '');
    const history = await bed.operate('GET', `/${customerNo}/history`);
    const seen = [bed.log.text(), await bed.scrape(), JSON.stringify([list, history, await bed.published()])];
    for (const number of [NUMBER, '110101199003079139']) {
      expect(await findText(bed.database, number)).toEqual([]);
      for (const text of seen) expect(text).not.toContain(number);
    }
    // What each of them does hold shows that it was looked at.
    for (const text of seen) expect(text).toMatch(/payee/);
  });
});

describe('a delete', () => {
  it('takes what is personal out of every table and leaves the tombstone', async () => {
    const person = {
      customerCode: 'Kunde-4711',
      dateOfBirth: '1977-03-09',
      email: 'planted.person@grigora.com',
      firstName: '冠',
      governmentId: '440524188001010014',
      lastName: '诸葛',
      phone: '5550007777',
      state: '云南省',
      city: '昆明市',
      street: '翠湖南路九号',
      street2: 'Gebäude 12',
      zip: '650031',
    };
    const customerNo = await bed.register({ ...individual(2), ...person });
    await bed.call('update', { customerNo, street: '文林街七号', phone: '5550008888' });
    const personal = [
      ...Object.values(person).filter((value) => value !== person.governmentId),
      '文林街七号',
      '5550008888',
    ];
    const personalMasked = ['**7777', '**8888', '**0014', '**3-09', '**.com', '**4711'];
    for (const value of [...personal.slice(0, 3), ...personalMasked])
      expect(await findText(bed.database, value)).not.toEqual([]);
    await plantMessages(customerNo, 'planted.person@grigora.com');
    await bed.operate('POST', `/${customerNo}/status`, {
      body: { status: 'Pending', reason: 'as 诸葛 said' },
    });

    expect((await bed.call('delete', { customerNo })).ret_code).toBe('000100');
    await bed.database.query('delete from payee.audit_log where target = $1', [customerNo]);
    for (const value of [...personal, ...personalMasked])
      expect([value, await findText(bed.database, value)]).toEqual([value, []]);
    expect(
      await bed.database.query('select * from payee.payees where customer_no = $1', [customerNo]),
    ).toEqual([
      {
        customer_no: customerNo,
        merchant_no: '202333',
        store_no: '301854',
        version: 4,
        status: 'Pending',
        status_since: expect.any(Date) as Date,
        created_at: expect.any(Date) as Date,
        updated_at: expect.any(Date) as Date,
        deleted_at: expect.any(Date) as Date,
        email: null,
        email_key: null,
        customer_code: null,
        government_id: null,
        profile: null,
      },
    ]);
    for (const table of ['parked_keys', 'parked_messages'])
      expect(await bed.database.query(`select from payee.${table} where key = $1`, [customerNo])).toEqual([]);
    const waiting = await bed.database.query<{ sealed: boolean }>(
      'select sealed from payee.outbox where key = $1',
      [customerNo],
    );
    expect(waiting.map(({ sealed }) => sealed)).toEqual([false, false, false, false]);
    expect((await bed.published(customerNo)).at(-1)).toMatchObject({
      change: 'DELETED',
      version: 4,
      changedFields: [],
    });
  });
});

/** A review of the payee that waits behind a parked key, and one that is a dead letter on its way. */
async function plantMessages(customerNo: string, text: string): Promise<void> {
  const { keyRing, database, outbox } = bed.parts;
  const messageId = newEventId();
  const place = { table: 'payee.parked_messages', column: 'payload', row: messageId };
  await bed.database.query(
    `insert into payee.parked_keys (consumer, topic, key, code) values ('payee-service', 'review.decided.v1', $1, 'x')`,
    [customerNo],
  );
  await bed.database.query(
    `insert into payee.parked_messages values ('payee-service', 'review.decided.v1', $1, 0, 7, $2, $3)`,
    [customerNo, messageId, keyRing.seal(text, place)],
  );
  await database.transaction((tx) => {
    const locked = lockKeys(tx, 'payee', [customerNo]);
    const letter = {
      topic: 'review.decided.v1.dlq',
      eventId: newEventId(),
      lockKey: customerNo,
      key: customerNo,
    };
    outbox.enqueueDeadLetters(locked, [{ ...letter, value: Buffer.from(text), headers: {} }]);
  });
}
