import { callHttp, signRequest, SimulatorClient, type ReceivedRequest } from '@kyc-relay/simulators';
import { randomUUID } from 'node:crypto';
import { urlOf, type Stack } from './stack';

/** The business of the story and its secret, as the generated registry has them. */
export const MONEY_PLUS = 'MONEY_PLUS';
const ANSWER_MS = 15_000;

/** An answer, parsed. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
}

/** The outside world of the story: upstream, Money+, and an operator. Everything goes through the real edges. */
export class World {
  readonly simulators: SimulatorClient;
  private readonly publisherUrl: string;
  private readonly callbackUrl: string;

  constructor(
    private readonly stack: Stack,
    private readonly secret: string,
    /** Makes the users of this run new ones, so that the story can be told again on the same data. */
    private readonly run: string,
  ) {
    this.simulators = new SimulatorClient(stack.simulators.url);
    this.publisherUrl = urlOf(stack, 'kyc-status-publisher');
    this.callbackUrl = urlOf(stack, 'money-plus-callback');
  }

  /** A user of this run. */
  user(name: string): string {
    return `${name}-${this.run}`;
  }

  /** Upstream publishes an event over Kafka, or over HTTP. */
  async publish(type: string, data: Record<string, unknown>, via: 'kafka' | 'http' = 'kafka'): Promise<void> {
    // The source's own moment, so that the expected callbacks can be read in it.
    const time = new Date(1_666_755_263_000).toISOString();
    await this.simulators.publish({ via, events: [{ type, data, id: randomUUID(), time }] });
  }

  /** Money+ subscribes a user, signed. */
  async subscribe(uid: string, action: 'SUBSCRIBE' | 'UNSUBSCRIBE' = 'SUBSCRIBE'): Promise<Answer> {
    return await this.signedPost('/v1/subscriptions', { action, biz_id: MONEY_PLUS, shopee_uid: uid });
  }

  /** Money+ asks for a user's fields, signed. */
  async query(uid: string): Promise<Answer<{ retcode: number; data: Record<string, unknown> }>> {
    return await this.signedPost('/v1/kyc/query-field-result', { biz_id: MONEY_PLUS, shopee_uid: uid });
  }

  /** What the app shows the user. */
  async entry(uid: string): Promise<Answer> {
    return await this.get(`${this.publisherUrl}/v1/users/${uid}/entry?biz_id=${MONEY_PLUS}`);
  }

  /** The user's history as operators see it. */
  async history(uid: string): Promise<{ type: string; decision: string; reason?: string }[]> {
    const { body } = await this.get<{ items: { type: string; decision: string; reason?: string }[] }>(
      `${this.publisherUrl}/v1/users/${uid}/history?limit=200`,
    );
    return body.items;
  }

  /** Callback tasks of a user, newest first. */
  async tasks(uid: string): Promise<{ task_id: string; state: string; attempt_count: number }[]> {
    const { body } = await this.get<{ items: { task_id: string; state: string; attempt_count: number }[] }>(
      `${this.callbackUrl}/v1/callback-tasks?shopee_uid=${uid}`,
    );
    return body.items;
  }

  /** One task with its attempts. */
  async task(taskId: string): Promise<{ state: string; attempts: { error: string | null }[] }> {
    const url = `${this.callbackUrl}/v1/callback-tasks/${taskId}`;
    return (await this.get<{ state: string; attempts: { error: string | null }[] }>(url)).body;
  }

  /** An operator redrives a task. */
  async redrive(taskId: string, reason: string): Promise<Answer> {
    return await this.send('POST', `${this.callbackUrl}/v1/callback-tasks/${taskId}/redrive`, { reason });
  }

  /** Waits until Money+ has received so many callbacks of a user, and gives them in order of arrival. */
  async received(uid: string, count: number, success?: boolean): Promise<ReceivedRequest[]> {
    const filter = { shopee_uid: uid, ...(success === undefined ? {} : { success }) };
    return await this.simulators.waitFor({ filter, count, timeout_ms: 30_000 });
  }

  /** Asks again until the answer is as wanted; gives the last answer either way. */
  async until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean, timeoutMs = 20_000): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const answer = await ask();
      if (isWanted(answer) || Date.now() > deadline) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private async signedPost<T = Record<string, unknown>>(path: string, body: object): Promise<Answer<T>> {
    const content = JSON.stringify(body);
    const headers = signRequest({ biz_id: MONEY_PLUS, secret: this.secret, content });
    const answer = await callHttp({
      method: 'POST',
      url: this.publisherUrl + path,
      body: content,
      headers: { ...headers, 'content-type': 'application/json' },
      timeout_ms: ANSWER_MS,
    });
    return { status: answer.status, body: JSON.parse(answer.body) as T };
  }

  private async get<T = Record<string, unknown>>(url: string): Promise<Answer<T>> {
    return await this.send('GET', url);
  }

  private async send<T = Record<string, unknown>>(
    method: string,
    url: string,
    body?: object,
  ): Promise<Answer<T>> {
    const answer = await callHttp({
      method,
      url,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${this.stack.tokens.operator}`, 'content-type': 'application/json' },
      timeout_ms: ANSWER_MS,
    });
    return { status: answer.status, body: JSON.parse(answer.body) as T };
  }
}
