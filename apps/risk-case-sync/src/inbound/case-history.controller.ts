import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { RequireRole } from '@kyc-relay/access';
import { isSafeText, MAX_FLOW_NO_LENGTH } from '@kyc-relay/contracts';
import { badRequest, readQuery } from '@kyc-relay/http';
import { ViewSync, type HistoryItem } from '../handlers/view-sync';
import { PageDto } from './operators.dto';
import { readVersionCursor, writeVersionCursor } from './page-cursor';
import { limitOf, readCursor } from './read-request';

/** What happened to a case, as operators see it (risk-cases.md, Serve). */
@Controller('v1/risk-cases')
export class CaseHistoryController {
  constructor(@Inject(ViewSync) private readonly view: ViewSync) {}

  /** A page of a case's changes, oldest first, masked; none for a case that is not known. */
  @Get(':flowNo/history')
  @RequireRole('viewer')
  async history(
    @Param('flowNo') flowNo: string,
    @Query() query: unknown,
  ): Promise<{ items: HistoryItem[]; next_cursor: string | null }> {
    if (flowNo === '' || flowNo.length > MAX_FLOW_NO_LENGTH || !isSafeText(flowNo))
      throw badRequest([{ field: 'flowNo', message: `must have 1 to ${MAX_FLOW_NO_LENGTH} characters` }]);
    const dto = readQuery(PageDto, query);
    const { items, next } = await this.view.history(
      flowNo,
      readCursor(dto, readVersionCursor) ?? 0,
      limitOf(dto),
    );
    return { items, next_cursor: next === undefined ? null : writeVersionCursor(next) };
  }
}
