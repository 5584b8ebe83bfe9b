import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TOPIC_DECLARATIONS } from '@kyc-relay/contracts';
import { createKafka, ensureTopics } from '@kyc-relay/messaging';
import { createLogger } from '@kyc-relay/telemetry';
import type { Kafka } from 'kafkajs';
import { Client, Pool } from 'pg';
import { startProgram, type RunningProgram } from './node-process';
import { entryOf, ROOT, type Surroundings } from './surroundings';

const run = promisify(execFile);

/** As `npm start` starts a service. */
const SERVICE_NODE_ARGS = JSON.parse(
  readFileSync(join(ROOT, 'tools/local/stack/node-args.json'), 'utf8'),
) as string[];

/** The one business of all measurements. */
export const BUSINESS = { bizId: 'MONEY_PLUS', secret: 'bench-secret-of-money-plus', connections: 32 };

/** What the business may ask of a user. */
export const QUERY_FIELDS = ['name', 'phone', 'ic_number'];

/** `DATA_KEYS` of the measured services. */
export const DATA_KEYS = `bench:${Buffer.alloc(32, 'b').toString('base64')}`;

/**
 * What one measurement works with: a database of its own with all schemas, empty topics, and the processes it starts.
 * Closed at its end, so that no measurement sees another's rows.
 */
export class Rig {
  readonly kafka: Kafka;
  private readonly programs: RunningProgram[] = [];

  private constructor(
    readonly around: Surroundings,
    readonly say: (line: string) => void,
    readonly databaseUrl: string,
    readonly pool: Pool,
    private readonly profileDirectory: string | undefined,
    private readonly isQuick: boolean,
  ) {
    this.kafka = createKafka({
      brokers: around.brokers,
      clientId: 'bench',
      logger: createLogger('bench', 'silent'),
    });
  }

  static async open(
    name: string,
    around: Surroundings,
    options: { say: (line: string) => void; profileDirectory: string | undefined; isQuick: boolean },
  ): Promise<Rig> {
    const url = await createDatabase(around.databaseUrl, `bench_${name.replaceAll('-', '_')}`);
    const env = { ...process.env, DATABASE_URL: url, KAFKA_BROKERS: around.brokers.join(',') };
    await run(process.execPath, [join(ROOT, 'tools/operations/dist/migrate.js'), 'up'], { env });
    const rig = new Rig(
      around,
      options.say,
      url,
      new Pool({ connectionString: url, max: 4 }),
      options.profileDirectory,
      options.isQuick,
    );
    await rig.emptyTopics();
    return rig;
  }

  /** How much of a load to take: all of it, or with `--quick` a tenth. */
  sized(load: number): number {
    return this.isQuick ? load / 10 : load;
  }

  /** Ends what was started, the last first, and drops the database. */
  async close(): Promise<void> {
    for (const program of this.programs.reverse()) await program.stop();
    await this.pool.end();
    await dropDatabase(this.around.databaseUrl, new URL(this.databaseUrl).pathname.slice(1));
  }

  /** Starts a service of ours. */
  async startService(name: string, env: Record<string, string> = {}): Promise<RunningProgram> {
    const settings = {
      DATABASE_URL: this.databaseUrl,
      KAFKA_BROKERS: this.around.brokers.join(','),
      DATA_KEYS,
      REPLICA_ID: name,
      LOG_LEVEL: 'info',
      ...env,
    };
    return await this.start(name, entryOf(`apps/${name}`), settings, SERVICE_NODE_ARGS);
  }

  /** Starts the simulated Money+ as it is made for throughput: it verifies signatures and answers at once. */
  async startReceiver(): Promise<RunningProgram> {
    return await this.start('simulators', entryOf('tools/simulators'), {
      MONEY_PLUS_SECRETS: BUSINESS.secret,
      MONEY_PLUS_QUICK: '1',
    });
  }

  /** Starts any other program; it must answer `/readyz`. */
  async start(
    name: string,
    entry: string,
    env: Record<string, string>,
    nodeArgs: readonly string[] = [],
  ): Promise<RunningProgram> {
    const program = await startProgram({
      name,
      entry,
      port: await takePort(),
      directory: this.around.directory,
      profileDirectory: this.profileDirectory,
      env,
      nodeArgs,
    });
    this.programs.push(program);
    return program;
  }

  /** Ends one program before the others. */
  async stop(program: RunningProgram): Promise<void> {
    this.programs.splice(this.programs.indexOf(program), 1);
    await program.stop();
  }

  /** Writes a partner registry whose one business is called back at `receiverUrl`; returns the file. */
  writeRegistry(receiverUrl: string): string {
    const file = join(this.around.directory, 'registry.json');
    const business = {
      biz_id: BUSINESS.bizId,
      required_level: 300,
      secrets: [BUSINESS.secret],
      query_fields: QUERY_FIELDS,
      status_callback_url: `${receiverUrl}/money-plus/status`,
      info_callback_url: `${receiverUrl}/money-plus/info`,
      allow_private_addresses: true,
      delivery: { max_connections: BUSINESS.connections },
    };
    writeFileSync(file, JSON.stringify({ businesses: [business] }));
    return file;
  }

  /** How many messages a topic holds, all partitions together. */
  async countMessages(topic: string): Promise<number> {
    return await this.withAdmin(async (admin) => {
      const offsets = await admin.fetchTopicOffsets(topic);
      return offsets.reduce((sum, one) => sum + Number(one.high) - Number(one.low), 0);
    });
  }

  private async emptyTopics(): Promise<void> {
    // Those that are made now are empty, and have no leader for a moment.
    const present = new Set(await this.withAdmin(async (admin) => await admin.listTopics()));
    await ensureTopics(this.kafka, TOPIC_DECLARATIONS, { replicationFactor: 1, minInsyncReplicas: 1 });
    await this.withAdmin(async (admin) => {
      const { groups } = await admin.listGroups();
      if (groups.length > 0) await admin.deleteGroups(groups.map(({ groupId }) => groupId));
      for (const { name: topic } of TOPIC_DECLARATIONS.filter(({ name }) => present.has(name))) {
        const offsets = await admin.fetchTopicOffsets(topic);
        const partitions = offsets
          .filter(({ high, low }) => high !== low)
          .map(({ partition, high }) => ({ partition, offset: high }));
        if (partitions.length > 0) await admin.deleteTopicRecords({ topic, partitions });
      }
    });
  }

  private async withAdmin<T>(work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

async function createDatabase(serverUrl: string, name: string): Promise<string> {
  // What was cut off in the middle has left its own behind.
  await dropDatabase(serverUrl, name);
  await runAlone(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await runAlone(serverUrl, `drop database if exists ${name} with (force)`);
}

async function runAlone(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function takePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  });
}
