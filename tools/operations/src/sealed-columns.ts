/** A column that holds sealed values. */
export interface SealedColumn {
  /** Table with its schema; as in the values' place. */
  table: string;
  /** The column; as in the values' place. */
  column: string;
  /** The column whose text is the row of the values' place. */
  row: string;
  /** Which rows hold a sealed value, where not all do; a condition in SQL. */
  where?: string;
}

/** What every context seals: dead letters on their way out, and messages that wait behind a parked key. */
export function sealedByTransport(schema: string): SealedColumn[] {
  return [
    { table: `${schema}.outbox`, column: 'payload', row: 'event_id', where: 'sealed' },
    { table: `${schema}.parked_messages`, column: 'payload', row: 'message_id' },
  ];
}

/** What the contexts seal beside that. A sealed column that is missing here fails a test. */
export const SEALED_RECORDS: readonly SealedColumn[] = [
  { table: 'kyc.users', column: 'approved_ic_number', row: 'shopee_uid' },
  { table: 'kyc.users', column: 'pending_ic_number', row: 'shopee_uid' },
  { table: 'payee.payees', column: 'government_id', row: 'customer_no' },
  { table: 'review.steps', column: 'body', row: 'event_id' },
  { table: 'risk.case_contents', column: 'raw', row: 'flow_no' },
  { table: 'risk.odd_rows', column: 'raw', row: 'id' },
  { table: 'risk.pushes', column: 'body', row: 'id' },
];
