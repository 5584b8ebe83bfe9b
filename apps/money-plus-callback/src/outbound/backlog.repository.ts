import type { Database } from '@kyc-relay/persistence';

/** What waits for one business. */
export interface BusinessBacklog {
  biz_id: string;
  pending: number;
  /** Age of the task that has been pending longest, since it was made or redriven. */
  oldest_seconds: number;
}

/** Measures what waits. Both parts read the index of the oldest pending tasks only. */
export class BacklogRepository {
  constructor(private readonly database: Database) {}

  async measure(): Promise<BusinessBacklog[]> {
    return await this.database.query<BusinessBacklog>(
      `select p.biz_id, p.pending,
         greatest(0, extract(epoch from clock_timestamp() - o.queued_at))::float8 as oldest_seconds
       from (select biz_id, count(*)::integer as pending from money_plus.tasks
             where state = 'PENDING' and position > 0 group by biz_id) p
       cross join lateral (
         select queued_at from money_plus.tasks where biz_id = p.biz_id and state = 'PENDING'
           and position > 0 order by position limit 1
       ) o`,
    );
  }
}
