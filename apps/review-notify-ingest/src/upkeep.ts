import { purgeJob, RepeatingJob, type ServiceParts } from '@kyc-relay/service';
import type { ReviewNotifyIngestConfig } from './config';
import { reviewPurges } from './outbound/retention';
import { ReviewViewRepository } from './outbound/review-view.repository';

/** Scrapes read what was counted last: their number must not decide how often the store counts. */
const COUNT_EVERY_MS = 15_000;
const HOUR_MS = 3_600_000;

/** What goes on beside the edges: old rows go in small batches, reviews that are pending for too long are counted. */
export function createUpkeep(parts: ServiceParts, config: ReviewNotifyIngestConfig): RepeatingJob[] {
  const { database, logger, metrics } = parts;
  const view = new ReviewViewRepository(database);
  const pending = metrics.gauge('relay_pending_over_limit', 'Pending longer than configured', ['kind']);
  return [
    purgeJob(parts, reviewPurges(config)),
    new RepeatingJob(
      {
        name: 'count of pending reviews',
        everyMs: COUNT_EVERY_MS,
        work: async () => {
          const before = new Date(Date.now() - config.pendingLimitHours * HOUR_MS);
          pending.set({ kind: 'review' }, await view.countPendingSince(before));
          return undefined;
        },
      },
      logger,
    ),
  ];
}
