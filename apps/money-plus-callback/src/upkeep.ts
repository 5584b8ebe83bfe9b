import { purgeJob, RepeatingJob, type ServiceParts } from '@kyc-relay/service';
import type { MoneyPlusCallbackConfig } from './config';
import { originsOf } from './delivery/endpoints';
import { BacklogRepository } from './outbound/backlog.repository';
import { CircuitsRepository } from './outbound/circuits.repository';
import { moneyPlusPurges } from './outbound/retention';

/** Scrapes read what was measured last: their number must not decide how often the store counts. */
const MEASURE_EVERY_MS = 5_000;

/** What goes on beside the edges: old rows go in small batches, what waits is measured. */
export function createUpkeep(parts: ServiceParts, config: MoneyPlusCallbackConfig): RepeatingJob[] {
  return [
    purgeJob(parts, moneyPlusPurges(config)),
    new RepeatingJob(
      { name: 'backlog', everyMs: MEASURE_EVERY_MS, work: createBacklogGauges(parts) },
      parts.logger,
    ),
  ];
}

/** Shows what waits for each business, and whose circuit is open (platform.md, "Operation"). */
function createBacklogGauges({ database, metrics, registry }: ServiceParts): () => Promise<undefined> {
  const backlog = new BacklogRepository(database);
  const circuits = new CircuitsRepository(database);
  const labels = ['biz_id'] as const;
  const pending = metrics.gauge('relay_callback_pending', 'Callbacks that wait', labels);
  const oldest = metrics.gauge(
    'relay_callback_oldest_pending_seconds',
    'Age of the oldest callback that waits',
    labels,
  );
  const open = metrics.gauge('relay_circuit_open', 'Endpoints of the business that are down', labels);
  return async () => {
    const waiting = await backlog.measure();
    const broken = await circuits.listOpen();
    for (const gauge of [pending, oldest, open]) {
      gauge.reset();
      // A business for which nothing waits shows as 0, not as missing.
      for (const bizId of registry.current().businesses.keys()) gauge.set({ biz_id: bizId }, 0);
    }
    for (const one of waiting) {
      pending.set({ biz_id: one.biz_id }, one.pending);
      oldest.set({ biz_id: one.biz_id }, one.oldest_seconds);
    }
    for (const { bizId, origin } of broken) {
      const business = registry.current().businesses.get(bizId);
      // The circuit of an endpoint that the business has left says nothing of the one it has now.
      if (business && originsOf(business).has(origin)) open.inc({ biz_id: bizId });
    }
    return undefined;
  };
}
