import type { KeyRing } from '@kyc-relay/crypto';
import type { Outbox, OutboxMessage } from '@kyc-relay/outbox';
import { RowSet, type Database, type PreparedStatement } from '@kyc-relay/persistence';
import type { AppliedChange } from '../domain/decision';
import type { HistoryEntry } from '../domain/history-entry';
import { NEW_PAYEE_COLUMNS, PayeeRowMapper, type NewPayeeRow } from './payee-row';

/** A payee that is to be made, and what is told of it. */
export interface NewPayee {
  readonly change: AppliedChange;
  readonly message: OutboxMessage;
}

/** A payee with the first entry of its history. */
const ROWS = new RowSet<NewPayeeRow & Pick<HistoryEntry, 'type' | 'source' | 'by' | 'changes'>>({
  ...NEW_PAYEE_COLUMNS,
  type: 'text',
  source: 'text',
  by: 'text',
  changes: 'jsonb',
});

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
          select * from ${ROWS.from()} as n
        ), created as (
          insert into payee.payees (customer_no, merchant_no, store_no, version, status, status_since, email, email_key,
            customer_code, government_id, profile, created_at, updated_at)
          select customer_no, merchant_no, store_no, version, status, status_since, email, email_key, customer_code,
            government_id, profile, created_at, updated_at
          from given order by merchant_no, email_key collate "C"
          on conflict do nothing returning customer_no as key
        ), remembered as (
          insert into payee.payee_history (customer_no, at, type, version, status, source, by, changes)
          select customer_no, created_at, type, version, status, source, by, changes
          from given join created on created.key = given.customer_no
        ), told as (${outbox.insertWith('created', 1 + ROWS.parameters)})
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
      ...this.mapper.toNewRow(payee),
      type: entry.type,
      source: entry.source,
      by: entry.by,
      changes: entry.changes,
    }));
    const created = await this.database.query<{ key: string }>(this.statement, [
      ...ROWS.pack(rows),
      ...this.outbox.pack(payees.map(({ message }) => message)),
    ]);
    return new Set(created.map(({ key }) => key));
  }
}
