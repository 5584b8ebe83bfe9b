import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type RunningStack } from '@kyc-relay/local/stack.mjs';
import { ReviewPartner } from '@kyc-relay/simulators';
import { call } from '../world/call';
import { writeRegistry } from '../world/registry';
import { listTables, readTable, withStore } from '../world/stored-rows';
import { TopicLog } from '../world/topic-log';

/** What review-notify-ingest publishes. */
export const DECIDED = 'review.decided.v1';
const INSTITUTION = '2022070222130610237';
const SALT = 'e2e-salt';

/** A step of a review as an operator sees it. */
export interface Step {
  sequence: number;
  status: string;
  late_repeats: number;
  message: Record<string, unknown> | null;
}

/** What is published of a step, as far as the tests look at it. */
export interface Decided {
  event_id: string;
  bizId: string;
  sequence: number;
  status: string;
  first_seen_at: string;
  received_at: string;
}

/** The whole system, with the partner that tells of reviews at its door. */
export class ReviewWorld {
  private constructor(
    readonly running: RunningStack,
    readonly topics: TopicLog,
    readonly partner: ReviewPartner,
    private readonly directory: string,
  ) {}

  static async start(): Promise<ReviewWorld> {
    const directory = mkdtempSync(join(tmpdir(), 'kyc-relay-e2e-'));
    const registry = join(directory, 'registry.json');
    writeRegistry(registry, {
      institutions: [
        { institutionId: INSTITUTION, salts: ['the salt to come', SALT], source_addresses: ['127.0.0.0/8'] },
      ],
    });
    try {
      const running = await startStack({ registry, directory });
      const topics = await TopicLog.follow(running.stack.kafka.brokers, [DECIDED]);
      const base = running.stack.services['review-notify-ingest']?.[0]?.url ?? '';
      const partner = new ReviewPartner({
        url: `${base}/v1/notify/reviews`,
        institution_id: INSTITUTION,
        salt: SALT,
        time_scale: 0.01,
      });
      return new ReviewWorld(running, topics, partner, directory);
    } catch (error) {
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.partner.close();
    await this.topics.close();
    await this.running.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** One review with its history. */
  async history(bizType: string, bizId: string): Promise<Step[]> {
    const base = this.running.read().services['review-notify-ingest']?.[0]?.url ?? '';
    const answer = await call({
      url: `${base}/v1/reviews/${bizType}/${bizId}`,
      as: { token: this.running.stack.tokens.viewer },
    });
    return (answer.body['history'] ?? []) as Step[];
  }

  /** What was told of a review so far; a copy of a message is told once. */
  told(bizId: string): Decided[] {
    const all = this.topics.of(DECIDED).map(({ value }) => JSON.parse(value) as Decided);
    return [...new Map(all.filter((one) => one.bizId === bizId).map((one) => [one.event_id, one])).values()];
  }

  /** Kills a process outright; the supervisor starts it again. */
  kill(which: 'review-notify-ingest' | 'postgres' | 'kafka'): void {
    const { services, postgres, kafka } = this.running.read();
    const pid =
      which === 'postgres' ? postgres.pid : which === 'kafka' ? kafka.pid : services[which]?.[0]?.pid;
    if (typeof pid !== 'number') throw new Error(`${which} has no process of ours`);
    process.kill(pid, 'SIGKILL');
  }

  async query<R>(sql: string): Promise<R[]> {
    return await withStore(
      this.running.stack.postgres.url,
      async (client) => (await client.query(sql)).rows as R[],
    );
  }

  /** Everything that the service has written where it can be read: tables, topic and log. */
  async places(): Promise<Map<string, string>> {
    const places = new Map<string, string>();
    await withStore(this.running.stack.postgres.url, async (client) => {
      for (const name of await listTables(client, ['review']))
        places.set(name, await readTable(client, name));
    });
    places.set(DECIDED, JSON.stringify(this.topics.of(DECIDED)));
    places.set('logs', readFileSync(this.running.logFile, 'utf8'));
    return places;
  }
}
