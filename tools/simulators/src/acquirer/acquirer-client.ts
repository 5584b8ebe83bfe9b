import { callHttp } from '../http-call';
import type { AcquirerCase } from './acquirer-case';
import type { FaultRule } from './fault';
import type { PushOrder } from './push-case';

/** Typed client of the simulated acquirer's control API. Rejects with the API's own words when it refuses. */
export class AcquirerControlClient {
  /** `baseUrl`: where the simulators listen, such as `http://127.0.0.1:4700`. */
  constructor(private readonly baseUrl: string) {}

  /** Puts the documentation's examples there, as they stand; a case that is there is replaced. */
  async putExamples(): Promise<void> {
    await this.call('examples', {});
  }

  /** Sets fields of a case; null takes one away. */
  async change(flowNo: string, fields: AcquirerCase): Promise<void> {
    await this.call('change', { flowNo, fields });
  }

  /** Sets something that goes wrong. */
  async misbehave(rule: FaultRule): Promise<void> {
    await this.call('faults', rule);
  }

  /** Pushes a case to the relay, as the acquirer does; the relay's answer. */
  async push(order: PushOrder): Promise<{ status: number; body: string }> {
    return await this.call('push', order);
  }

  private async call<Answer>(action: string, body: object): Promise<Answer> {
    const answer = await callHttp({
      method: 'POST',
      url: `${this.baseUrl}/control/acquirer/${action}`,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    if (answer.status !== 200)
      throw new Error(`POST /control/acquirer/${action}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as Answer;
  }
}
