import { useCleanup } from '@kyc-relay/testing';
import { PayeeBed } from '../testbed/payee-bed';
import { individual } from '../testbed/people';
import type { Body } from '../testbed/sign-body';

const cleanup = useCleanup();
let bed: PayeeBed;

beforeAll(async () => {
  bed = await PayeeBed.start(cleanup);
});

describe('the keys', () => {
  it('name the same payee each alone and all together, from any store', async () => {
    const customerNo = await bed.register(individual(20));
    const keys: Body[] = [
      { customerNo },
      { email: 'Person-20@Grigora.io' },
      { customerCode: 'code-20' },
      { customerNo, email: 'person-20@grigora.io', customerCode: 'code-20' },
      { customerNo, storeNo: '301855' },
    ];
    for (const one of keys) expect((await bed.call('retrieve', one)).customer).toMatchObject({ customerNo });
  });

  it.each<[string, Body, string, string]>([
    ['none', {}, '000020', 'customerNo or email or customerCode is missing'],
    [
      'an empty one',
      { customerNo: '', email: null },
      '000020',
      'customerNo or email or customerCode is missing',
    ],
    ['an unknown number', { customerNo: '9'.repeat(22) }, '000021', 'customerNo names no payee'],
    ['an unknown email', { email: 'nobody@grigora.io' }, '000021', 'email names no payee'],
    ['an unknown code', { customerCode: 'nobody' }, '000021', 'customerCode names no payee'],
    [
      'one known, one unknown',
      { email: 'person-21@grigora.io', customerCode: 'no' },
      '000021',
      'customerCode names no payee',
    ],
    [
      'two payees',
      { email: 'person-21@grigora.io', customerCode: 'code-22' },
      '000022',
      'email name different payees; customerCode name different payees',
    ],
    ['no number', { customerNo: 'abc' }, '000023', 'customerNo must be 22 digits'],
    ['no email', { email: 'abc' }, '000023', 'email must be an email address'],
  ])('that are %s are told by %j', async (_, keys, code, message) => {
    await bed.call('register', individual(21));
    await bed.call('register', individual(22));
    for (const path of ['retrieve', 'update', 'delete'])
      expect(await bed.call(path, keys)).toMatchObject({ status: 200, ret_code: code, ret_msg: message });
  });

  it('of another merchant name nobody', async () => {
    const customerNo = await bed.register(individual(23));
    const theirs = { merchantNo: '202334', storeNo: '301900', timestamp: new Date().toISOString() };
    expect((await bed.call('retrieve', { customerNo, ...theirs }, 'other-token')).ret_code).toBe('000021');
  });
});

describe('update', () => {
  it('changes what is given, as the source does, and leaves the rest', async () => {
    const customerNo = await bed.register(individual(30));
    const change = {
      customerNo,
      customerCode: 'code-30',
      dateOfBirth: '1999-01-02',
      street: '中南海',
      street2: 'No. 123',
      zip: '100001',
    };
    expect((await bed.call('update', change)).text).toBe('{"ret_msg":"update success","ret_code":"000100"}');
    expect((await bed.call('retrieve', { customerNo })).customer).toMatchObject({
      ...individual(30),
      ...change,
    });
    expect(await bed.published(customerNo)).toMatchObject([
      { change: 'REGISTERED', version: 1 },
      { change: 'UPDATED', version: 2, changedFields: ['dateOfBirth', 'zip', 'street', 'street2'] },
    ]);
  });

  it('that changes nothing, or names an empty field, publishes nothing', async () => {
    const customerNo = await bed.register(individual(31));
    for (const change of [{}, { street: '长城' }, { street: '' }, { phone: null }, { phone: 1234567890 }])
      expect((await bed.call('update', { customerNo, ...change })).ret_code).toBe('000100');
    expect(await bed.published(customerNo)).toHaveLength(1);
    expect((await bed.call('retrieve', { customerNo })).customer).toMatchObject({ phone: '1234567890' });
  });

  it('seals a changed identity number anew', async () => {
    const customerNo = await bed.register(individual(32));
    await bed.call('update', { customerNo, governmentId: '11010519491231002x' });
    expect((await bed.call('retrieve', { customerNo })).customer).toMatchObject({
      governmentId: '11010519491231002X',
    });
  });

  it('is judged with what is there: the document, the profile, the country', async () => {
    const customerNo = await bed.register(individual(33));
    const rows: [Body, string, RegExp][] = [
      [{ firstName: 'Jane' }, '000023', /^firstName must be in Chinese/],
      [{ governmentIdType: 'PASSPORT' }, '000100', /success/],
      [{ firstName: 'Jane' }, '000100', /success/],
      [{ governmentIdType: 'ID_CARD' }, '000023', /^firstName must be/],
      [{ profileType: 'BUSINESS' }, '000020', /^company is missing/],
      [{ profileType: 'BUSINESS', company: 'Doe Ltd' }, '000022', /^governmentIdType/],
      [{ dateOfBirth: '2999-01-01' }, '000023', /^dateOfBirth/],
    ];
    for (const [change, code, message] of rows) {
      const answer = await bed.call('update', { customerNo, ...change });
      expect([change, answer.ret_code]).toEqual([change, code]);
      expect(answer.ret_msg).toMatch(message);
    }
  });

  it.each(['Activated', 'Deactivated'])('is refused once %s; a delete is not', async (status) => {
    const customerNo = await bed.register(individual(status === 'Activated' ? 34 : 35));
    await bed.database.query('update payee.payees set status = $2 where customer_no = $1', [
      customerNo,
      status,
    ]);
    expect(await bed.call('update', { customerNo, street: 'x' })).toMatchObject({
      status: 200,
      ret_code: '000040',
      ret_msg: `payeeStatus is ${status}: no update is allowed`,
    });
    expect((await bed.call('delete', { customerNo })).ret_code).toBe('000100');
  });

  it('serves and changes an old record as it is', async () => {
    const customerNo = await bed.register(individual(36));
    await bed.database.query(
      `update payee.payees set profile = profile || '{"firstName": "John", "lastName": "Doe"}' where customer_no = $1`,
      [customerNo],
    );
    expect((await bed.call('retrieve', { customerNo })).customer).toMatchObject({ firstName: 'John' });
    expect((await bed.call('update', { customerNo, street: 'x' })).ret_code).toBe('000100');
  });
});
