import { callHttp, SimulatorClient, type ReviewFields, type ReviewSendBody } from '@kyc-relay/simulators';
import { signPayee } from './partner-signatures';
import { RiskDesk } from './risk-desk';
import { urlOf, type Registry, type Stack } from './stack';

/** A payee call's answer, as far as the story reads it. */
export interface PayeeAnswer {
  ret_code: string;
  ret_msg: string;
  customer?: Record<string, string>;
}

/** The merchant of the story, who signs as its documents say, and the simulated KYB service. */
export class Partners {
  /** Whoever asks for risk cases, and the acquirer that has them. */
  readonly risk: RiskDesk;
  private readonly simulators: SimulatorClient;
  private readonly payeeUrl: string;
  private readonly reviewUrl: string;

  constructor(
    private readonly stack: Stack,
    private readonly registry: Registry,
  ) {
    this.risk = new RiskDesk(stack, registry);
    this.simulators = new SimulatorClient(stack.simulators.url);
    this.payeeUrl = urlOf(stack, 'payee-service');
    this.reviewUrl = urlOf(stack, 'review-notify-ingest');
  }

  /** The merchant calls the payee API. */
  async payee(action: string, fields: Record<string, string>): Promise<PayeeAnswer> {
    const merchant = this.registry.merchants[0];
    const body: Record<string, string> = {
      ...fields,
      merchantNo: merchant?.merchantNo ?? '',
      storeNo: merchant?.stores[0] ?? '',
      timestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    };
    body['verifySign'] = signPayee(body, merchant?.tokens[0] ?? '');
    const { body: answer } = await this.post(`${this.payeeUrl}/v3/payee/${action}`, body);
    return JSON.parse(answer) as PayeeAnswer;
  }

  /** The simulated KYB service notifies, without repeats on failure; gives status and body of the last answer. */
  async notify(message: ReviewFields, how: Omit<ReviewSendBody, 'message'> = {}): Promise<string> {
    const { attempts } = await this.simulators.notifyReview({ message, repeats: 0, ...how });
    const last = attempts.at(-1);
    return last ? `${last.status} ${last.answer}` : 'nothing was sent';
  }

  /** A review as operators see it. */
  async review(bizType: string, bizId: string): Promise<{ history: { sequence: number; status: string }[] }> {
    const answer = await callHttp({
      method: 'GET',
      url: `${this.reviewUrl}/v1/reviews/${bizType}/${bizId}`,
      headers: { authorization: `Bearer ${this.stack.tokens.viewer}` },
    });
    return JSON.parse(answer.body) as { history: { sequence: number; status: string }[] };
  }

  private async post(url: string, body: object): Promise<{ status: number; body: string }> {
    return await callHttp({
      method: 'POST',
      url,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      timeout_ms: 15_000,
    });
  }
}
