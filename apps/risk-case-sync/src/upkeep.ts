import type { RegistryFile } from '@kyc-relay/config';
import { purgeJob, RepeatingJob, type ServiceParts } from '@kyc-relay/service';
import type { Metrics } from '@kyc-relay/telemetry';
import type { RiskCaseSyncConfig } from './config';
import { riskPurges } from './outbound/retention';
import { UpkeepRepository, type CopyAge } from './outbound/upkeep.repository';

/** Scrapes read what was counted last: their number must not decide how often the store counts. */
const COUNT_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 2_000;
const HOUR_MS = 3_600_000;

/** What goes on beside the edges and the engine: old rows go in small batches, and gauges are kept. */
export function createUpkeep(parts: ServiceParts, config: RiskCaseSyncConfig): RepeatingJob[] {
  const { database, logger, metrics, registry } = parts;
  const upkeep = new UpkeepRepository(database);
  const pending = metrics.gauge('relay_pending_over_limit', 'Pending longer than configured', ['kind']);
  const missing = metrics.gauge('relay_risk_missing_cases', 'Cases that the partner no longer returns', [
    'agent',
  ]);
  const ages = exportAges(metrics);
  return [
    purgeJob(parts, riskPurges(config)),
    new RepeatingJob(
      {
        name: 'age of the copies',
        everyMs: LOOK_EVERY_MS,
        work: async () => {
          ages.current = await upkeep.copyAges(agentsOf(registry));
          return undefined;
        },
      },
      logger,
    ),
    new RepeatingJob(
      {
        name: 'count of cases',
        everyMs: COUNT_EVERY_MS,
        work: async () => {
          pending.set(
            { kind: 'risk' },
            await upkeep.countPending(new Date(Date.now() - config.pendingLimitHours * HOUR_MS)),
          );
          for (const { agent, cases } of await upkeep.countMissing(agentsOf(registry)))
            missing.set({ agent }, cases);
          return undefined;
        },
      },
      logger,
    ),
  ];
}

/** The age grows with each scrape, also while the store is away and nothing is known anew. */
function exportAges(metrics: Metrics): { current: CopyAge[] } {
  const ages: { current: CopyAge[] } = { current: [] };
  metrics.gauge(
    'relay_sync_age_seconds',
    'Seconds since the copy was as the partner had it',
    ['agent'],
    (gauge) => {
      gauge.reset();
      for (const { agent, since } of ages.current)
        gauge.set({ agent }, Math.max(0, Date.now() - since.getTime()) / 1_000);
    },
  );
  return ages;
}

function agentsOf(registry: RegistryFile): string[] {
  return [...registry.current().agents.keys()];
}
