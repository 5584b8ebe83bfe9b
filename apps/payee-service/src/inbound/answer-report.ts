import { Inject, Injectable } from '@nestjs/common';
import { remarkOn } from '@kyc-relay/http';
import { Metrics } from '@kyc-relay/telemetry';
import type { RetAnswer } from './ret-code';

/**
 * Says what a partner was answered, in the request's log line and in a metric: almost every answer is HTTP 200, so the
 * status tells nothing.
 */
@Injectable()
export class AnswerReport {
  private readonly answers;

  constructor(@Inject(Metrics) metrics: Metrics) {
    this.answers = metrics.counter('relay_payee_answers_total', 'Answers to partners by ret_code', [
      'action',
      'ret_code',
    ]);
  }

  /** @param merchantNo of a request that has authenticated; otherwise it is whatever somebody wrote */
  tell(request: object, action: string, { ret_code: retCode }: RetAnswer, merchantNo?: string): void {
    this.answers.inc({ action, ret_code: retCode });
    remarkOn(request, { retCode, ...(merchantNo === undefined ? {} : { merchantNo }) });
  }
}
