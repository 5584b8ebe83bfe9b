import { Merchant } from '@kyc-relay/config';
import { verifySignOf, type Body } from '../testbed/sign-body';
import { isAuthentic } from './authenticate';
import { readPartnerBody } from './partner-body';

const NOW = Date.parse('2022-11-08T07:02:42Z');

function merchant(change: Partial<Merchant> = {}): Merchant {
  return Object.assign(new Merchant(), {
    merchantNo: '202333',
    stores: ['301854', '301855'],
    tokens: ['new', 'old'],
    ...change,
  });
}

/** Whether a body with this signature is let in. */
function judge(body: Body, verifySign: string, partner: Merchant | undefined): boolean {
  const read = readPartnerBody(Buffer.from(JSON.stringify({ ...body, verifySign })));
  if (!read.ok) throw new Error(read.problem.message);
  const claim = {
    storeNo: read.parameters.get('storeNo') ?? '',
    timestamp: read.parameters.get('timestamp') ?? undefined,
    signed: read.signed,
  };
  return isAuthentic(claim, partner, NOW);
}

const BODY: Body = {
  merchantNo: '202333',
  storeNo: '301854',
  city: '北京',
  street2: '',
  phone: null,
  zip: 100000,
};

describe('a request', () => {
  it.each(['new', 'old'])('is let in when it is signed with the token %s', (token) => {
    expect(judge(BODY, verifySignOf(BODY, token), merchant())).toBe(true);
    expect(judge(BODY, verifySignOf(BODY, token).toUpperCase(), merchant())).toBe(true);
  });

  it.each<[string, Body, string, Merchant | undefined]>([
    ['another token', BODY, verifySignOf(BODY, 'older'), merchant()],
    ['a changed value', { ...BODY, city: '上海' }, verifySignOf(BODY, 'new'), merchant()],
    ['a parameter more', { ...BODY, unknown: 'x' }, verifySignOf(BODY, 'new'), merchant()],
    ['a store that is not its own', BODY, verifySignOf(BODY, 'new'), merchant({ stores: ['1'] })],
    ['a merchant that is not there', BODY, verifySignOf(BODY, 'there is no such merchant'), undefined],
    ['a merchant that is not there, signed well', BODY, verifySignOf(BODY, 'new'), undefined],
    ['no signature of any length', BODY, 'x', merchant()],
  ])('is kept out with %s', (_, body, verifySign, partner) => {
    expect(judge(body, verifySign, partner)).toBe(false);
  });

  it.each<[string, number, boolean]>([
    ['2022-11-08T07:02:42Z', 300, true],
    ['2022-11-08T06:57:42Z', 300, true],
    ['2022-11-08T06:57:41Z', 300, false],
    ['2022-11-08T07:07:42Z', 300, true],
    ['2022-11-08T07:07:43Z', 300, false],
    ['2022-11-08T15:02:42+08:00', 300, true],
    ['2022-11-08 07:02:42', 300, false],
    ['1667890962', 300, false],
    ['yesterday', 300, false],
    ['2012-11-08T07:02:42Z', 0, true],
    ['2022-11-08T07:02:40Z', 1, false],
  ])('with the timestamp %s and a tolerance of %d s is let in: %s', (timestamp, tolerance, expected) => {
    const body = { ...BODY, timestamp };
    const partner = merchant({ timestamp_tolerance_seconds: tolerance });
    expect(judge(body, verifySignOf(body, 'new'), partner)).toBe(expected);
  });

  it('without a timestamp is let in', () => {
    expect(judge(BODY, verifySignOf(BODY, 'new'), merchant())).toBe(true);
  });
});
