import { purgeAudit } from '@kyc-relay/access';
import { purgeInbox } from '@kyc-relay/messaging';
import type { Database } from '@kyc-relay/persistence';

/** How long what is kept, in days. */
export interface Retention {
  /** The history of payees. */
  history: number;
  /** The ids of consumed events; longer than a topic keeps its messages. */
  inbox: number;
  /** The audit log. */
  audit: number;
}

/** Rows of one batch: short locks, and little for the replicas to copy at once. */
const BATCH = 1_000;

/** What is done beside the edges. */
export class UpkeepRepository {
  constructor(private readonly database: Database) {}

  /** Removes a batch of each kind; true when there may be more. */
  async purgeBatch({ history, inbox, audit }: Retention): Promise<boolean> {
    const counts = [
      await this.database.execute(
        `delete from payee.payee_history where id in (
           select id from payee.payee_history where at < now() - make_interval(days => $1) order by id limit $2)`,
        [history, BATCH],
      ),
      await purgeInbox(this.database, 'payee', inbox, BATCH),
      await purgeAudit(this.database, 'payee', audit, BATCH),
    ];
    return counts.some((count) => count === BATCH);
  }

  /** How many payees have waited for documents or a review for longer than so many hours. */
  async countWaiting(longerThanHours: number): Promise<number> {
    const rows = await this.database.query<{ payees: number }>(
      `select count(*)::int as payees from payee.payees
       where status in ('Pending', 'Underreview') and deleted_at is null
         and status_since < now() - make_interval(hours => $1)`,
      [longerThanHours],
    );
    return rows[0]?.payees ?? 0;
  }
}
