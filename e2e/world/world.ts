import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type RunningStack, type Stack } from '@kyc-relay/local/stack.mjs';
import {
  seededStamps,
  startMoneyPlus,
  UpstreamPublisher,
  type EventStamp,
  type MoneyPlus,
  type UpstreamEvent,
} from '@kyc-relay/simulators';
import { call, type Caller, type JsonAnswer } from './call';
import { business, SECRET, writeRegistry, type Business } from './registry';
import { TopicLog } from './topic-log';

/** The moment of the source's examples, in Unix seconds. */
export const SOURCE_TIME = 1_666_755_263;

/** The topics of the KYC half and their dead letters. */
export const TOPICS = {
  caseEvents: 'kyc.case-events.v1',
  accountEvents: 'account.events.v1',
  userEvents: 'kyc.user-events.v1',
  finished: 'money-plus.callback-finished.v1',
} as const;

/** The services, as stack.json names them. */
export type ServiceName =
  | 'kyc-status-publisher'
  | 'ekyc-phone-change-consumer'
  | 'money-plus-callback'
  | 'payee-service'
  | 'review-notify-ingest'
  | 'risk-case-sync';

/** How a world is started. */
export interface WorldOptions {
  replicas?: number;
  /** Registered businesses; by default the one of the source. */
  businesses?: (moneyPlus: MoneyPlus) => Business[];
  /** Other sections of the registry. */
  registry?: object;
  /** Secrets that Money+ accepts. */
  secrets?: string[];
  env?: Record<string, string>;
}

/** The whole system with a Money+ of its own, and all that a test touches: Kafka, HTTP, Money+, process ids. */
export class World {
  private readonly stamps = seededStamps({ seed: 'e2e', start: SOURCE_TIME * 1000 + 250, step_ms: 0 });
  private users = 0;

  private constructor(
    readonly running: RunningStack,
    readonly moneyPlus: MoneyPlus,
    readonly upstream: UpstreamPublisher,
    readonly topics: TopicLog,
    /** The registry file, to be rewritten by a test of its reload. */
    readonly registryFile: string,
    private readonly directory: string,
  ) {}

  /** Starts everything; some ten seconds. */
  static async start(options: WorldOptions = {}): Promise<World> {
    const directory = mkdtempSync(join(tmpdir(), 'kyc-relay-e2e-'));
    const moneyPlus = await startMoneyPlus({
      secrets: options.secrets ?? [SECRET],
      log_file: join(directory, 'received.jsonl'),
    });
    const registryFile = join(directory, 'registry.json');
    writeRegistry(registryFile, {
      ...options.registry,
      businesses: options.businesses?.(moneyPlus) ?? [business(moneyPlus)],
    });
    try {
      const running = await startStack({
        registry: registryFile,
        directory,
        replicas: options.replicas ?? 1,
        ...(options.env && { env: options.env }),
      });
      const { kafka, services, tokens } = running.stack;
      const upstream = new UpstreamPublisher({
        brokers: kafka.brokers,
        events_url: services['kyc-status-publisher']?.[0]?.url ?? '',
        token: tokens.publisher,
      });
      await upstream.connect();
      const topics = await TopicLog.follow(kafka.brokers, [
        ...Object.values(TOPICS),
        ...[TOPICS.caseEvents, TOPICS.accountEvents, TOPICS.userEvents].map((topic) => `${topic}.dlq`),
      ]);
      return new World(running, moneyPlus, upstream, topics, registryFile, directory);
    } catch (error) {
      await moneyPlus.close();
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Stops everything and leaves nothing behind. */
  async stop(): Promise<void> {
    await this.topics.close();
    await this.upstream.close();
    await this.running.stop();
    await this.moneyPlus.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The stack as it is now. */
  get stack(): Stack {
    return this.running.read();
  }

  /** File to which Money+ writes what it receives. */
  get receivedFile(): string {
    return join(this.directory, 'received.jsonl');
  }

  /** Where a service answers. */
  url(service: ServiceName, path: string, replica = 0): string {
    const listener = this.stack.services[service]?.[replica];
    if (listener === undefined) throw new Error(`there is no ${service} ${replica}`);
    return `${listener.url}${path}`;
  }

  /** Bearer token of a role. */
  as(role: keyof Stack['tokens']): { token: string } {
    return { token: this.running.stack.tokens[role] };
  }

  /** A `shopee_uid` that nobody has used. */
  uid(name = 'user'): string {
    this.users += 1;
    return `${name}-${this.users}`;
  }

  /** A stamp with an id of its own, at the source's moment. */
  stamp(over: Partial<EventStamp> = {}): EventStamp {
    return { ...this.stamps(), ...over };
  }

  /** Upstream publishes over Kafka, in this order. */
  async publish(...events: UpstreamEvent[]): Promise<void> {
    await this.upstream.publish(events);
  }

  /** A business calls kyc-status-publisher; Money+ unless told otherwise. */
  async callSigned(path: string, json?: unknown, as: Caller = {}): Promise<JsonAnswer> {
    return await call({ url: this.url('kyc-status-publisher', path), json, as });
  }

  /** Subscribes a user to everything. */
  async subscribe(uid: string, biz_id = 'MONEY_PLUS', secret = SECRET): Promise<JsonAnswer> {
    const answer = await this.callSigned(
      '/v1/subscriptions',
      { action: 'SUBSCRIBE', biz_id, shopee_uid: uid },
      { biz_id, secret },
    );
    if (answer.status !== 200) throw new Error(`subscribing was answered ${answer.status} ${answer.text}`);
    return answer;
  }
}
