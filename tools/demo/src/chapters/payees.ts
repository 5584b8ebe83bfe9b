import { kybReview } from '@kyc-relay/simulators';
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

/** What a payee is looked up by. */
interface Keys {
  email: string;
  customerCode: string;
}

/** A payee of each kind: registered, looked up, changed, reviewed, activated, refused a change, deleted. */
export async function tellPayees(world: World, partners: Partners): Promise<Chapter> {
  const keys = { email: `${world.user('payee')}@example.com`, customerCode: world.user('code') };
  const lines = [
    ...(await tellRefusals(partners, { ...INDIVIDUAL, ...keys })),
    ...(await tellLife(world, partners, 'individual', { ...INDIVIDUAL, ...keys })),
    // The keys are free again once their payee is deleted.
    ...(await tellLife(world, partners, 'business', { ...BUSINESS, ...keys })),
  ];
  return { title: 'A merchant’s payees, moved by KYB results', lines };
}

async function tellRefusals(partners: Partners, fields: Record<string, string> & Keys): Promise<Line[]> {
  const young = await partners.payee('register', { ...fields, dateOfBirth: '2020-01-01' });
  const { city: _, ...homeless } = fields;
  const incomplete = await partners.payee('register', homeless);
  const checksum = await partners.payee('register', { ...fields, governmentId: '110101199003074494' });
  return [
    { what: 'under age', expected: '000023 names dateOfBirth', seen: named(young, 'dateOfBirth') },
    { what: 'without a city', expected: '000020 names city', seen: named(incomplete, 'city') },
    {
      what: 'a wrong checksum',
      expected: '000023 names governmentId',
      seen: named(checksum, 'governmentId'),
    },
  ];
}

async function tellLife(
  world: World,
  partners: Partners,
  kind: string,
  fields: Record<string, string> & Keys,
): Promise<Line[]> {
  const first = await partners.payee('register', fields);
  const customerNo = first.customer?.['customerNo'] ?? '';
  const again = await partners.payee('register', fields);
  const other = await partners.payee('register', { ...fields, city: '上海' });
  const byCode = await partners.payee('retrieve', { customerCode: fields.customerCode });
  const update = await partners.payee('update', { customerNo, street: '中南海' });
  return [
    { what: `${kind} registered`, expected: '000100 success', seen: said(first) },
    { what: 'the same again', expected: 'the same customerNo', seen: sameNo(again.customer, customerNo) },
    { what: 'the same keys, other content', expected: '000022', seen: other.ret_code },
    {
      what: 'retrieved by customerCode',
      expected: `Unverified ${fields['governmentId'] ?? ''}`,
      seen: `${byCode.customer?.['payeeStatus'] ?? ''} ${byCode.customer?.['governmentId'] ?? ''}`,
    },
    { what: 'updated', expected: '000100 update success', seen: said(update) },
    ...(await tellReview(world, partners, customerNo)),
    ...(await tellEnd(partners, customerNo)),
  ];
}

/** The KYB service reviews the payee: what it says moves the payee, over Kafka. */
async function tellReview(world: World, partners: Partners, customerNo: string): Promise<Line[]> {
  const lines: Line[] = [];
  const bizId = `SM${customerNo}`;
  for (const [status, expected] of [
    ['MODIFY', 'Pending'],
    ['PENDING', 'Underreview'],
    ['PASS', 'Activated'],
  ] as const) {
    const ids = { bizId, subClientId: bizId, merchantClientId: customerNo };
    const taken = await partners.notify(kybReview({ ...ids, status }));
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
  return lines;
}

async function tellEnd(partners: Partners, customerNo: string): Promise<Line[]> {
  const refused = await partners.payee('update', { customerNo, street: '长安街' });
  const deleted = await partners.payee('delete', { customerNo });
  const gone = await partners.payee('retrieve', { customerNo });
  return [
    { what: 'update of an activated payee', expected: '000040', seen: refused.ret_code },
    { what: 'deleted', expected: '000100 delete success', seen: said(deleted) },
    { what: 'retrieved after that', expected: '000021', seen: gone.ret_code },
  ];
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
