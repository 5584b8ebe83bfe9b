import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type RunningStack } from '@kyc-relay/local/stack.mjs';
import { startAcquirer, type Acquirer, type RunningAcquirer } from '@kyc-relay/simulators';
import { Client } from 'pg';
import { awaitState } from '../world/await-state';
import { call, type JsonAnswer } from '../world/call';
import { writeRegistry } from '../world/registry';
import { TopicLog } from '../world/topic-log';
import { ACCOUNT, registryOf, type RiskSettings } from './partners';

/** What risk-case-sync publishes. */
export const CHANGED = 'risk.case-changed.v1';
const SERVICE = 'risk-case-sync';

/** The whole system with an acquirer of its own, which a test has in its hands. */
export class RiskWorld {
  private constructor(
    readonly running: RunningStack,
    readonly topics: TopicLog,
    private readonly partner: RunningAcquirer,
    private readonly registry: string,
    private readonly directory: string,
  ) {}

  /** Starts everything while the acquirer is out, so that nothing is read before a test says so. */
  static async start(options: { replicas: number; settings: RiskSettings }): Promise<RiskWorld> {
    const directory = mkdtempSync(join(tmpdir(), 'kyc-relay-e2e-'));
    const registry = join(directory, 'registry.json');
    const partner = await startAcquirer(ACCOUNT);
    partner.acquirer.outage = true;
    writeRegistry(registry, registryOf(partner.url, options.settings));
    try {
      const running = await startStack({ registry, directory, replicas: options.replicas });
      const topics = await TopicLog.follow(running.stack.kafka.brokers, [CHANGED]);
      return new RiskWorld(running, topics, partner, registry, directory);
    } catch (error) {
      await partner.close();
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.topics.close();
    await this.running.stop();
    await this.partner.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  get acquirer(): Acquirer {
    return this.partner.acquirer;
  }

  /** Sets what the registry says of the acquirer; the services see it within five seconds. */
  configure(settings: RiskSettings): void {
    writeRegistry(this.registry, registryOf(this.partner.url, settings));
  }

  /** Where a replica answers now. */
  url(path: string, replica = 0): string {
    return `${this.running.read().services[SERVICE]?.[replica]?.url ?? ''}${path}`;
  }

  /** An operator, a viewer or nobody calls. */
  async ask(path: string, as: 'operator' | 'viewer' | 'nobody', json?: unknown): Promise<JsonAnswer> {
    const caller = as === 'nobody' ? as : { token: this.running.stack.tokens[as] };
    return await call({ url: this.url(path), json, as: caller });
  }

  /** Kills a process outright; the supervisor starts it again. */
  kill(which: 'postgres' | 'kafka' | number): void {
    const { services, postgres, kafka } = this.running.read();
    const pid = typeof which === 'number' ? services[SERVICE]?.[which]?.pid : { postgres, kafka }[which].pid;
    if (typeof pid !== 'number') throw new Error(`${which} has no process of ours`);
    process.kill(pid, 'SIGKILL');
  }

  /** Waits until so many more runs of an agent that begin from now on have read everything. */
  async pulled(agent: string, runs = 1): Promise<void> {
    const [now] = await this.query<{ at: Date }>('select now() as at');
    await awaitState(
      `${runs} whole runs of ${agent}`,
      async () => {
        const rows = await this.query(
          `select from risk.sync_runs where agent = $1 and state = 'DONE' and started_at > $2`,
          [agent, now?.at],
        );
        return rows.length >= runs;
      },
      120_000,
    );
  }

  async query<R>(sql: string, parameters: unknown[] = []): Promise<R[]> {
    const client = new Client({ connectionString: this.running.stack.postgres.url });
    await client.connect();
    try {
      return (await client.query(sql, parameters)).rows as R[];
    } finally {
      await client.end();
    }
  }

  /** Everything that the service has written where it can be read: tables, topic, logs and metrics. */
  async places(): Promise<Map<string, string>> {
    const places = new Map<string, string>();
    const tables = await this.query<{ name: string }>(
      `select table_schema || '.' || table_name as name from information_schema.tables where table_schema = 'risk'`,
    );
    for (const { name } of tables) {
      const rows = await this.query<{ row: string }>(`select t::text as row from ${name} as t`);
      places.set(name, rows.map(({ row }) => row).join('\n'));
    }
    places.set(CHANGED, JSON.stringify(this.topics.of(CHANGED)));
    places.set('logs', readFileSync(this.running.logFile, 'utf8'));
    places.set('metrics', (await this.ask('/metrics', 'nobody')).text);
    return places;
  }
}
