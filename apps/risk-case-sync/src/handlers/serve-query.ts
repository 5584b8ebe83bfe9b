import { Inject, Injectable } from '@nestjs/common';
import type { CaseQuery } from '../domain/case-query';
import type { Zone } from '../domain/zone-time';
import { CaseSearchRepository } from '../outbound/case-search.repository';
import { CasesRepository } from '../outbound/cases.repository';

/** Answers the partner's query from our copy (risk-cases.md, Serve). */
@Injectable()
export class ServeQuery {
  constructor(
    @Inject(CaseSearchRepository) private readonly search: CaseSearchRepository,
    @Inject(CasesRepository) private readonly cases: CasesRepository,
  ) {}

  /** The answer as JSON: each row is the text that the partner last gave, which is not to be parsed and written anew. */
  async run(query: CaseQuery, zone: Zone): Promise<string> {
    const { rows, total } = await this.search.find(query, zone);
    const list = rows.map(({ flowNo, raw }) => this.cases.openRaw(flowNo, raw)).join(',');
    return `{"respMsg":"成功","respData":{"list":[${list}],"totalCount":${total}},"respCode":"00"}`;
  }
}
