/**
 * The tables of payees, called by the context's first migration; a change of shape gets a new migration.
 *
 * - `payees`: one row a payee: the aggregate, and the lock of its Kafka key. A deleted one stays as a tombstone without
 *   anything personal, so that its number is never given again. `email_key` is the email as it is compared; `profile`
 *   holds the fields that nothing is looked up by.
 * - `payee_history`: append-only but for a delete, which takes the values out of it.
 * - `review_steps`: the last step seen of each review of a payee, to notice a lost message.
 */
export function payeeTablesV1(schema: string): string[] {
  return [
    `create table ${schema}.payees (
       customer_no text collate "C" primary key check (customer_no ~ '^[0-9]{22}$'),
       merchant_no text collate "C" not null,
       store_no text not null,
       version integer not null check (version > 0),
       status text not null check (status in
         ('Unverified', 'Pending', 'Underreview', 'Activated', 'Declined', 'Deactivated')),
       status_since timestamptz not null,
       email text,
       email_key text collate "C",
       customer_code text collate "C",
       government_id bytea,
       profile jsonb,
       created_at timestamptz not null,
       updated_at timestamptz not null,
       deleted_at timestamptz,
       check (case when deleted_at is null
         then email is not null and email_key is not null and government_id is not null and profile is not null
         else email is null and email_key is null and customer_code is null and government_id is null
           and profile is null end)
     )`,
    // Both are unique per merchant among the payees that are not deleted; retrieve looks them up here too.
    `create unique index payees_email on ${schema}.payees (merchant_no, email_key) where deleted_at is null`,
    `create unique index payees_customer_code on ${schema}.payees (merchant_no, customer_code)
       where deleted_at is null and customer_code is not null`,
    // The operators' list, in the order of the numbers.
    `create index payees_merchant on ${schema}.payees (merchant_no, customer_no) where deleted_at is null`,
    // With `status_since`, so that those that wait for long are counted without a look at the rows.
    `create index payees_status on ${schema}.payees (status, customer_no) include (status_since)
       where deleted_at is null`,
    `create table ${schema}.payee_history (
       id bigint generated always as identity primary key,
       customer_no text collate "C" not null,
       at timestamptz not null,
       type text not null check (type in ('REGISTERED', 'UPDATED', 'STATUS_CHANGED', 'DELETED', 'REVIEW_KEPT')),
       version integer not null,
       status text not null,
       source text not null check (source in ('PARTNER', 'OPERATOR', 'REVIEW')),
       by text not null,
       reason text,
       review jsonb,
       changes jsonb not null
     )`,
    `create index payee_history_payee on ${schema}.payee_history (customer_no, id)`,
    `create table ${schema}.review_steps (
       customer_no text collate "C" not null,
       institution_id text collate "C" not null,
       biz_type text collate "C" not null,
       biz_id text collate "C" not null,
       sequence bigint not null,
       primary key (customer_no, institution_id, biz_type, biz_id)
     ) with (fillfactor = 80)`,
  ];
}
