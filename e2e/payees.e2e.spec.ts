import { individual, MERCHANT, post } from './payees/partners';
import { CHANGED, PayeeWorld } from './payees/payee-world';
import { awaitState } from './world/await-state';
import { eventually } from './world/eventually';

jest.setTimeout(120_000);

const IDENTITY_NUMBER = '110101199003074493';

/** Published in the partner's documentation; posted as it stands there. */
const PUBLISHED = {
  city: '北京',
  country: '中国',
  countryCode: 'CN',
  customerCode: '1667198337',
  dateOfBirth: '1999-01-01',
  email: '1667198337@grigora.io',
  firstName: '三',
  governmentId: IDENTITY_NUMBER,
  governmentIdType: 'ID_CARD',
  lastName: '张',
  merchantNo: '202333',
  phone: '1234567890',
  profileType: 'INDIVIDUAL',
  state: '北京',
  storeNo: '301854',
  street: '长城',
  street2: '',
  verifySign: '141803fb1e21ff977d7fa5f68067860a',
  zip: '100000',
};

interface Change {
  event_id: string;
  version: number;
  change: string;
  payeeStatus: string;
}

describe('payees, from the merchant to the reviewer and back', () => {
  let world: PayeeWorld;

  beforeAll(async () => {
    world = await PayeeWorld.start();
  }, 180_000);

  afterAll(async () => {
    await world.stop();
  }, 60_000);

  /** What was told of a payee so far; a copy of a message is told once. */
  function told(customerNo: string): Change[] {
    const changes = world.topics.of(CHANGED, customerNo).map(({ value }) => JSON.parse(value) as Change);
    return [...new Map(changes.map((change) => [change.event_id, change])).values()];
  }

  async function statusOf(customerNo: string): Promise<string | undefined> {
    return (await world.call('retrieve', { customerNo })).customer?.['payeeStatus'];
  }

  it('takes the published registration unchanged, spaced as in the source', async () => {
    const answer = await post(
      world.url('payee-service'),
      'register',
      JSON.stringify(PUBLISHED, undefined, 0),
    );
    expect(answer).toMatchObject({ status: 200, ret_code: '000100', ret_msg: 'success' });
    const spaced = await post(
      world.url('payee-service'),
      'register',
      JSON.stringify(PUBLISHED, undefined, '\n'),
    );
    expect(spaced.customer).toEqual(answer.customer);
  });

  it('moves a payee by what the KYB service says, and fixes it once it is activated', async () => {
    const customerNo = (await world.call('register', individual(1))).customer?.['customerNo'] ?? '';
    for (const [result, status] of [
      ['MODIFY', 'Pending'],
      ['PENDING', 'Underreview'],
      ['PASS', 'Activated'],
    ] as const) {
      expect(await world.notify(customerNo, result)).toBe('200 SUCCESS');
      await eventually(async () => await statusOf(customerNo), status);
    }
    expect(await world.call('update', { customerNo, street: 'x' })).toMatchObject({ ret_code: '000040' });
    expect(await world.notify(customerNo, 'FAILED')).toBe('200 SUCCESS');
    await eventually(async () => await statusOf(customerNo), 'Deactivated');
    expect(await world.call('delete', { customerNo })).toMatchObject({ ret_code: '000100' });
    await eventually(
      () => told(customerNo).map(({ version, change }) => `${version} ${change}`),
      [
        '1 REGISTERED',
        '2 STATUS_CHANGED',
        '3 STATUS_CHANGED',
        '4 STATUS_CHANGED',
        '5 STATUS_CHANGED',
        '6 DELETED',
      ],
    );
  });

  it('registers forty times at once, once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, async () => await world.call('register', individual(2))),
    );
    expect(new Set(answers.map(({ customer }) => customer?.['customerNo'])).size).toBe(1);
    const rivals = await Promise.all(
      Array.from(
        { length: 40 },
        async (_, index) =>
          await world.call('register', { ...individual(3), customerCode: `rival-${index}` }),
      ),
    );
    expect(rivals.map(({ ret_code: code }) => code).sort()).toEqual(
      ['000022', '000100'].flatMap((code) => Array<string>(code === '000100' ? 1 : 39).fill(code)),
    );
  });

  it('has no half payee, whatever is killed while they are registered', async () => {
    const payees = Array.from({ length: 240 }, (_, index) => individual(1_000 + index));
    const answers = new Map<string, Set<string>>();
    let done = 0;
    const work = payees.entries();
    const register = async (): Promise<void> => {
      for (const [, payee] of work) {
        const numbers = new Set<string>();
        for (let time = 0; time < 2; time += 1) {
          const { ret_code: code, customer } = await world.insist('register', payee);
          expect(code).toBe('000100');
          numbers.add(customer?.['customerNo'] ?? '');
        }
        answers.set(payee['email'] ?? '', numbers);
        done += 1;
      }
    };
    const clients = Array.from({ length: 12 }, register);
    for (const [after, which] of [
      [20, 'payee-service'],
      [70, 'payee-service'],
      [120, 'postgres'],
      [170, 'kafka'],
      [200, 'payee-service'],
    ] as const) {
      await awaitState(`${after} registered`, () => done >= after, 60_000);
      world.kill(which);
    }
    await Promise.all(clients);

    expect([...answers.values()].filter((numbers) => numbers.size !== 1)).toEqual([]);
    const rows = await world.query<{ customer_no: string; histories: number }>(
      `select p.customer_no, count(h.id)::int as histories from payee.payees p
       left join payee.payee_history h using (customer_no) where p.email like 'e2e-1___@%' group by 1`,
    );
    expect(rows).toHaveLength(240);
    expect(rows.every(({ histories }) => histories === 1)).toBe(true);
    await awaitState(
      'every payee is told of once',
      () => rows.every(({ customer_no: customerNo }) => told(customerNo).length === 1),
      60_000,
    );
    for (const { customer_no: customerNo } of rows)
      expect(told(customerNo)).toMatchObject([{ version: 1, change: 'REGISTERED' }]);
  });

  it('shows an identity number in clear in no table, topic, log or metric, where others do show', async () => {
    const places = await world.places();
    const planted: Record<string, string> = {
      'payee.payees': 'e2e-1000@grigora.io',
      'payee.payee_history': 'REGISTERED',
      'payee.review_steps': '',
      [CHANGED]: 'customerCode',
      'review.decided.v1': MERCHANT.merchantNo.slice(0, 1),
      logs: '"route":"/v3/payee/register"',
      metrics: 'relay_outbox_published_total',
    };
    for (const [place, text] of Object.entries(planted))
      expect([place, places.get(place)]).toEqual([place, expect.stringContaining(text)]);
    for (const number of [IDENTITY_NUMBER, Buffer.from(IDENTITY_NUMBER).toString('hex')])
      expect([...places].filter(([, text]) => text.includes(number)).map(([place]) => place)).toEqual([]);
  });
});
