import type { PurgeRule } from '@kyc-relay/persistence';

/**
 * What goes of a context's inbox.
 * @param keepDays longer than the topics keep their messages, or a message that is read again would count as new
 */
export function inboxPurge(schema: string, keepDays: number): PurgeRule {
  return {
    table: `${schema}.inbox`,
    what: 'the ids of consumed events',
    keepDays,
    due: 'received_at < {old}',
  };
}
