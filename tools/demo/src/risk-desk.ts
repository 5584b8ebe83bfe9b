import { AcquirerControlClient, callHttp } from '@kyc-relay/simulators';
import { signRiskQuery } from './partner-signatures';
import { urlOf, type Registry, type Stack } from './stack';

/** An answer of the query, as far as the story reads it. */
export interface RiskAnswer {
  respCode: string;
  respMsg: string;
  respData?: { list: Record<string, unknown>[]; totalCount: number };
}

/** One observed change of a case, as operators see it. */
export interface RiskStep {
  version: number;
  source: string;
  changes: { what: string; field: string | null; from: unknown; to: unknown }[];
}

interface SyncRun {
  run_id: string;
  state: string;
  started_at: string;
}

const ANSWER_MS = 15_000;
const PULL_MS = 30_000;

/** The acquirer of the story, a client of its query that asks us instead, and an operator. */
export class RiskDesk {
  readonly acquirer: AcquirerControlClient;
  private readonly url: string;

  constructor(
    private readonly stack: Stack,
    private readonly registry: Registry,
  ) {
    this.acquirer = new AcquirerControlClient(stack.simulators.url);
    this.url = urlOf(stack, 'risk-case-sync');
  }

  /** Where the acquirer pushes to. */
  get notifyUrl(): string {
    return `${this.url}/v1/notify/risk-cases`;
  }

  /** The acquirer's query, on our copy; `key` other than the shared one forges. */
  async query(fields: Record<string, string | number>, key?: string): Promise<RiskAnswer> {
    const client = this.registry.risk_clients[0];
    const body: Record<string, string | number> = {
      accessid: client?.accessid ?? '',
      flowNo: '',
      firstLevelAgentNum: client?.agents[0] ?? '',
      mercNum: '',
      flowStatus: '',
      createTimeBegin: '',
      createTimeEnd: '',
      beginLine: 1,
      pageSize: 20,
      ...fields,
    };
    body['sign'] = signRiskQuery(body, key ?? client?.access_keys[0] ?? '');
    return await this.call('POST', '/v1/risk-cases/query', body);
  }

  /** An operator asks for a run that begins now, and waits for its end; how it ended. */
  async pull(reason: string): Promise<string> {
    const since = new Date().toISOString();
    const deadline = Date.now() + PULL_MS;
    while (Date.now() < deadline) {
      await this.call('POST', '/v1/sync-runs', { reason });
      const { items } = await this.call<{ items: SyncRun[] }>('GET', '/v1/sync-runs');
      // One that was under way already is joined, but may have asked before.
      const ended = items.find((run) => run.started_at >= since && run.state !== 'RUNNING');
      if (ended) return ended.state;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return 'no run has ended';
  }

  /** What happened to a case, oldest first. */
  async history(flowNo: string): Promise<RiskStep[]> {
    return (await this.call<{ items: RiskStep[] }>('GET', `/v1/risk-cases/${flowNo}/history?limit=200`))
      .items;
  }

  private async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await callHttp({
      method,
      url: this.url + path,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${this.stack.tokens.operator}`, 'content-type': 'application/json' },
      timeout_ms: ANSWER_MS,
    });
    return JSON.parse(answer.body) as Answer;
  }
}
