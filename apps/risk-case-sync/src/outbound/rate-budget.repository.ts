import type { Database } from '@kyc-relay/persistence';

/** Leave to send one request. */
export interface Permit {
  /** How long to wait before it is sent, in milliseconds. */
  waitMs: number;
  /** The store's clock when it gave the leave, in milliseconds since 1970: the one clock that all replicas share. */
  grantedAt: number;
}

/**
 * The rate of requests to each acquirer, over all replicas and agents: a token bucket that holds one second, kept as the
 * time at which it is empty again.
 */
export class RateBudgetRepository {
  constructor(private readonly database: Database) {}

  /** Takes one token; those that are not there yet are taken ahead, in order. */
  async take(acquirer: string, perSecond: number): Promise<Permit> {
    const rows = await this.database.query<{ wait_ms: number; granted_at: number }>(TAKE, [
      acquirer,
      1 / perSecond,
    ]);
    const [row] = rows;
    if (!row) throw new Error('the rate budget gave no answer');
    return { waitMs: Math.max(0, row.wait_ms), grantedAt: row.granted_at };
  }
}

// `next_at` is when all tokens that were taken will have come. A bucket that is full is one second before now; below one
// request a second it holds one token, or nothing could ever be sent.
const TAKE = `insert into risk.rate_budgets as b (acquirer, next_at)
  values ($1, clock_timestamp() - make_interval(secs => greatest(1, $2::float8)) + make_interval(secs => $2::float8))
  on conflict (acquirer) do update set next_at =
    greatest(b.next_at, clock_timestamp() - make_interval(secs => greatest(1, $2::float8))) + make_interval(secs => $2::float8)
  returning extract(epoch from next_at - clock_timestamp())::float8 * 1000 as wait_ms,
    extract(epoch from clock_timestamp())::float8 * 1000 as granted_at`;
