import { createHash } from 'node:crypto';

function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex');
}

/** Sorted by name, without empty values, `k=v` joined by `&`. */
function canonical(fields: Readonly<Record<string, string>>): string {
  return Object.keys(fields)
    .filter((name) => fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name] ?? ''}`)
    .join('&');
}

/** `verifySign` of a payee call, as a merchant makes it (`payees.md`, Signature). */
export function signPayee(fields: Readonly<Record<string, string>>, token: string): string {
  return md5(`${canonical(fields)}&${md5(token)}`);
}

/** `sign` of a risk query without nested values, as a client makes it (`risk-cases.md`, Signature). */
export function signRiskQuery(fields: Readonly<Record<string, string | number>>, accessKey: string): string {
  const texts = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  return md5(canonical(texts) + accessKey).toUpperCase();
}
