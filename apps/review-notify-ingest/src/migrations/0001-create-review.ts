import { auditTable } from '@kyc-relay/access';
import { inboxTablesV1 } from '@kyc-relay/messaging';
import { outboxTablesV1 } from '@kyc-relay/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The `review` schema: reviews and their steps, the locks of their Kafka keys, and the context's inbox and outbox. */
export class CreateReview1763960000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema if not exists review`);
    for (const statement of [
      ...TABLES,
      ...inboxTablesV1('review'),
      ...outboxTablesV1('review'),
      auditTable('review'),
    ])
      await runner.query(statement);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('migrations go forward only'));
  }
}

const TABLES = [
  // One row per `merchantClientId`: the lock of its Kafka key, and the memory that its payee was deleted, so that what
  // comes later about it is not kept either.
  `create table review.clients (
     merchant_client_id text collate "C" primary key,
     erased_at timestamptz
   )`,
  `create index clients_erased on review.clients (erased_at) where erased_at is not null`,
  // One row a review, with what its next message is compared with.
  `create table review.reviews (
     id bigint generated always as identity primary key,
     institution_id text collate "C" not null,
     biz_type text collate "C" not null,
     biz_id text collate "C" not null,
     kind text not null check (kind in ('KYB', 'STORE')),
     merchant_client_id text collate "C" not null,
     sub_client_id text not null,
     status text collate "C" not null,
     sequence integer not null,
     content_hash bytea not null,
     first_seen_at timestamptz not null,
     received_at timestamptz not null,
     unique (biz_type, biz_id, institution_id)
   ) with (fillfactor = 80)`,
  `create index reviews_merchant_client on review.reviews (merchant_client_id, id)`,
  // A status may have 1 KiB, an index entry not much more than twice that; equal beginnings are told apart by the row.
  `create index reviews_status on review.reviews (left(status, 64), id)`,
  // What is old enough to be removed lies together; the index costs next to nothing to keep.
  `create index reviews_first_seen on review.reviews using brin (first_seen_at)`,
  // Append-only but for the count of late repeats and the erasure. No foreign key: both rows come in one statement.
  `create table review.steps (
     review_id bigint not null,
     sequence integer not null,
     event_id uuid not null,
     status text not null,
     comment text,
     acc_id text,
     merchant_acc_id text,
     content_hash bytea not null,
     received_at timestamptz not null,
     body bytea,
     late_repeats integer not null default 0,
     last_late_repeat_at timestamptz,
     primary key (review_id, sequence)
   )`,
  // Sealed bytes do not compress.
  `alter table review.steps alter column body set storage external`,
];
