import type { Partners } from '../partners';
import type { Chapter, Line } from '../table';
import type { World } from '../world';

const INDIVIDUAL = {
  city: '北京',
  country: '中国',
  countryCode: 'CN',
  dateOfBirth: '1999-01-01',
  firstName: '三',
  governmentId: '110101199003074493',
  governmentIdType: 'ID_CARD',
  lastName: '张',
  phone: '1234567890',
  profileType: 'INDIVIDUAL',
  state: '北京',
  street: '长城',
  street2: '',
  zip: '100000',
};
const BUSINESS = {
  ...INDIVIDUAL,
  firstName: '白',
  lastName: '李',
  company: '支付宝',
  governmentId: '91310115768225450T',
  governmentIdType: 'BUSINESS_REGISTRATION_CERT',
  profileType: 'BUSINESS',
};

/** A payee of each kind: registered, looked up, changed, reviewed, activated, refused a change, deleted. */
export async function tellPayees(world: World, partners: Partners): Promise<Chapter> {
  const lines: Line[] = [];
  const keys = { email: `${world.user('payee')}@example.com`, customerCode: world.user('code') };
  const first = await partners.payee('register', { ...INDIVIDUAL, ...keys });
  const customerNo = first.customer?.['customerNo'] ?? '';
  const again = await partners.payee('register', { ...INDIVIDUAL, ...keys });
  const other = await partners.payee('register', { ...INDIVIDUAL, ...keys, city: '上海' });
  const young = await partners.payee('register', {
    ...INDIVIDUAL,
    email: `young-${keys.email}`,
    dateOfBirth: '2020-01-01',
  });
  const byCode = await partners.payee('retrieve', { customerCode: keys.customerCode });
  const update = await partners.payee('update', { customerNo, street: '中南海' });
  lines.push(
    { what: 'individual registered', expected: '000100 success', seen: said(first) },
    { what: 'the same again', expected: 'the same customerNo', seen: sameNo(again.customer, customerNo) },
    { what: 'the same keys, other content', expected: '000022', seen: other.ret_code },
    { what: 'under age', expected: '000023 names dateOfBirth', seen: named(young, 'dateOfBirth') },
    {
      what: 'retrieved by customerCode',
      expected: `Unverified ${INDIVIDUAL.governmentId}`,
      seen: `${byCode.customer?.['payeeStatus'] ?? ''} ${byCode.customer?.['governmentId'] ?? ''}`,
    },
    { what: 'updated', expected: '000100 update success', seen: said(update) },
  );
  await tellReview(world, partners, customerNo, lines);
  await tellEnd(partners, { customerNo, ...keys }, lines);
  return { title: 'A merchant’s payees, moved by KYB results', lines };
}

/** The KYB service reviews the payee: what it says moves the payee, over Kafka. */
async function tellReview(
  world: World,
  partners: Partners,
  customerNo: string,
  lines: Line[],
): Promise<void> {
  const bizId = `SM${customerNo}`.slice(0, 32);
  const steps = [
    ['MODIFY', 'Pending'],
    ['PENDING', 'Underreview'],
    ['PASS', 'Activated'],
  ] as const;
  for (const [status, expected] of steps) {
    const message = {
      bizId,
      bizType: 'SM_KYC_REVIEW',
      merchantClientId: customerNo,
      subClientId: bizId,
      status,
    };
    const taken = await partners.notify({ ...message, comment: '' });
    const seen = await world.until(
      async () => (await partners.payee('retrieve', { customerNo })).customer?.['payeeStatus'] ?? '',
      (payeeStatus) => payeeStatus === expected,
    );
    lines.push({
      what: `KYB result ${status}`,
      expected: `200 SUCCESS, ${expected}`,
      seen: `${taken}, ${seen}`,
    });
  }
}

async function tellEnd(
  partners: Partners,
  payee: { customerNo: string; email: string; customerCode: string },
  lines: Line[],
): Promise<void> {
  const refused = await partners.payee('update', { customerNo: payee.customerNo, street: '长安街' });
  const deleted = await partners.payee('delete', { customerNo: payee.customerNo });
  const gone = await partners.payee('retrieve', { customerNo: payee.customerNo });
  const { email, customerCode } = payee;
  const business = await partners.payee('register', { ...BUSINESS, email, customerCode });
  lines.push(
    { what: 'update of an activated payee', expected: '000040', seen: refused.ret_code },
    { what: 'deleted', expected: '000100 delete success', seen: said(deleted) },
    { what: 'retrieved after that', expected: '000021', seen: gone.ret_code },
    { what: 'registered again as a business', expected: '000100 success', seen: said(business) },
  );
}

function said(answer: { ret_code: string; ret_msg: string }): string {
  return `${answer.ret_code} ${answer.ret_msg}`;
}

function sameNo(customer: Record<string, string> | undefined, customerNo: string): string {
  return customer?.['customerNo'] === customerNo ? 'the same customerNo' : 'another customerNo';
}

function named(answer: { ret_code: string; ret_msg: string }, field: string): string {
  return `${answer.ret_code} ${answer.ret_msg.includes(field) ? 'names' : 'does not name'} ${field}`;
}
