import {
  type BusinessKeys,
  readBusinessId,
  signBusinessRequest,
  verifyBusinessRequest,
} from './business-request';
import type { Headers } from './header';

const NOW = 1666755263;
const BODY = Buffer.from('{"action":"SUBSCRIBE","biz_id":"MONEY_PLUS","shopee_uid":"u1"}');
const SECRETS = ['first secret', 'second secret'] as const;
const business: BusinessKeys = { secrets: SECRETS, toleranceSeconds: 300, legacyOnly: false };
const legacy: BusinessKeys = { ...business, legacyOnly: true };

function signedBy(secrets: readonly [string, ...string[]], at = NOW, signed: Uint8Array = BODY): Headers {
  return signBusinessRequest({ bizId: 'MONEY_PLUS', secrets, id: 'req-1', nowSeconds: at, signed });
}
function without(headers: Headers, ...names: string[]): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
function verdictOn(headers: Headers, keys = business, signed = BODY): string {
  const verdict = verifyBusinessRequest({ headers, signed, business: keys, nowSeconds: NOW });
  return verdict.ok ? 'ok' : verdict.code;
}

const good = signedBy(SECRETS);
const TRIO = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

describe('verifyBusinessRequest', () => {
  it.each<[string, Headers, BusinessKeys, string]>([
    ['both signatures by both secrets', good, business, 'ok'],
    ['by the first secret alone', signedBy([SECRETS[0]]), business, 'ok'],
    ['by the second secret alone', signedBy([SECRETS[1]]), business, 'ok'],
    ['by a third secret', signedBy(['third']), business, 'signature.wrong-body-signature'],
    ['no header at all', {}, business, 'signature.wrong-body-signature'],
    ['the trio alone', without(good, 'X-Airpay-Req-H'), business, 'signature.wrong-body-signature'],
    ['the wallet alone', without(good, ...TRIO), business, 'signature.incomplete-webhook-headers'],
    ['the wallet alone, legacy', without(good, ...TRIO), legacy, 'ok'],
    ['both, legacy', good, legacy, 'ok'],
    ['the trio alone, legacy', without(good, 'X-Airpay-Req-H'), legacy, 'signature.wrong-body-signature'],
    ['part of the trio, legacy', without(good, TRIO[0]!), legacy, 'signature.incomplete-webhook-headers'],
    ['a wrong trio, legacy', { ...good, 'webhook-id': 'req-2' }, legacy, 'signature.wrong-webhook-signature'],
    ['an old trio, legacy', signedBy(SECRETS, NOW - 301), legacy, 'signature.stale-timestamp'],
  ])('%s', (_name, headers, keys, expected) => {
    expect(verdictOn(headers, keys)).toBe(expected);
  });

  it.each(TRIO)('needs %s', (name) => {
    expect(verdictOn(without(good, name))).toBe('signature.incomplete-webhook-headers');
  });

  it.each([
    [-301, 'signature.stale-timestamp'],
    [-300, 'ok'],
    [0, 'ok'],
    [300, 'ok'],
    [301, 'signature.stale-timestamp'],
  ])('a timestamp %i s off a tolerance of 300 s: %s', (off, expected) => {
    expect(verdictOn(signedBy(SECRETS, NOW + off))).toBe(expected);
  });

  it('compares whole seconds, so that the tolerance itself is still within', () => {
    const headers = signedBy(SECRETS, NOW - 300);
    const verdict = verifyBusinessRequest({ headers, signed: BODY, business, nowSeconds: NOW + 0.999 });
    expect(verdict.ok).toBe(true);
  });

  it.each([
    '',
    ' ',
    'now',
    '-1',
    '0',
    '01666755263',
    '+1666755263',
    '1666755263.0',
    '1.6e9',
    '0x6358ad3f',
    '1666755263 ',
    '１６６６７５５２６３',
    '9'.repeat(400),
    '1666755263, 1666755263',
  ])('refuses the timestamp %j', (timestamp) => {
    expect(verdictOn({ ...good, 'webhook-timestamp': timestamp })).toBe(
      'signature.incomplete-webhook-headers',
    );
  });

  it.each(['', ' ', 'a b', 'é', 'x'.repeat(257)])('refuses the webhook-id %j', (id) => {
    expect(verdictOn({ ...good, 'webhook-id': id })).toBe('signature.incomplete-webhook-headers');
  });

  it.each(['v1', 'v1,', ',', 'v1,***', 'null', '\u0000', `v1,${'A'.repeat(10_000)}`])(
    'refuses the webhook-signature %j',
    (signature) => {
      expect(verdictOn({ ...good, 'webhook-signature': signature })).toBe(
        'signature.wrong-webhook-signature',
      );
    },
  );

  it.each([
    ['X-Airpay-Req-H', 'signature.wrong-body-signature'],
    ['webhook-id', 'signature.incomplete-webhook-headers'],
    ['webhook-timestamp', 'signature.incomplete-webhook-headers'],
  ])('refuses %s when it comes twice, even with the same value', (name, expected) => {
    const value = String(good[name]);
    expect(verdictOn({ ...good, [name]: [value, value] })).toBe(expected);
    expect(verdictOn({ ...good, [name.toUpperCase()]: value })).toBe(expected);
    expect(verdictOn({ ...good, [name]: `${value}, ${value}` })).toBe(expected);
  });

  it('takes webhook-signature in several headers as one list', () => {
    const stranger = String(signedBy(['stranger'])['webhook-signature']);
    const both = [stranger, String(good['webhook-signature'])];
    expect(verdictOn({ ...good, 'webhook-signature': both })).toBe('ok');
    expect(verdictOn({ ...good, 'webhook-signature': [stranger, stranger] })).toBe(
      'signature.wrong-webhook-signature',
    );
  });

  it.each([(name: string) => name.toLowerCase(), (name: string) => name.toUpperCase()])(
    'reads headers in any case',
    (spell) => {
      const headers = Object.fromEntries(Object.entries(good).map(([name, value]) => [spell(name), value]));
      expect(verdictOn(headers)).toBe('ok');
      expect(readBusinessId(headers)).toBe('MONEY_PLUS');
    },
  );

  it('covers the exact bytes', () => {
    expect(verdictOn(good, business, Buffer.concat([BODY, Buffer.from('\n')]))).toBe(
      'signature.wrong-body-signature',
    );
  });

  it('covers the path with query of a GET', () => {
    const path = Buffer.from('/v1/users/u1/entry?biz_id=MONEY_PLUS');
    const headers = signedBy(SECRETS, NOW, path);
    expect(verdictOn(headers, business, path)).toBe('ok');
    expect(verdictOn(headers, business, Buffer.from('/v1/users/u2/entry?biz_id=MONEY_PLUS'))).toBe(
      'signature.wrong-body-signature',
    );
  });

  it('refuses a business that nobody knows, also with what stands in for its secret', () => {
    for (const headers of [good, signedBy(['nobody']), without(signedBy(['nobody']), ...TRIO)]) {
      const verdict = verifyBusinessRequest({ headers, signed: BODY, business: undefined, nowSeconds: NOW });
      expect(verdict).toEqual({ ok: false, code: 'signature.unknown-business' });
    }
  });

  it('hands on the webhook-id that was verified, and none where a legacy business sent none', () => {
    const request = { signed: BODY, business: legacy, nowSeconds: NOW };
    expect(verifyBusinessRequest({ ...request, headers: good })).toEqual({ ok: true, webhookId: 'req-1' });
    expect(verifyBusinessRequest({ ...request, headers: without(good, ...TRIO) })).toEqual({ ok: true });
  });
});

describe('readBusinessId', () => {
  it.each<[Headers, string | undefined]>([
    [{ 'x-airpay-clientid': 'MONEY_PLUS' }, 'MONEY_PLUS'],
    [{}, undefined],
    [{ 'x-airpay-clientid': undefined }, undefined],
    [{ 'x-airpay-clientid': ['MONEY_PLUS', 'OTHER'] }, undefined],
    [{ 'x-airpay-clientid': 'MONEY_PLUS', 'X-Airpay-ClientId': 'OTHER' }, undefined],
  ])('%j', (headers, bizId) => {
    expect(readBusinessId(headers)).toBe(bizId);
  });
});

describe('signBusinessRequest', () => {
  it('signs the body with the first secret and the webhook with all', () => {
    const headers = signedBy(SECRETS, NOW + 0.9);
    expect(Object.keys(headers)).toEqual(['X-Airpay-ClientId', 'X-Airpay-Req-H', ...TRIO]);
    expect(headers['webhook-timestamp']).toBe(String(NOW));
    expect(headers['X-Airpay-Req-H']).toBe(signedBy([SECRETS[0]])['X-Airpay-Req-H']);
    expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2);
  });
});
