import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@kyc-relay/persistence';
import { readHistory, type HistoryItem } from '../outbound/history.repository';
import type { Payee } from '../domain/payee';
import { PayeeListRepository, type PayeeFilter } from '../outbound/payee-list.repository';

export type { HistoryItem } from '../outbound/history.repository';

/** What operators see. */
@Injectable()
export class ViewPayeesHandler {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PayeeListRepository) private readonly payees: PayeeListRepository,
  ) {}

  /** A page of payees in the order of their numbers. */
  async list(
    filter: PayeeFilter,
    page: { after: string; limit: number },
  ): Promise<{ payees: Payee[]; hasMore: boolean }> {
    return await this.payees.list(this.database, filter, page);
  }

  /** A page of a payee's history, oldest first; undefined when there never was such a payee. */
  async history(
    customerNo: string,
    page: { after: string; limit: number },
  ): Promise<{ items: HistoryItem[]; next?: string } | undefined> {
    const history = await readHistory(this.database, customerNo, page);
    // Every payee has a history from its first moment on; only an empty page needs a look at the record.
    const isKnown = history.items.length > 0 || (await this.payees.isKnown(this.database, customerNo));
    return isKnown ? history : undefined;
  }
}
