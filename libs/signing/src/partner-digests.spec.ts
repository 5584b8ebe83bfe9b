import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signPayee, verifyPayee } from './payee-signature';
import { type ReviewFields, saltedDigest, signReview, verifyReview } from './review-signature';
import { canonicalRisk, type RiskObject, type RiskValue, signRisk, verifyRisk } from './risk-signature';

function vectorsOf<T>(name: string): T[] {
  return JSON.parse(readFileSync(join(__dirname, '../vectors', `${name}.json`), 'utf8')) as T[];
}

describe('verifySign of payees', () => {
  const vectors = vectorsOf<{ token: string; fields: Record<string, string>; signature: string }>(
    'payee-md5',
  );

  it.each(vectors)('is the published $signature', ({ token, fields, signature }) => {
    expect(signPayee(fields, token)).toBe(signature);
    for (const sent of [signature, signature.toUpperCase()]) {
      expect(verifyPayee({ ...fields, verifySign: sent }, ['new', token])).toBe(true);
      expect(verifyPayee({ ...fields, verifySign: sent }, [token, 'new'])).toBe(true);
      expect(verifyPayee({ ...fields, verifySign: sent }, ['new'])).toBe(false);
    }
    expect(verifyPayee({ ...fields, verifySign: signature, unknown: 'x' }, [token])).toBe(false);
    expect(verifyPayee({ ...fields, verifySign: signature, empty: '', absent: null }, [token])).toBe(true);
  });

  it.each([undefined, null, '', 'x', 'é'.repeat(32)])('refuses %j', (verifySign) => {
    const parameters = { merchantNo: '202333', ...(verifySign === undefined ? {} : { verifySign }) };
    expect(verifyPayee(parameters, ['token'])).toBe(false);
  });
});

describe('sign of reviews', () => {
  type Vector = { salt: string; signature: string } & ({ canonical: string } | { fields: ReviewFields });
  const vectors = vectorsOf<Vector>('review-salted-digest');
  const checkout = vectors.flatMap((vector) => ('canonical' in vector ? [vector] : []));
  const notifications = vectors.flatMap((vector) => ('fields' in vector ? [vector] : []));

  it.each(checkout)('puts the salt in front as the partner published', ({ salt, canonical, signature }) => {
    expect(saltedDigest('sha256', salt, canonical)).toBe(signature);
  });

  it.each(notifications)('covers five fields: $signature', ({ salt, fields, signature }) => {
    expect(signReview(fields, salt)).toBe(signature);
    const signed = { ...fields, sign: signature };
    expect(verifyReview(signed, ['new', salt])).toBe(true);
    expect(verifyReview({ ...signed, sign: signature.toLowerCase() }, [salt, 'new'])).toBe(true);
    expect(verifyReview(signed, ['new'])).toBe(false);
    expect(verifyReview({ ...signed, bizId: 'other' }, [salt])).toBe(false);
    expect(verifyReview({ ...signed, bizId: `  ${fields.bizId ?? ''} ` }, [salt])).toBe(true);
    expect(verifyReview(fields, [salt])).toBe(false);
  });

  it('leaves blank fields out', () => {
    const fields = { bizId: 'b', bizType: ' ', institutionId: null, signType: 'MD5' };
    expect(signReview(fields, 's')).toBe(saltedDigest('md5', 's', 'bizId=b&signType=MD5'));
  });

  it.each(['SHA256', 'md5', '', undefined])('refuses signType %j though its digest fits', (signType) => {
    const fields = { bizId: 'b', signType };
    expect(verifyReview({ ...fields, sign: signReview(fields, 's') }, ['s'])).toBe(false);
  });
});

describe('sign of risk cases', () => {
  type Vector = {
    accessKey: string;
    fields: Record<string, string | number>;
    canonical: string;
    signature: string;
  };
  it.each(vectorsOf<Vector>('risk-md5'))('$signature', ({ accessKey, fields, canonical, signature }) => {
    const body = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]));
    expect(canonicalRisk(body)).toBe(canonical);
    expect(signRisk(body, accessKey)).toBe(signature);
    expect(verifyRisk({ ...body, sign: signature }, ['new', accessKey])).toBe(true);
    expect(verifyRisk({ ...body, sign: signature }, [accessKey, 'new'])).toBe(true);
    expect(verifyRisk({ ...body, sign: signature }, ['new'])).toBe(false);
    expect(verifyRisk({ ...body, sign: signature, pageSize: '21' }, [accessKey])).toBe(false);
    expect(verifyRisk(body, [accessKey])).toBe(false);
    expect(verifyRisk({ ...body, sign: [signature] }, [accessKey])).toBe(false);
  });

  it.each<[RiskObject, string]>([
    [{}, ''],
    [{ b: '1', a: '2' }, 'a=2&b=1'],
    [{ a: 'x', B: 'y' }, 'B=y&a=x'],
    [{ a: '1', sign: 'S' }, 'a=1'],
    [{ a: '', b: null, c: {}, d: [], e: [{}, ''], f: { g: [null] } }, ''],
    [{ amount: '1.00', flag: 'true' }, 'amount=1.00&flag=true'],
    [{ o: { d: '2', c: '1' }, a: '0' }, 'a=0&o=c=1&d=2'],
    [{ l: ['x', { k: 'v' }, '', ['y', 'z']] }, 'l=x&k=v&y&z'],
  ])('the canonical text of %j', (body, canonical) => {
    expect(canonicalRisk(body satisfies RiskValue)).toBe(canonical);
  });
});
