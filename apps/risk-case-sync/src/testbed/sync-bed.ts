import { parseRegistry, Partners, type RegistryFile } from '@kyc-relay/config';
import { KeyRing } from '@kyc-relay/crypto';
import { Outbox } from '@kyc-relay/outbox';
import { createDataSource, Database } from '@kyc-relay/persistence';
import type { Tracing } from '@kyc-relay/telemetry';
import {
  collectingLogger,
  createTestDatabase,
  eventually,
  TEST_DATA_KEYS,
  type Cleanup,
  type TestDatabase,
} from '@kyc-relay/testing';
import type { RiskCaseChangedDto } from '@kyc-relay/contracts';
import { riskMigrations } from '../migrations';
import { createStores, createSyncEngine, type RiskStores } from '../wiring';
import { startAcquirer, type Acquirer, type AcquirerCase, type RunningAcquirer } from './acquirer';
import type { SyncEngine } from '../sync/sync-engine';

/** The agent that tests copy. */
export const AGENT = 'FW1000251';
const ACCOUNT = { accessid: 'relay', access_keys: ['acquirer-key'] };
const KEYS = KeyRing.parse(TEST_DATA_KEYS);

/** What a test sets of the acquirer in the registry. */
export type AcquirerSettings = Record<string, unknown>;

/** A replica of the service without its edges. */
export interface TestReplica {
  engine: SyncEngine;
  stores: RiskStores;
  database: Database;
  /** Ends it as SIGTERM does. */
  stop: () => Promise<void>;
  /** Ends it as SIGKILL does, as far as the store can see: its connections are gone at once. */
  kill: () => Promise<void>;
}

/** The world of sync tests: an acquirer, a database, replicas. */
export class SyncBed {
  readonly log = collectingLogger();
  private replicas: TestReplica[] = [];
  private started = 0;
  partners: Partners;

  private constructor(
    readonly store: TestDatabase,
    readonly partner: RunningAcquirer,
  ) {
    this.partners = this.registryOf({});
  }

  /** Call it in `beforeAll`; everything ends with the file. */
  static async open(cleanup: Cleanup): Promise<SyncBed> {
    const store = await createTestDatabase(cleanup, { migrations: riskMigrations });
    const partner = await startAcquirer(ACCOUNT);
    cleanup.defer(partner.close);
    const bed = new SyncBed(store, partner);
    cleanup.defer(async () => {
      await bed.stopReplicas();
    });
    return bed;
  }

  get acquirer(): Acquirer {
    return this.partner.acquirer;
  }

  /** Sets what the registry says of the acquirer; `agents` too. */
  configure(settings: AcquirerSettings): void {
    this.partners = this.registryOf(settings);
  }

  /** The registry as the service sees it. */
  registry(): RegistryFile {
    return { current: () => this.partners } as RegistryFile;
  }

  async startReplica(
    settings: {
      parallelism?: number;
      finalRefreshRequests?: number;
      monthCheckSeconds?: number;
      tracing?: Tracing;
    } = {},
  ): Promise<TestReplica> {
    this.started += 1;
    const name = `replica ${this.started}`;
    const dataSource = createDataSource({
      url: this.store.url,
      schema: 'risk',
      applicationName: name,
      poolSize: 8,
    });
    await dataSource.initialize();
    const database = new Database(dataSource);
    const outbox = new Outbox('risk', '/kyc-relay/risk-case-sync', KEYS);
    const stores = createStores(database, outbox, KEYS);
    const engine = createSyncEngine(stores, {
      registry: this.registry(),
      logger: this.log.logger,
      parallelism: 4,
      finalRefreshRequests: 10,
      monthCheckSeconds: 86_400,
      historyRetentionDays: 36_500,
      onRunEnd: () => undefined,
      ...settings,
    });
    await engine.start();
    let isEnded = false;
    const end = async (before: () => Promise<unknown>): Promise<void> => {
      if (isEnded) return;
      isEnded = true;
      await before();
      await engine.stop();
      await database.close();
    };
    const replica: TestReplica = {
      engine,
      stores,
      database,
      stop: async () => {
        await end(async () => {
          await Promise.resolve();
        });
      },
      kill: async () => {
        await end(async () => await this.store.terminate(name));
      },
    };
    this.replicas.push(replica);
    return replica;
  }

