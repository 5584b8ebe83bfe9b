import type { Database } from '@kyc-relay/persistence';

/** How many payees have waited for documents or a review for longer than so many hours. */
export async function countWaitingPayees(database: Database, longerThanHours: number): Promise<number> {
  const rows = await database.query<{ payees: number }>(
    `select count(*)::int as payees from payee.payees
     where status in ('Pending', 'Underreview') and deleted_at is null
       and status_since < now() - make_interval(hours => $1)`,
    [longerThanHours],
  );
  return rows[0]?.payees ?? 0;
}
