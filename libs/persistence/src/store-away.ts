/**
 * SQLSTATE classes and codes that say "the server is not there or is going away", not "this statement is wrong":
 * 08 connection exception, 57P01..57P05 shutdown and idle end, 53 out of resources, 58 system error of the server,
 * 25006 read-only transaction (a failover's old primary), 57014 a statement cut by its timeout.
 */
const AWAY_STATES = /^(08|53|58|57P0|25006|57014)/;

/** Errors of the socket below the driver. */
const AWAY_ERRNOS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);

/**
 * Texts of `pg` and TypeORM that carry no code. "Already released": TypeORM gives a runner up by itself when its
 * connection breaks between two statements. "Not currently accepting connections" has a code (55000), but one that
 * statements can earn too.
 */
const AWAY_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|connection ended|not queryable|not yet established|driver not connected|server closed the connection|query runner already released|not currently accepting connections/i;

/** SQLSTATEs of a transaction that lost a race and is right when simply done again: serialization, deadlock, lock timeout. */
const RACE_STATES = new Set(['40001', '40P01', '55P03']);

function chain(
  error: unknown,
): { code?: unknown; message?: unknown; driverError?: unknown; cause?: unknown }[] {
  const links = [];
  let link: unknown = error;
  while (typeof link === 'object' && link !== null && links.length < 5) {
    const at = link as { code?: unknown; message?: unknown; driverError?: unknown; cause?: unknown };
    links.push(at);
    link = at.driverError ?? at.cause;
  }
  return links;
}

/** Whether the error means that Postgres is away, so that the same work is right once it is back. */
export function isStoreAway(error: unknown): boolean {
  return chain(error).some((link) => {
    const code = typeof link.code === 'string' ? link.code : '';
    const message = typeof link.message === 'string' ? link.message : '';
    return AWAY_ERRNOS.has(code) || AWAY_STATES.test(code) || AWAY_MESSAGES.test(message);
  });
}

/** Whether the transaction lost a race (deadlock, serialization) and is to be repeated at once. */
export function isLostRace(error: unknown): boolean {
  return chain(error).some((link) => typeof link.code === 'string' && RACE_STATES.has(link.code));
}

/** A short, safe name of a store error for logs: the SQLSTATE or errno, never the statement or its values. */
export function nameStoreError(error: unknown): string {
  for (const link of chain(error)) if (typeof link.code === 'string') return link.code;
  return error instanceof Error ? error.name : 'unknown';
}
