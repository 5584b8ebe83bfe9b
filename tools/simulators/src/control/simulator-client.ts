import type { CheckOptions, DeliveryReport } from '../check-delivery';
import { callHttp } from '../http-call';
import type { RequestCounts } from '../money-plus/count-requests';
import type { EndpointInfo } from '../money-plus/endpoint';
import type { ReceivedFilter, ReceivedRequest } from '../money-plus/received-request';
import type { Rule } from '../money-plus/rule';
import type { StandingRule } from '../money-plus/rule-book';
import type { ReviewSendBody } from '../review-partner/review-control';
import type { ReviewDelivery } from '../review-partner/review-partner';
import { filterQuery } from './control-query';
import type { PublishAnswer, PublishOrder, ReceivedPage, SimulatorInfo, WaitAnswer } from './control-types';

/** What `waitFor` waits for. */
export interface WaitOptions {
  /** How many requests; 1 where left out. */
  count?: number;
  filter?: ReceivedFilter;
  /** ms; 10,000 where left out, at most 600,000. */
  timeout_ms?: number;
}

const ANSWER_GRACE_MS = 30_000;
/** All repeats of a notification take 43 s at the usual scale. */
const LONGEST_DELIVERY_MS = 60_000;

/** Typed client of the simulators' control API. Rejects with the API's own words when it refuses. */
export class SimulatorClient {
  /** `baseUrl`: such as `http://127.0.0.1:4700`. */
  constructor(private readonly baseUrl: string) {}

  /** Whether the simulators are up. */
  async isHealthy(): Promise<boolean> {
    try {
      return (
        (await callHttp({ method: 'GET', url: `${this.baseUrl}/control/health`, timeout_ms: 2000 }))
          .status === 200
      );
    } catch {
      return false;
    }
  }

  /** Ports, modes and further endpoints. */
  async info(): Promise<SimulatorInfo> {
    return await this.call('GET', 'info');
  }

  /** All requests that match, in order of arrival, however many pages they take. */
  async received(filter: ReceivedFilter = {}): Promise<ReceivedRequest[]> {
    const all: ReceivedRequest[] = [];
    let since = filter.since ?? 0;
    for (;;) {
      const page: ReceivedPage = await this.call(
        'GET',
        `received?${filterQuery({ ...filter, since }).toString()}`,
      );
      all.push(...page.items);
      if (page.next >= page.end) return all;
      since = page.next;
    }
  }

  /** Counts of the requests that match. */
  async counts(filter: ReceivedFilter = {}): Promise<RequestCounts> {
    return await this.call('GET', `counts?${filterQuery(filter).toString()}`);
  }

  /** Resolves with the requests waited for, past ones included; rejects when they have not come in time. */
  async waitFor(options: WaitOptions): Promise<ReceivedRequest[]> {
    return (await this.wait(options, true)).items;
  }

  /** As `waitFor`, without the requests themselves: for many. */
  async waitForCount(options: WaitOptions): Promise<number> {
    return (await this.wait(options, false)).count;
  }

  /** Runs `checkDelivery` over all that was received, where it is. */
  async check(options: CheckOptions = {}): Promise<DeliveryReport> {
    return await this.call('POST', 'check', { ...options, redriven: [...(options.redriven ?? [])] });
  }

  /** Sets a rule, or several in order; returns their ids. */
  async rule(rules: Rule | Rule[]): Promise<string[]> {
    return (await this.call<{ ids: string[] }>('POST', 'rules', rules)).ids;
  }

  /** Rules set, with how often each was used. */
  async rules(): Promise<StandingRule[]> {
    return (await this.call<{ rules: StandingRule[] }>('GET', 'rules')).rules;
  }

  /** Takes one rule away, or all. */
  async clearRules(id?: string): Promise<void> {
    await this.call('DELETE', id === undefined ? 'rules' : `rules/${encodeURIComponent(id)}`);
  }

  /** Forgets the requests received. */
  async clearReceived(): Promise<void> {
    await this.call('DELETE', 'received');
  }

  /** Forgets requests and rules. */
  async reset(): Promise<void> {
    await this.call('POST', 'reset');
  }

  /** Opens a further Money+ endpoint on a free port. */
  async openEndpoint(): Promise<EndpointInfo> {
    return await this.call('POST', 'endpoints');
  }

  /** Closes an endpoint's port and cuts its connections. */
  async refuse(endpointId: string): Promise<EndpointInfo> {
    return await this.call('POST', `endpoints/${endpointId}/refuse`);
  }

  /** Makes an endpoint accept connections and reset them at once. */
  async resetConnections(endpointId: string): Promise<EndpointInfo> {
    return await this.call('POST', `endpoints/${endpointId}/reset`);
  }

  /** Opens an endpoint's port again. */
  async accept(endpointId: string): Promise<EndpointInfo> {
    return await this.call('POST', `endpoints/${endpointId}/accept`);
  }

  /** Closes an endpoint for good. */
  async closeEndpoint(endpointId: string): Promise<void> {
    await this.call('DELETE', `endpoints/${endpointId}`);
  }

  /** Has the simulated upstream publish events. */
  async publish(order: PublishOrder): Promise<PublishAnswer> {
    return await this.call('POST', 'upstream', order);
  }

  /** Has the review partner send a notification; resolves when nothing more of it will be sent, or at once where told so. */
  async notifyReview(order: ReviewSendBody): Promise<ReviewDelivery> {
    return await this.call('POST', 'reviews/send', order, LONGEST_DELIVERY_MS);
  }

  /** What the review partner has sent, in order; `since` leaves out that many from the start. */
  async reviewDeliveries(since = 0): Promise<ReviewDelivery[]> {
    return (await this.call<{ deliveries: ReviewDelivery[] }>('GET', `reviews/deliveries?since=${since}`))
      .deliveries;
  }

  private async wait(options: WaitOptions, withItems: boolean): Promise<WaitAnswer> {
    const count = options.count ?? 1;
    const timeout = options.timeout_ms ?? 10_000;
    const query = filterQuery(options.filter ?? {});
    query.set('count', String(count));
    query.set('timeout_ms', String(timeout));
    query.set('items', String(withItems));
    const answer: WaitAnswer = await this.call('GET', `wait?${query.toString()}`, undefined, timeout);
    if (!answer.complete)
      throw new Error(`Waited ${timeout} ms for ${count} requests, but ${answer.count} came.`);
    return answer;
  }

  private async call<Answer>(method: string, path: string, body?: unknown, extraMs = 0): Promise<Answer> {
    const answer = await callHttp({
      method,
      url: `${this.baseUrl}/control/${path}`,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
      timeout_ms: ANSWER_GRACE_MS + extraMs,
    });
    if (answer.status !== 200) throw new Error(`${method} /control/${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as Answer;
  }
}
