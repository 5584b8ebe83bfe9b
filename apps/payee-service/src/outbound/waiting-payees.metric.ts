import type { Database } from '@kyc-relay/persistence';
import type { Metrics } from '@kyc-relay/telemetry';

/** Once a minute is often enough for a limit of hours. */
const COUNT_EVERY_MS = 60_000;

/** Exports how many payees have waited in Pending or Underreview for longer than `limitHours`. */
export function exportWaitingPayees(metrics: Metrics, database: Database, limitHours: number): void {
  let countedAt = -COUNT_EVERY_MS;
  metrics.gauge('relay_pending_over_limit', 'Pending longer than configured', ['kind'], async (gauge) => {
    if (performance.now() - countedAt < COUNT_EVERY_MS) return;
    const rows = await database
      .query<{ payees: number }>(
        `select count(*)::int as payees from payee.payees
         where status in ('Pending', 'Underreview') and deleted_at is null
           and status_since < now() - make_interval(hours => $1)`,
        [limitHours],
      )
      .catch(() => undefined);
    if (!rows) return;
    countedAt = performance.now();
    gauge.set({ kind: 'payee' }, rows[0]?.payees ?? 0);
  });
}
