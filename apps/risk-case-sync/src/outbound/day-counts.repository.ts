import type { Tx } from '@kyc-relay/persistence';

/** By how much the number of cases of one agent, day and status changes. */
export interface CountChange {
  agent: string;
  /** `yyyy-MM-dd`. */
  day: string;
  status: string;
  by: number;
}

/**
 * Moves the counts of cases. Call it behind the locks of the cases; the counts are locked in one order, so that two
 * transactions cannot wait for each other for ever.
 */
export async function moveDayCounts(tx: Tx, changes: readonly CountChange[]): Promise<void> {
  const moved = changes.filter(({ by }) => by !== 0);
  if (moved.length === 0) return;
  await tx.execute(
    `insert into risk.day_counts as c (agent, day, status, cases)
     select agent, day, status, by from unnest($1::text[], $2::date[], $3::text[], $4::bigint[]) as n (agent, day, status, by)
     order by agent collate "C", day, status collate "C"
     on conflict (agent, day, status) do update set cases = c.cases + excluded.cases`,
    [
      moved.map(({ agent }) => agent),
      moved.map(({ day }) => day),
      moved.map(({ status }) => status),
      moved.map(({ by }) => by),
    ],
  );
}

/** How many cases of an agent were created from one day to another, both included. */
export async function countDays(tx: Tx, agent: string, firstDay: string, lastDay: string): Promise<number> {
  const rows = await tx.query<{ cases: string | null }>(
    `select sum(cases) as cases from risk.day_counts where agent = $1 and day between $2 and $3`,
    [agent, firstDay, lastDay],
  );
  return Number(rows[0]?.cases ?? 0);
}
