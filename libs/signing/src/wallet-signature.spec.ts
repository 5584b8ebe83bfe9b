import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signBody, verifyBody } from './wallet-signature';

interface WalletVector {
  origin: string;
  secret: string;
  body: string;
  signature: string;
}
const vectors = JSON.parse(
  readFileSync(join(__dirname, '../vectors/wallet-hmac.json'), 'utf8'),
) as WalletVector[];

describe.each(vectors)('the wallet signature of the $origin vector', ({ secret, body, signature }) => {
  it('is the printed one, of the text and of its bytes', () => {
    expect(signBody(secret, body)).toBe(signature);
    expect(signBody(secret, Buffer.from(body))).toBe(signature);
  });

  it.each<[string, string[], string, string | undefined, boolean]>([
    ['fits its secret', [secret], body, signature, true],
    ['fits while the secret is the first of two', [secret, 'new'], body, signature, true],
    ['fits while the secret is the second of two', ['new', secret], body, signature, true],
    ['fits no other secret', ['new', `${secret} `], body, signature, false],
    ['fits without secrets never', [], body, signature, false],
    ['fits no body with one more space', [secret], `${body} `, signature, false],
    ['fits no re-serialised body', [secret], JSON.stringify(JSON.parse(body)), signature, false],
    ['is mandatory', [secret], body, undefined, false],
    ['is not empty', [secret], body, '', false],
    ['is not cut', [secret], body, signature.slice(0, -1), false],
    ['is padded', [secret], body, signature.replace('=', ''), false],
    ['is not longer', [secret], body, `${signature}=`, false],
    ['is not sent twice', [secret], body, `${signature}, ${signature}`, false],
    ['is not URL-safe base64', [secret], body, signature.replace('/', '_').replace('+', '-'), false],
    ['has no other letter case', [secret], body, signature.toLowerCase(), false],
    ['is the canonical base64 of its bytes', [secret], body, signature.replace('w=', 'x='), false],
    ['is no text beyond ASCII of the same length', [secret], body, 'é'.repeat(signature.length), false],
  ])('%s', (_name, secrets, signed, given, fits) => {
    expect(verifyBody(secrets, signed, given)).toBe(fits);
  });
});

it('signs bytes that are no UTF-8, and secrets by their UTF-8 bytes', () => {
  const bytes = Buffer.from([0xff, 0x00, 0x80]);
  expect(verifyBody(['密钥'], bytes, signBody('密钥', bytes))).toBe(true);
  expect(verifyBody(['密钥'], bytes.toString(), signBody('密钥', bytes))).toBe(false);
});
