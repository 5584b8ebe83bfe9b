import { auditTable } from '@kyc-relay/access';
import { inboxTablesV1 } from '@kyc-relay/messaging';
import { outboxTablesV1 } from '@kyc-relay/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The `kyc` schema: the users' records, what was decided about them, and the context's inbox and outbox. */
export class CreateKyc1763900000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema if not exists kyc`);
    for (const statement of [...TABLES, ...inboxTablesV1('kyc'), ...outboxTablesV1('kyc'), auditTable('kyc')])
      await runner.query(statement);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('migrations go forward only'));
  }
}

const TABLES = [
  // One row a user: the aggregate, and the lock of the user's Kafka key. No index but the key on what changes often, and
  // room on each page, so that most updates stay on their page.
  `create table kyc.users (
     shopee_uid text collate "C" primary key,
     version integer not null default 0,
     told_status smallint check (told_status in (2, 3, 4, 5)),
     told_level smallint check (told_level in (100, 200, 300)),
     approved_level smallint check (approved_level in (100, 200, 300)),
     approved_info jsonb,
     approved_ic_number bytea,
     pending_case_id text,
     pending_level smallint check (pending_level in (100, 200, 300)),
     pending_kind text check (pending_kind in ('SUBMISSION', 'PHOTO')),
     pending_info jsonb,
     pending_ic_number bytea,
     pending_since timestamptz,
     activated boolean not null default false,
     banned boolean not null default false,
     seamless_requested boolean not null default false,
     subscriptions jsonb not null default '{}'
   ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)`,
  `create index users_pending_since on kyc.users (pending_since) where pending_since is not null`,
  // Remembered as long as the history, also over a delete of the record.
  `create table kyc.decided_cases (
     shopee_uid text collate "C" not null,
     case_id text collate "C" not null,
     decided_at timestamptz not null default now(),
     primary key (shopee_uid, case_id)
   )`,
  `create table kyc.user_history (
     id bigint generated always as identity primary key,
     shopee_uid text collate "C" not null,
     at timestamptz not null,
     ce_id text,
     type text not null,
     decision text not null check (decision in ('APPLIED', 'IGNORED', 'REFUSED')),
     reason text,
     by text,
     changes json not null,
     callbacks uuid[] not null default '{}'
   )`,
  `create index user_history_user on kyc.user_history (shopee_uid, id)`,
  // Successful subscription requests of the last day, so that a repeat gets its first answer and a replay no effect.
  `create table kyc.subscription_requests (
     biz_id text not null,
     webhook_id text not null,
     body_sha256 text not null,
     answer json not null,
     created_at timestamptz not null default now(),
     primary key (biz_id, webhook_id)
   )`,
];
