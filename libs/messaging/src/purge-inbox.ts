import type { Tx } from '@kyc-relay/persistence';

/**
 * Forgets a batch of old event ids of a context. They must be kept longer than the topics keep their messages, or a message
 * that is read again would count as new.
 *
 * @param rows most rows of the batch
 * @returns how many were forgotten; fewer than `rows` when there are no more
 */
export async function purgeInbox(
  tx: Tx,
  schema: string,
  olderThanDays: number,
  rows: number,
): Promise<number> {
  return await tx.execute(
    `delete from ${schema}.inbox where ctid = any (array (
       select ctid from ${schema}.inbox where received_at < now() - make_interval(days => $1) limit $2))`,
    [olderThanDays, rows],
  );
}