  /** Ends all replicas that still run. */
  async stopReplicas(): Promise<void> {
    for (const replica of this.replicas.splice(0)) await replica.stop();
  }

  /** Every event in the outbox, in the order in which it will be published. */
  async events(): Promise<RiskCaseChangedDto[]> {
    const rows = await this.store.query<{ payload: Buffer }>(`select payload from risk.outbox order by id`);
    return rows.map(({ payload }) => JSON.parse(payload.toString('utf8')) as RiskCaseChangedDto);
  }

  /** The copy: each case's row as the partner gave it. */
  async copy(): Promise<Map<string, AcquirerCase>> {
    const rows = await this.store.query<{ flow_no: string; raw: Buffer }>(
      `select flow_no, raw from risk.case_contents`,
    );
    return new Map(
      rows.map(({ flow_no: flowNo, raw }) => {
        const place = { table: 'risk.case_contents', column: 'raw', row: flowNo };
        return [flowNo, JSON.parse(KEYS.open(raw, place).toString('utf8')) as AcquirerCase];
      }),
    );
  }

  /** What the acquirer has, for comparison. */
  truth(): Map<string, AcquirerCase> {
    return new Map(
      this.acquirer.cases
        .all()
        .map((one) => [one['flowNo'] as string, JSON.parse(JSON.stringify(one)) as AcquirerCase]),
    );
  }

  /** Waits until an agent's next run has ended; its row. */
  async runEnds(after = 0, agent = AGENT, timeoutMs = 30_000): Promise<RunRow> {
    return await eventually(
      async () => {
        const rows = await this.store.query<RunRow>(
          `select * from risk.sync_runs where agent = $1 and state <> 'RUNNING' order by started_at offset $2 limit 1`,
          [agent, after],
        );
        return rows[0];
      },
      { timeoutMs, what: `run ${after + 1} of ${agent}` },
    );
  }

  /** Makes an agent's next run due. */
  async makeDue(agent = AGENT): Promise<void> {
    await this.store.query(`update risk.agents set next_run_at = now() where agent = $1`, [agent]);
  }

  /** Empties everything. */
  async reset(): Promise<void> {
    const tables = await this.store.query<{ name: string }>(
      `select format('risk.%I', tablename) as name from pg_tables where schemaname = 'risk' and tablename <> 'migrations'`,
    );
    await this.store.query(`truncate ${tables.map(({ name }) => name).join(', ')} restart identity cascade`);
    const { acquirer } = this;
    this.log.lines.length = 0;
    acquirer.cases.clear();
    acquirer.faults.clear();
    acquirer.faults.seed(1);
    acquirer.requests.length = 0;
    acquirer.outage = false;
    acquirer.latencyMs = 0;
    this.configure({});
  }

  private registryOf(settings: AcquirerSettings): Partners {
    const acquirer = {
      name: 'hkrt',
      query_url: this.partner.url,
      ...ACCOUNT,
      requests_per_second: 10_000,
      interval_seconds: 3600,
      first_window_start: '2023-01-01 00:00:00',
      timeout_ms: 2_000,
      base_delay_ms: 20,
      max_delay_ms: 200,
      agents: [{ firstLevelAgentNum: AGENT, unsigned_push: true }],
      ...settings,
    };
    const text = JSON.stringify({
      acquirers: [acquirer],
      risk_clients: [{ accessid: 'client', access_keys: ['client-key'], agents: [AGENT] }],
      api_tokens: [],
    });
    const parsed = parseRegistry(text, ['acquirers', 'risk_clients', 'api_tokens']);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    return new Partners(parsed.value);
  }
}

/** A row of `risk.sync_runs`. */
export interface RunRow {
  run_id: string;
  state: string;
  requests: number;
  rows: number;
  opened: number;
  changed: number;
  odd_rows: number;
  escaped_rows: number;
  missing: number;
  gaps: number;
  errors: Record<string, number>;
}
