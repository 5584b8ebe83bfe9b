import { createHash } from 'node:crypto';
import { callHttp } from '@kyc-relay/simulators';
import { callPayee, individual, notify } from '../payees/partners';
import { call } from '../world/call';
import type { ServiceName, World } from '../world/world';

/** One kind of request that somebody outside makes again and again. */
interface Question {
  service: ServiceName;
  /** Asks a replica; resolves to what it said, rejects when it could not be asked. */
  ask: (base: string, round: number) => Promise<string>;
  /** What a replica that is well says. */
  expected: string;
}

/** The registry's client of our copy of the risk cases. */
export const RISK_CLIENT = { accessid: 'rolling', access_keys: ['key-of-rolling'], agents: ['FW1000251'] };

/**
 * Clients of every HTTP edge, each with one request at a time, to both replicas in turn. A replica that is away, or says
 * that it cannot answer now, is left for the other one, as a load balancer would.
 */
export class Asking {
  /** Requests that no replica took, or that were answered otherwise than they should; empty when all is well. */
  readonly failures: string[] = [];
  answered = 0;
  /** Requests that the second replica took because the first did not. */
  handedOver = 0;
  private running: Promise<void>[] = [];
  private stopping = false;

  private constructor(
    private readonly world: World,
    private readonly questions: readonly Question[],
  ) {}

  static async prepare(world: World, shopeeUid: string): Promise<Asking> {
    const payee = await callPayee(world.url('payee-service', ''), 'register', individual(1));
    const customerNo = payee.customer?.['customerNo'] ?? '';
    if (customerNo === '') throw new Error(`the payee was answered ${payee.ret_code} ${payee.ret_msg}`);
    return new Asking(world, questionsOf(world, shopeeUid, customerNo));
  }

  start(): void {
    this.running = this.questions.map(async (question) => {
      await this.repeat(question);
    });
  }

  /** Ends after the requests under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running);
  }

  private async repeat(question: Question): Promise<void> {
    for (let round = 0; !this.stopping; round += 1) {
      const first = await this.ask(question, round, round % 2);
      const said = first ?? (await this.ask(question, round, (round + 1) % 2));
      if (first === undefined) this.handedOver += 1;
      if (said === question.expected) this.answered += 1;
      else this.failures.push(`${question.service} ${round}: ${said ?? 'refused by both replicas'}`);
    }
  }

  /** What the replica said; undefined when it is away or says 503. */
  private async ask({ service, ask }: Question, round: number, replica: number): Promise<string | undefined> {
    const said = await ask(this.world.url(service, '', replica), round).catch(() => undefined);
    return said?.startsWith('503') === true ? undefined : said;
  }
}

function questionsOf(world: World, shopeeUid: string, customerNo: string): Question[] {
  return [
    {
      service: 'kyc-status-publisher',
      ask: async (base) => {
        const json = { biz_id: 'MONEY_PLUS', shopee_uid: shopeeUid };
        const { status, body } = await call({ url: `${base}/v1/kyc/query-field-result`, json, as: {} });
        return `${status} ${String(body['retcode'])}`;
      },
      expected: '200 0',
    },
    {
      service: 'money-plus-callback',
      ask: async (base) =>
        String((await call({ url: `${base}/v1/callback-tasks?limit=1`, as: world.as('viewer') })).status),
      expected: '200',
    },
    {
      service: 'payee-service',
      ask: async (base) => {
        const { status, ret_code } = await callPayee(base, 'retrieve', { customerNo });
        return `${status} ${ret_code}`;
      },
      expected: '200 000100',
    },
    {
      service: 'review-notify-ingest',
      ask: async (base, round) => await notify(base, `9${String(round).padStart(21, '0')}`, 'PENDING'),
      expected: '200 SUCCESS',
    },
    { service: 'risk-case-sync', ask: queryRiskCases, expected: '200 00' },
  ];
}

async function queryRiskCases(base: string): Promise<string> {
  const { accessid, access_keys, agents } = RISK_CLIENT;
  const fields: Record<string, string> = {
    accessid,
    beginLine: '1',
    firstLevelAgentNum: agents[0] ?? '',
    pageSize: '20',
  };
  const canonical = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  const sign = createHash('md5')
    .update(canonical.join('&') + (access_keys[0] ?? ''))
    .digest('hex')
    .toUpperCase();
  const answer = await callHttp({
    method: 'POST',
    url: `${base}/v1/risk-cases/query`,
    body: JSON.stringify({ ...fields, sign }),
    headers: { 'content-type': 'application/json' },
  });
  return `${answer.status} ${String((JSON.parse(answer.body) as Record<string, unknown>)['respCode'])}`;
}
