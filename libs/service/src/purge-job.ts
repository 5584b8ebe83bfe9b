import { PURGE_BATCH, purgeBatch, type PurgeRule } from '@kyc-relay/persistence';
import { RepeatingJob } from './repeating-job';
import type { ServiceParts } from './service-parts';

const PURGE_EVERY_MS = 600_000;

/** A service's own purge: a batch of each rule, again and again while there are more, and then every ten minutes. */
export function purgeJob(
  { database, logger }: Pick<ServiceParts, 'database' | 'logger'>,
  rules: readonly PurgeRule[],
): RepeatingJob {
  return new RepeatingJob(
    {
      name: 'purge',
      everyMs: PURGE_EVERY_MS,
      work: async () => {
        let more = false;
        const failures: unknown[] = [];
        // A rule that fails must not keep what the others purge.
        for (const rule of rules)
          try {
            more = (await purgeBatch(database, rule)) >= PURGE_BATCH || more;
          } catch (error) {
            failures.push(error);
          }
        if (failures.length > 0) throw failures[0];
        return more;
      },
    },
    logger,
  );
}
