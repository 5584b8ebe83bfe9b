import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type RunningStack } from '@kyc-relay/local/stack.mjs';
import { callHttp } from '@kyc-relay/simulators';
import { writeRegistry } from '../world/registry';
import { listTables, readTable, withStore } from '../world/stored-rows';
import { TopicLog } from '../world/topic-log';
import { callPayee, notify, REGISTRY, type PayeeAnswer } from './partners';

/** What payee-service publishes. */
export const CHANGED = 'payee.changed.v1';
const TOPICS = [CHANGED, 'review.decided.v1', 'review.decided.v1.dlq'];

/** The whole system, with a merchant and a KYB service at its door. */
export class PayeeWorld {
  private constructor(
    readonly running: RunningStack,
    readonly topics: TopicLog,
    private readonly directory: string,
  ) {}

  static async start(): Promise<PayeeWorld> {
    const directory = mkdtempSync(join(tmpdir(), 'kyc-relay-e2e-'));
    const registry = join(directory, 'registry.json');
    writeRegistry(registry, REGISTRY);
    try {
      const running = await startStack({ registry, directory });
      const topics = await TopicLog.follow(running.stack.kafka.brokers, TOPICS);
      return new PayeeWorld(running, topics, directory);
    } catch (error) {
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.topics.close();
    await this.running.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Where a service answers now. */
  url(service: 'payee-service' | 'review-notify-ingest'): string {
    const url = this.running.read().services[service]?.[0]?.url;
    if (url === undefined) throw new Error(`there is no ${service}`);
    return url;
  }

  /** The merchant calls. @throws what the connection failed with */
  async call(action: string, fields: Record<string, string>): Promise<PayeeAnswer> {
    return await callPayee(this.url('payee-service'), action, fields);
  }

  /** The merchant calls until it is answered by anything but "try again", as a client does. */
  async insist(action: string, fields: Record<string, string>): Promise<PayeeAnswer> {
    for (;;) {
      const answer = await this.call(action, fields).catch(() => undefined);
      if (answer !== undefined && answer.status === 200) return answer;
    }
  }

  async notify(customerNo: string, status: string): Promise<string> {
    return await notify(this.url('review-notify-ingest'), customerNo, status);
  }

  /** Kills a process outright; the supervisor starts it again. */
  kill(which: 'payee-service' | 'postgres' | 'kafka'): void {
    const { services, postgres, kafka } = this.running.read();
    const pid =
      which === 'postgres' ? postgres.pid : which === 'kafka' ? kafka.pid : services[which]?.[0]?.pid;
    if (typeof pid !== 'number') throw new Error(`${which} has no process of ours`);
    process.kill(pid, 'SIGKILL');
  }

  async query<R>(sql: string, parameters: unknown[] = []): Promise<R[]> {
    return await withStore(
      this.running.stack.postgres.url,
      async (client) => (await client.query(sql, parameters)).rows as R[],
    );
  }

  /** Every place where a text may have got to, by name: tables, topics, logs and metrics. */
  async places(): Promise<Map<string, string>> {
    const places = new Map<string, string>();
    await withStore(this.running.stack.postgres.url, async (client) => {
      for (const name of await listTables(client, ['payee', 'review']))
        places.set(name, await readTable(client, name));
    });
    for (const topic of TOPICS) places.set(topic, JSON.stringify(this.topics.of(topic)));
    places.set('logs', readFileSync(this.running.logFile, 'utf8'));
    const metrics = await callHttp({ method: 'GET', url: `${this.url('payee-service')}/metrics` });
    places.set('metrics', metrics.body);
    return places;
  }
}
