import { auditPurge } from '@kyc-relay/access';
import type { RetentionSettings } from '@kyc-relay/config';
import type { PurgeRule } from '@kyc-relay/persistence';
import type { RiskCaseSyncConfig } from '../config';

/** For so long a repeated push is recognised (risk-cases.md, "Push"). */
const PUSH_BODY_DAYS = 1;

/** What of the `risk` schema goes when. */
export function riskPurges(config: RetentionSettings<RiskCaseSyncConfig>): PurgeRule[] {
  const { historyRetentionDays } = config;
  return [
    {
      table: 'risk.cases',
      // A case that is open stays: it is still asked for, and would come back as a new one.
      what: 'final and missing cases with their contents',
      keepDays: historyRetentionDays,
      due: `changed_at < {old} and created_at < {old} and (status = 'SHTG' or missing_since < {old})`,
      columns: 'flow_no, agent, created_day, status',
      also: [
        'delete from risk.case_contents c using gone where c.flow_no = gone.flow_no',
        'delete from risk.push_notes n using gone where n.flow_no = gone.flow_no',
        // In one order, as where cases are written, so that the two cannot wait for each other for ever.
        `insert into risk.day_counts as c (agent, day, status, cases)
         select agent, created_day, status, -count(*) from gone group by 1, 2, 3 order by 1, 2, 3
         on conflict (agent, day, status) do update set cases = c.cases + excluded.cases`,
      ],
    },
    {
      table: 'risk.case_history',
      what: 'histories of cases',
      keepDays: historyRetentionDays,
      due: 'observed_at < {old}',
    },
    {
      table: 'risk.pushes',
      what: 'pushes as they came',
      keepDays: historyRetentionDays,
      due: 'received_at < {old}',
      orderBy: 'received_at',
      columns: 'id, flow_no',
      also: [
        // What they said of a case that was never found.
        `delete from risk.push_notes n using gone
         where n.flow_no = gone.flow_no and not exists (select from risk.cases c where c.flow_no = n.flow_no)
           and not exists (
             select from risk.pushes p where p.flow_no = n.flow_no and p.id not in (select id from gone))`,
      ],
    },
    {
      table: 'risk.odd_rows',
      what: 'rows that are no case',
      keepDays: historyRetentionDays,
      due: 'last_seen_at < {old}',
    },
    {
      table: 'risk.push_bodies',
      what: 'the memory of pushes, to recognise repeats',
      keepDays: PUSH_BODY_DAYS,
      due: 'received_at < {old}',
      orderBy: 'received_at',
    },
    {
      table: 'risk.sync_runs',
      what: 'finished runs',
      keepDays: config.runRetentionDays,
      due: 'started_at < {old} and finished_at < {old}',
      orderBy: 'started_at',
    },
    auditPurge('risk', config.auditRetentionDays),
  ];
}
