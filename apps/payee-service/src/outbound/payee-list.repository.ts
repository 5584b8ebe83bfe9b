import type { PayeeStatus } from '@kyc-relay/contracts';
import type { KeyRing } from '@kyc-relay/crypto';
import type { Tx } from '@kyc-relay/persistence';
import type { Payee } from '../domain/payee';
import { PAYEE_COLUMNS, PayeeRowMapper, type PayeeRow } from './payee-row';

/** Which payees an operator asks for; what is left out does not restrict. */
export interface PayeeFilter {
  readonly status?: PayeeStatus;
  readonly merchantNo?: string;
}

/** The operators' list of payees that are not deleted. */
export class PayeeListRepository {
  private readonly mapper: PayeeRowMapper;

  constructor(keyRing: KeyRing) {
    this.mapper = new PayeeRowMapper(keyRing);
  }

  /**
   * A page of payees in the order of their numbers.
   *
   * @param page `after`: the last number of the page before, '' for the first
   */
  async list(
    tx: Tx,
    filter: PayeeFilter,
    page: { after: string; limit: number },
  ): Promise<{ payees: Payee[]; hasMore: boolean }> {
    const conditions = ['deleted_at is null', 'customer_no > $1'];
    const values: unknown[] = [page.after];
    const restrict = (column: string, value: string | undefined): void => {
      if (value !== undefined) conditions.push(`${column} = $${values.push(value)}`);
    };
    restrict('status', filter.status);
    restrict('merchant_no', filter.merchantNo);
    const rows = await tx.query<PayeeRow>(
      `select ${PAYEE_COLUMNS} from payee.payees
       where ${conditions.join(' and ')} order by customer_no limit $${values.push(page.limit + 1)}`,
      values,
    );
    return {
      payees: rows.slice(0, page.limit).map((row) => this.mapper.toPayee(row)),
      hasMore: rows.length > page.limit,
    };
  }

  /** Whether there is, or was, a payee of that number. */
  async isKnown(tx: Tx, customerNo: string): Promise<boolean> {
    const rows = await tx.query(`select from payee.payees where customer_no = $1`, [customerNo]);
    return rows.length > 0;
  }
}
