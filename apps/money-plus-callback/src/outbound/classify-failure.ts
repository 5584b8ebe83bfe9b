import type { Broken } from '../domain/judge-answer';

/** Thrown by the connector when a name resolves to an address that callbacks must not reach. */
export class BlockedAddress extends Error {
  readonly code = 'BLOCKED_ADDRESS';
}

/** Errors of reaching the endpoint at all: refused, no route, no such name. */
const CONNECT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
  'EMFILE',
  'ENFILE',
]);
const DNS_CODE = /^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL|EDNS)/;
const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
/** OpenSSL's handshake and certificate errors. */
const TLS_CODE =
  /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERROR_IN_CERT|EPROTO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_)/;

/**
 * Names a failure of the transport. Several addresses tried at once give an AggregateError, which is named by its first.
 * What fits nowhere broke an exchange that had begun: RESET.
 */
export function classifyFailure(error: unknown): Broken['error'] {
  const code = codeOf(error);
  if (code === 'BLOCKED_ADDRESS') return 'BLOCKED_ADDRESS';
  // The head of the answer alone is over what we read of one.
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'TOO_LARGE';
  if (TIMEOUT_CODES.has(code)) return 'TIMEOUT';
  if (CONNECT_CODES.has(code) || DNS_CODE.test(code)) return 'CONNECT';
  return TLS_CODE.test(code) ? 'TLS' : 'RESET';
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}
