import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { Actor, readAction, RequireRole } from '@kyc-relay/access';
import { ProblemException, RawBody, readQuery, Traceparent, withoutEmpty } from '@kyc-relay/http';
import { ChangeStatusHandler } from '../handlers/change-status.handler';
import { ViewPayeesHandler, type HistoryItem } from '../handlers/view-payees.handler';
import { toMaskedPayee, type MaskedPayee } from './masked-payee';
import { ChangeStatusDto, ListPayeesDto, PageDto } from './operator.dto';
import { readCustomerNo, readPage, writeCursor } from './read-request';

const CUSTOMER_NO = /^\d{22}$/;
const ROW_ID = /^\d{1,18}$/;

/** The operators' API on payees (payees.md, Status). */
@Controller('v1/payees')
export class OperatorController {
  constructor(
    @Inject(ViewPayeesHandler) private readonly view: ViewPayeesHandler,
    @Inject(ChangeStatusHandler) private readonly moves: ChangeStatusHandler,
  ) {}

  /** A page of payees in the order of their numbers, masked; `next_cursor` is null on the last page. */
  @Get()
  @RequireRole('viewer')
  async list(@Query() query: unknown): Promise<{ items: MaskedPayee[]; next_cursor: string | null }> {
    const { status, merchantNo, ...rest } = readQuery(ListPayeesDto, withoutEmpty(query));
    const filter = {
      ...(status === undefined ? {} : { status }),
      ...(merchantNo === undefined ? {} : { merchantNo }),
    };
    const page = await this.view.list(filter, readPage(rest, CUSTOMER_NO, ''));
    const last = page.payees.at(-1);
    return {
      items: page.payees.map(toMaskedPayee),
      next_cursor: page.hasMore && last ? writeCursor(last.customerNo) : null,
    };
  }

  /** What happened to a payee, oldest first, masked; of a deleted one without any value. 404 when there never was one. */
  @Get(':customerNo/history')
  @RequireRole('viewer')
  async history(
    @Param('customerNo') text: string,
    @Query() query: unknown,
  ): Promise<{ customerNo: string; items: HistoryItem[]; next_cursor: string | null }> {
    const customerNo = readCustomerNo(text);
    const page = readPage(readQuery(PageDto, withoutEmpty(query)), ROW_ID, '0');
    const history = (await this.view.history(customerNo, page)) ?? unknownPayee();
    return {
      customerNo,
      items: history.items,
      next_cursor: history.next === undefined ? null : writeCursor(history.next),
    };
  }

  /** Moves a payee. 404 when it is unknown or deleted, 409 when it cannot move there. */
  @Post(':customerNo/status')
  @HttpCode(200)
  @RequireRole('operator')
  async changeStatus(
    @Param('customerNo') text: string,
    @RawBody() body: Buffer,
    @Actor() actor: string,
    @Traceparent() traceparent: string | undefined,
  ): Promise<MaskedPayee> {
    const customerNo = readCustomerNo(text);
    const { status, reason } = readAction(ChangeStatusDto, body);
    const outcome = await this.moves.handle(customerNo, status, { actor, reason, traceparent });
    switch (outcome.kind) {
      case 'MOVED':
        return toMaskedPayee(outcome.payee);
      case 'IMPOSSIBLE':
        throw new ProblemException(409, 'payee.impossible-move', 'Conflict', {
          detail: `a payee cannot move from ${outcome.from} to ${status}`,
        });
      case 'UNKNOWN':
        return unknownPayee();
    }
  }
}

function unknownPayee(): never {
  throw new ProblemException(404, 'payee.unknown', 'Not Found', { detail: 'there is no such payee' });
}
