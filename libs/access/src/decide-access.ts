import { constantTimeEqual, sha256Hex } from '@kyc-relay/crypto';
import { type Role, roleIncludes } from './role';
import type { AccessToken } from './token-source';

/** `access.unauthenticated`: no token, or none that we know (401). `access.forbidden`: of another role (403). */
export type AccessRefusal = 'access.unauthenticated' | 'access.forbidden';

/** Who may go on, or why not. */
export type AccessVerdict = { ok: true; actor: string } | { ok: false; code: AccessRefusal };

/** RFC 6750, section 2.1: the scheme in any case, one or more spaces, the token. */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * Judges a request by its bearer token.
 *
 * @param tokens the accepted tokens
 * @param authorization the `Authorization` header
 * @param needed the role that the call needs
 */
export function decideAccess(
  tokens: readonly AccessToken[],
  authorization: string | undefined,
  needed: Role,
): AccessVerdict {
  const presented = BEARER.exec(authorization ?? '')?.[1];
  const token = presented === undefined ? undefined : findToken(tokens, sha256Hex(presented));
  if (!token) return { ok: false, code: 'access.unauthenticated' };
  if (!roleIncludes(token.role, needed)) return { ok: false, code: 'access.forbidden' };
  return { ok: true, actor: token.name };
}

/** Looks at every token, so the time does not tell where in the list one was found. */
function findToken(tokens: readonly AccessToken[], sha256: string): AccessToken | undefined {
  return tokens.filter((token) => constantTimeEqual(token.sha256, sha256))[0];
}
