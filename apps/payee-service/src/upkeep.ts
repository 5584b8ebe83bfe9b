import { purgeJob, RepeatingJob, type ServiceParts } from '@kyc-relay/service';
import type { PayeeServiceConfig } from './config';
import { payeePurges } from './outbound/retention';
import { countWaitingPayees } from './outbound/waiting-payees';

/** Scrapes read what was counted last: their number must not decide how often the store counts. */
const COUNT_EVERY_MS = 60_000;

/** What goes on beside the edges: old rows go in small batches, payees that wait for too long are counted. */
export function createUpkeep(parts: ServiceParts, config: PayeeServiceConfig): RepeatingJob[] {
  const { database, logger, metrics } = parts;
  const pending = metrics.gauge('relay_pending_over_limit', 'Pending longer than configured', ['kind']);
  return [
    purgeJob(parts, payeePurges(config)),
    new RepeatingJob(
      {
        name: 'count of waiting payees',
        everyMs: COUNT_EVERY_MS,
        work: async () => {
          pending.set({ kind: 'payee' }, await countWaitingPayees(database, config.pendingLimitHours));
          return undefined;
        },
      },
      logger,
    ),
  ];
}
