import type { Database } from '@kyc-relay/persistence';
import { countDays } from './day-counts.repository';

/** By how many cases the partner's count of each month differed from ours when it was last compared. */
export class MonthsRepository {
  constructor(private readonly database: Database) {}

  /** Whether any month was compared yet, or taken as right. */
  async hasAny(agent: string): Promise<boolean> {
    const rows = await this.database.query(`select from risk.month_checks where agent = $1 limit 1`, [agent]);
    return rows.length > 0;
  }

  /** The months that were compared lately, by their first days. */
  async checkedSince(agent: string, seconds: number): Promise<Set<string>> {
    const rows = await this.database.query<{ month: string }>(
      `select month::text from risk.month_checks
       where agent = $1 and checked_at > now() - make_interval(secs => $2)`,
      [agent, seconds],
    );
    return new Set(rows.map(({ month }) => month));
  }

  /** The difference that is known of a month; 0 where none is. */
  async difference(agent: string, month: string): Promise<number> {
    const rows = await this.database.query<{ difference: string }>(
      `select difference from risk.month_checks where agent = $1 and month = $2`,
      [agent, month],
    );
    return Number(rows[0]?.difference ?? 0);
  }

  /** Notes that a month was compared. */
  async note(agent: string, month: string, difference: number): Promise<void> {
    await this.database.execute(
      `insert into risk.month_checks (agent, month, difference, checked_at) values ($1, $2, $3, now())
       on conflict (agent, month) do update set difference = excluded.difference, checked_at = now()`,
      [agent, month, difference],
    );
  }

  /** Notes that months need no comparison yet, since everything has just been read. */
  async assumeRight(agent: string, months: readonly string[]): Promise<void> {
    await this.database.execute(
      `insert into risk.month_checks (agent, month, difference, checked_at)
       select $1, month, 0, now() from unnest($2::date[]) as month on conflict do nothing`,
      [agent, months],
    );
  }

  /** How many cases we have that were created from one day to another, both included. */
  async countOurs(agent: string, firstDay: string, lastDay: string): Promise<number> {
    return await countDays(this.database, agent, firstDay, lastDay);
  }
}
