import { Inject, Injectable } from '@nestjs/common';
import type { Business } from '@kyc-relay/config';
import { INFO_FIELDS } from '@kyc-relay/contracts';
import {
  decideEntry,
  newRecord,
  queryFields,
  readHistory,
  UserRepository,
  type EntryAnswer,
  type HistoryItem,
  type KycRecord,
  type QueryAnswer,
} from '@kyc-relay/kyc';
import { Database } from '@kyc-relay/persistence';

/**
 * What is asked about a user. Each answer is one read by primary key, so that it is new on every replica as soon as a
 * change is committed (ADR: no cache).
 */
@Injectable()
export class QueryHandler {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(UserRepository) private readonly users: UserRepository,
  ) {}

  /** `data` of `query-field-result`; a user we know nothing about is nulls and false. */
  async query(business: Business, shopeeUid: string): Promise<QueryAnswer> {
    const record = await this.find(shopeeUid);
    const configured = new Set(business.query_fields);
    return queryFields(record, {
      bizId: business.biz_id,
      requiredLevel: business.required_level,
      queryFields: INFO_FIELDS.filter((field) => configured.has(field)),
    });
  }

  /** What the app shows the user who enters the business. */
  async entry(bizId: string, shopeeUid: string): Promise<EntryAnswer> {
    return decideEntry(await this.find(shopeeUid), bizId);
  }

  /** A page of the user's history, values masked. */
  async history(
    shopeeUid: string,
    page: { after: string; limit: number },
  ): Promise<{ items: HistoryItem[]; next?: string }> {
    return await readHistory(this.database, shopeeUid, page);
  }

  private async find(shopeeUid: string): Promise<KycRecord> {
    return (await this.users.find(this.database, shopeeUid)) ?? newRecord(shopeeUid);
  }
}
