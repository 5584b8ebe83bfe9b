import { RepeatingJob, type ServiceParts } from '@kyc-relay/service';
import type { PayeeServiceConfig } from './config';
import { UpkeepRepository } from './outbound/upkeep.repository';

const PURGE_EVERY_MS = 600_000;
/** Scrapes read what was counted last: their number must not decide how often the store counts. */
const COUNT_EVERY_MS = 60_000;

/** What goes on beside the edges: old rows go in small batches, payees that wait for too long are counted. */
export function createUpkeep(parts: ServiceParts, config: PayeeServiceConfig): RepeatingJob[] {
  const { database, logger, metrics } = parts;
  const repository = new UpkeepRepository(database);
  const pending = metrics.gauge('relay_pending_over_limit', 'Pending longer than configured', ['kind']);
  return [
    new RepeatingJob(
      {
        name: 'purge',
        everyMs: PURGE_EVERY_MS,
        work: async () =>
          await repository.purgeBatch({
            history: config.historyRetentionDays,
            inbox: config.inboxRetentionDays,
            audit: config.auditRetentionDays,
          }),
      },
      logger,
    ),
    new RepeatingJob(
      {
        name: 'count of waiting payees',
        everyMs: COUNT_EVERY_MS,
        work: async () => {
          pending.set({ kind: 'payee' }, await repository.countWaiting(config.pendingLimitHours));
          return undefined;
        },
      },
      logger,
    ),
  ];
}
