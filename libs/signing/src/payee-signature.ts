import { joinSorted, matchesHex, md5Hex } from './md5';

/**
 * `verifySign` of the payee API: lower-case hex MD5 of every parameter but itself and the empty ones, sorted,
 * `k=v` joined with `&`, then `&` and the lower-case hex MD5 of the API token.
 * Source: payees.md, "Signature"; vectors `payee-md5.json`.
 */

/** The body's parameters; values as the source text of the JSON (numbers too), null where it says null. */
export type PayeeParameters = Readonly<Record<string, string | null>>;

/** The signature of a body; whether `verifySign` is among the parameters makes no difference. */
export function signPayee(parameters: PayeeParameters, token: string): string {
  const signed = Object.entries(parameters)
    .filter(([name]) => name !== 'verifySign')
    .map(([name, value]) => [name, value ?? ''] as const);
  return md5Hex(`${joinSorted(signed)}&${md5Hex(token)}`);
}

/** Whether the body's `verifySign` fits one of the merchant's tokens. */
export function verifyPayee(parameters: PayeeParameters, tokens: readonly string[]): boolean {
  return matchesHex(
    parameters['verifySign'],
    tokens.map((token) => signPayee(parameters, token)),
  );
}
