import type { KeyRing } from '@kyc-relay/crypto';
import type { Outbox, OutboxMessage } from '@kyc-relay/outbox';
import type { Database, PreparedStatement } from '@kyc-relay/persistence';
import type { AppliedChange } from '../domain/decision';
import { PayeeRowMapper } from './payee-row';

/** A payee that is to be made, and what is told of it. */
export interface NewPayee {
  readonly change: AppliedChange;
  readonly message: OutboxMessage;
}

/** Writes new payees. */
export class NewPayeesRepository {
  private readonly mapper: PayeeRowMapper;
  private readonly statement: PreparedStatement;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    keyRing: KeyRing,
  ) {
    this.mapper = new PayeeRowMapper(keyRing);
    this.statement = {
      name: 'create payees',
      // In the order of the emails, so that two groups that share some wait for each other and do not deadlock.
      text: `with given as materialized (
          select * from json_to_recordset($1::json) as (customer_no text, merchant_no text, store_no text, version int,
            status text, status_since timestamptz, email text, email_key text, customer_code text, government_id text,
            profile jsonb, created_at timestamptz, updated_at timestamptz,
            type text, source text, by text, changes jsonb)
        ), created as (
          insert into payee.payees (customer_no, merchant_no, store_no, version, status, status_since, email, email_key,
            customer_code, government_id, profile, created_at, updated_at)
          select customer_no, merchant_no, store_no, version, status, status_since, email, email_key, customer_code,
            decode(government_id, 'base64'), profile, created_at, updated_at
          from given order by merchant_no, email_key collate "C"
          on conflict do nothing returning customer_no as key
        ), remembered as (
          insert into payee.payee_history (customer_no, at, type, version, status, source, by, changes)
          select customer_no, created_at, type, version, status, source, by, changes
          from given join created on created.key = given.customer_no
        ), told as (${outbox.insertWith('created', 2)})
        select key from created`,
    };
  }

  /**
   * Writes payees with their histories and what is told of them, in one statement: of each all or nothing. Where a number, or
   * a merchant's use of an email or code, is there already, also earlier among these, it waits for whoever is just writing
   * that one and leaves the payee out.
   *
   * @returns the numbers of those that were written
   */
  async create(payees: readonly NewPayee[]): Promise<ReadonlySet<string>> {
    const rows = payees.map(({ change: { payee, entry } }) => ({
      ...this.mapper.toJson(payee),
      type: entry.type,
      source: entry.source,
      by: entry.by,
      changes: entry.changes,
    }));
    const created = await this.database.query<{ key: string }>(this.statement, [
      JSON.stringify(rows),
      this.outbox.serialise(payees.map(({ message }) => message)),
    ]);
    return new Set(created.map(({ key }) => key));
  }
}
