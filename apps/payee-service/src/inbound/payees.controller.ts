import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { RawBody, traceparentOf, type TracedRequest } from '@kyc-relay/http';
import { DeletePayeeHandler } from '../handlers/delete-payee.handler';
import type { PartnerCall } from '../handlers/partner-call';
import { RegisterPayeeHandler } from '../handlers/register-payee.handler';
import { RetrievePayeeHandler } from '../handlers/retrieve-payee.handler';
import { UpdatePayeeHandler } from '../handlers/update-payee.handler';
import { AnswerReport } from './answer-report';
import { toCustomer, toRegisteredCustomer } from './customer';
import { PartnerGate } from './partner-gate';
import { done, refused, type RetAnswer } from './ret-code';

/** The partner's payee API, signed. Every answer is HTTP 200 with a `ret_code`, but 413, 429 and 503. */
@Controller('v3/payee')
export class PayeesController {
  constructor(
    @Inject(PartnerGate) private readonly gate: PartnerGate,
    @Inject(AnswerReport) private readonly report: AnswerReport,
    @Inject(RegisterPayeeHandler) private readonly registrations: RegisterPayeeHandler,
    @Inject(RetrievePayeeHandler) private readonly retrievals: RetrievePayeeHandler,
    @Inject(UpdatePayeeHandler) private readonly updates: UpdatePayeeHandler,
    @Inject(DeletePayeeHandler) private readonly deletions: DeletePayeeHandler,
  ) {}

  /** Registers an individual or a business. */
  @Post('register')
  @HttpCode(200)
  async register(@Req() request: TracedRequest, @RawBody() body: Buffer): Promise<RetAnswer> {
    return await this.answer(request, 'register', body, async (call) => {
      const outcome = await this.registrations.handle(call);
      return outcome.ok
        ? done('success', { customer: toRegisteredCustomer(outcome.payee) })
        : refused(outcome);
    });
  }

  /** The whole payee that the keys name, its identity number in clear. */
  @Post('retrieve')
  @HttpCode(200)
  async retrieve(@Req() request: TracedRequest, @RawBody() body: Buffer): Promise<RetAnswer> {
    return await this.answer(request, 'retrieve', body, async (call) => {
      const outcome = await this.retrievals.handle(call);
      return outcome.ok ? done('query success', { customer: toCustomer(outcome.payee) }) : refused(outcome);
    });
  }

  /** Changes the fields given beside the keys. */
  @Post('update')
  @HttpCode(200)
  async update(@Req() request: TracedRequest, @RawBody() body: Buffer): Promise<RetAnswer> {
    return await this.answer(request, 'update', body, async (call) => {
      const outcome = await this.updates.handle(call);
      return outcome.ok ? done('update success') : refused(outcome);
    });
  }

  /** Deletes the payee that the keys name. */
  @Post('delete')
  @HttpCode(200)
  async delete(@Req() request: TracedRequest, @RawBody() body: Buffer): Promise<RetAnswer> {
    return await this.answer(request, 'delete', body, async (call) => {
      const outcome = await this.deletions.handle(call);
      return outcome.ok ? done('delete success') : refused(outcome);
    });
  }

  private async answer(
    request: TracedRequest,
    action: string,
    body: Buffer,
    handle: (call: PartnerCall) => Promise<RetAnswer>,
  ): Promise<RetAnswer> {
    const verdict = this.gate.admit(body);
    const answer = verdict.ok
      ? await handle({ ...verdict.call, traceparent: traceparentOf(request) })
      : verdict.answer;
    this.report.tell(request, action, answer, verdict.ok ? verdict.call.merchantNo : undefined);
    return answer;
  }
}
