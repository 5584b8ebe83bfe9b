import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type RunningStack } from '@kyc-relay/local/stack.mjs';
import {
  callHttp,
  ReviewPartner,
  startAcquirer,
  startMoneyPlus,
  type AcquirerCase,
  type HttpCall,
  type MoneyPlus,
  type RunningAcquirer,
} from '@kyc-relay/simulators';
import { Kafka, logLevel } from 'kafkajs';
import { business, writeRegistry } from '../world/registry';
import { listTables, readTable, withStore } from '../world/stored-rows';
import { TopicLog } from '../world/topic-log';
import { SECRETS } from './people';

export const AGENT = 'FW1000251';
export const ACCOUNT = { accessid: 'relay', access_keys: [SECRETS.accessKey] };
const INSTITUTION = '2022070222130610237';

/** The whole system with all its partners, and everything that is written or answered anywhere, by place. */
export class ProtectedWorld {
  /** What was answered where nothing personal may be, and where the contract is to show it. */
  private readonly answers = { plain: [] as string[], shown: [] as string[] };

  private constructor(
    readonly running: RunningStack,
    readonly moneyPlus: MoneyPlus,
    readonly acquirer: RunningAcquirer,
    readonly reviewer: ReviewPartner,
    readonly kafka: Kafka,
    readonly topics: TopicLog,
    /** All topics of the broker but its own. */
    readonly topicNames: readonly string[],
    private readonly directory: string,
  ) {}

  /** @param cases what the acquirer has from the beginning */
  static async start(cases: readonly AcquirerCase[]): Promise<ProtectedWorld> {
    const directory = mkdtempSync(join(tmpdir(), 'kyc-relay-e2e-'));
    const moneyPlus = await startMoneyPlus({ secrets: [SECRETS.business] });
    const acquirer = await startAcquirer(ACCOUNT);
    acquirer.acquirer.cases.put(cases);
    const registry = join(directory, 'registry.json');
    writeRegistry(registry, registryOf(moneyPlus, acquirer));
    try {
      const running = await startStack({ registry, directory, env: { LOG_LEVEL: 'debug' } });
      const { brokers } = running.stack.kafka;
      const kafka = new Kafka({ clientId: 'e2e', brokers, logLevel: logLevel.NOTHING });
      const admin = kafka.admin();
      await admin.connect();
      const names = (await admin.listTopics()).filter((name) => !name.startsWith('__')).sort();
      await admin.disconnect();
      const topics = await TopicLog.follow(brokers, names);
      const reviewer = new ReviewPartner({
        url: `${running.stack.services['review-notify-ingest']?.[0]?.url ?? ''}/v1/notify/reviews`,
        institution_id: INSTITUTION,
        salt: SECRETS.salt,
        time_scale: 0.01,
      });
      return new ProtectedWorld(running, moneyPlus, acquirer, reviewer, kafka, topics, names, directory);
    } catch (error) {
      await Promise.all([moneyPlus.close(), acquirer.close()]);
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.reviewer.close();
    await this.topics.close();
    await this.running.stop();
    await Promise.all([this.moneyPlus.close(), this.acquirer.close()]);
    rmSync(this.directory, { recursive: true, force: true });
  }

  get serviceNames(): string[] {
    return Object.keys(this.running.stack.services);
  }

  url(service: string, path: string): string {
    const url = this.running.read().services[service]?.[0]?.url;
    if (url === undefined) throw new Error(`there is no ${service}`);
    return `${url}${path}`;
  }

  /** Keeps an answer, headers and all. */
  keep(answer: { status: number; headers: object }, body: string, shows = false): void {
    this.answers[shows ? 'shown' : 'plain'].push(
      `${answer.status} ${JSON.stringify(answer.headers)} ${body}`,
    );
  }

  /** Calls and keeps the answer; `shows` where its contract is to show what is personal. */
  async call(call: HttpCall, shows = false): Promise<{ status: number; body: string }> {
    const answer = await callHttp(call);
    this.keep(answer, answer.body, shows);
    return answer;
  }

  /** An operator looks at something of ours. */
  async look(service: string, path: string): Promise<string> {
    const headers = { authorization: `Bearer ${this.running.stack.tokens.viewer}` };
    return (await this.call({ method: 'GET', url: this.url(service, path), headers })).body;
  }

  /** Everything there is to read, by place. */
  async places(): Promise<Map<string, string>> {
    const places = new Map<string, string>();
    await withStore(this.running.stack.postgres.url, async (client) => {
      for (const name of await listTables(client)) places.set(name, await readTable(client, name));
    });
    for (const topic of this.topicNames) places.set(`topic ${topic}`, JSON.stringify(this.topics.of(topic)));
    places.set('log of the services', readFileSync(this.running.logFile, 'utf8'));
    places.set('log of the stack', readFileSync(this.running.progressFile, 'utf8'));
    for (const name of this.serviceNames)
      places.set(
        `metrics of ${name}`,
        (await callHttp({ method: 'GET', url: this.url(name, '/metrics') })).body,
      );
    places.set('answers', this.answers.plain.join('\n'));
    places.set('answers that show it', this.answers.shown.join('\n'));
    return places;
  }
}

function registryOf(moneyPlus: MoneyPlus, acquirer: RunningAcquirer): object {
  const addresses = ['127.0.0.0/8'];
  return {
    businesses: [
      business(moneyPlus, {
        secrets: [SECRETS.business],
        query_fields: ['name', 'phone', 'ic_number', 'address'],
        delivery: { max_attempts: 2 },
      }),
    ],
    merchants: [
      {
        merchantNo: '202333',
        stores: ['301854'],
        tokens: [SECRETS.merchant],
        timestamp_tolerance_seconds: 0,
      },
    ],
    institutions: [
      {
        institutionId: INSTITUTION,
        salts: [SECRETS.salt],
        source_addresses: addresses,
        merchants: ['202333'],
      },
    ],
    acquirers: [
      {
        name: 'hkrt',
        query_url: acquirer.url,
        ...ACCOUNT,
        timezone: 'Asia/Shanghai',
        requests_per_second: 50,
        interval_seconds: 1,
        first_window_start: '2023-01-01 00:00:00',
        agents: [{ firstLevelAgentNum: AGENT, unsigned_push: true, source_addresses: addresses }],
      },
    ],
    risk_clients: [{ accessid: 'client', access_keys: [SECRETS.clientKey], agents: [AGENT] }],
  };
}
