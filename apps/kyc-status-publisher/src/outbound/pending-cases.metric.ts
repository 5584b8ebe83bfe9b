import type { Database } from '@kyc-relay/persistence';
import type { Metrics } from '@kyc-relay/telemetry';

/** Counting walks over all pending cases: once a minute is often enough for a limit of hours. */
const COUNT_EVERY_MS = 60_000;

/** Exports how many cases have been pending for longer than `limitHours`. */
export function exportPendingCases(metrics: Metrics, database: Database, limitHours: number): void {
  let countedAt = 0;
  metrics.gauge('relay_pending_over_limit', 'Pending longer than configured', ['kind'], async (gauge) => {
    if (Date.now() - countedAt < COUNT_EVERY_MS) return;
    const rows = await database
      .query<{ cases: number }>(
        `select count(*)::int as cases from kyc.users where pending_since < now() - make_interval(hours => $1)`,
        [limitHours],
      )
      .catch(() => undefined);
    if (!rows) return;
    countedAt = Date.now();
    gauge.set({ kind: 'kyc' }, rows[0]?.cases ?? 0);
  });
}
