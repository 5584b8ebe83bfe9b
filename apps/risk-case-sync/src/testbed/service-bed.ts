import { sha256Hex } from '@kyc-relay/crypto';
import { connect } from '@kyc-relay/persistence';
import { assembleService, type AssembledService } from '@kyc-relay/service';
import {
  createTestDatabase,
  TEST_DATA_KEYS,
  testBrokers,
  type Cleanup,
  type TestDatabase,
} from '@kyc-relay/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RiskCaseSyncConfig } from '../config';
import { RISK_CASE_SYNC } from '../definition';
import { riskMigrations } from '../migrations';
import { signAcquirer, startAcquirer, type Acquirer, type AcquirerCase } from './acquirer';

/** The agents of the tests: pushes unsigned from here, unsigned from elsewhere, signed only. */
export const AGENTS = { open: 'FW1000251', distant: 'FW1000252', strict: 'FW1000253' };
/** The account of the acquirer, and of the client that may see two of the agents. */
export const ACCOUNT = { accessid: 'relay', access_keys: ['new-key', 'old-key'] };
export const CLIENT = {
  accessid: 'client',
  access_keys: ['client-key', 'client-old'],
  agents: [AGENTS.open, AGENTS.strict],
};
const TOKENS = { viewer: 'viewer-token', operator: 'operator-token', publisher: 'publisher-token' };

/** An answer over HTTP. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, unknown>>;
  text: string;
}

/** An answer of the query. */
export interface QueryAnswer {
  respCode: string;
  respMsg: string;
  respData?: { list: AcquirerCase[]; totalCount: number };
}

/** The service on a database of its own, called without a socket, beside an acquirer. */
export class ServiceBed {
  private constructor(
    readonly store: TestDatabase,
    readonly service: AssembledService<RiskCaseSyncConfig>,
    readonly acquirer: Acquirer,
  ) {}

  /**
   * @param env settings beside those that every service needs
   * @param account what the registry says of the acquirer beside the usual
   */
  static async start(
    cleanup: Cleanup,
    env: Record<string, string> = {},
    account: Record<string, unknown> = {},
  ): Promise<ServiceBed> {
    const store = await createTestDatabase(cleanup, { migrations: riskMigrations });
    const partner = await startAcquirer(ACCOUNT);
    cleanup.defer(partner.close);
    const directory = mkdtempSync(join(tmpdir(), 'risk-bed-'));
    cleanup.defer(() => {
      rmSync(directory, { recursive: true });
    });
    const registryFile = join(directory, 'registry.json');
    writeFileSync(registryFile, JSON.stringify(registryOf(partner.url, account)));
    const service = await assembleService(RISK_CASE_SYNC, {
      DATABASE_URL: store.url,
      KAFKA_BROKERS: testBrokers().join(','),
      DATA_KEYS: TEST_DATA_KEYS,
      PARTNER_REGISTRY_FILE: registryFile,
      LOG_LEVEL: 'silent',
      ...env,
    });
    const { app, parts } = service;
    cleanup.defer(() => {
      parts.registry.stop();
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    await connect(parts.database.dataSource, { isAway: () => false, onWait: () => undefined });
    cleanup.defer(async () => {
      await app.close();
      await parts.database.close();
    });
    return new ServiceBed(store, service, partner.acquirer);
  }

  /** Starts the engine and the jobs, as the running service does. */
  async startWorkers(cleanup: Cleanup): Promise<void> {
    for (const worker of this.service.workers) {
      await worker.start();
      cleanup.defer(async () => {
        await worker.stop();
      });
    }
  }

  /** Posts bytes as they are. */
  async post(path: string, payload: string | Buffer, from = '127.0.0.1', headers = {}): Promise<Answer> {
    const response = await this.service.app.inject({
      method: 'POST',
      url: path,
      headers: { 'content-type': 'application/json', ...headers },
      payload,
      remoteAddress: from,
    });
    return { status: response.statusCode, headers: response.headers, text: response.body };
  }

  /** Asks our copy, signed as a client. */
  async query(fields: Record<string, unknown>, key = 'client-key'): Promise<QueryAnswer> {
    const answer = await this.post('/v1/risk-cases/query', signedQuery(fields, key));
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    return JSON.parse(answer.text) as QueryAnswer;
  }

  /** Pushes, signed as the acquirer where a key is given. */
  async push(fields: Record<string, unknown>, key?: string, from?: string): Promise<Answer> {
    const body: Record<string, unknown> = { ...fields };
    if (key !== undefined)
      Object.assign(
        body,
        { accessid: ACCOUNT.accessid },
        { sign: signAcquirer({ ...body, accessid: ACCOUNT.accessid }, key) },
      );
    return await this.post('/v1/notify/risk-cases', JSON.stringify(body), from);
  }

  /** Calls the operators' API. */
  async operate(
    method: 'GET' | 'POST',
    url: string,
    options: { role?: keyof typeof TOKENS; body?: unknown } = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const { role = method === 'GET' ? 'viewer' : 'operator', body } = options;
    const response = await this.service.app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${TOKENS[role]}` },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, body: response.json() };
  }

  /** What a scrape of the metrics answers, its comments left out. */
  async scrape(): Promise<string> {
    const response = await this.service.app.inject({ method: 'GET', url: '/metrics' });
    return response.body.replaceAll(/^#.*\n/gm, '');
  }

  /** What waits in the outbox, in its order. */
  async events(): Promise<Record<string, unknown>[]> {
    const rows = await this.store.query<{ payload: Buffer }>(`select payload from risk.outbox order by id`);
    return rows.map(({ payload }) => JSON.parse(payload.toString('utf8')) as Record<string, unknown>);
  }
}

/** A query of a client, as the source shows it, signed. */
export function signedQuery(fields: Record<string, unknown>, key = 'client-key'): string {
  const body: Record<string, unknown> = {
    accessid: CLIENT.accessid,
    flowNo: '',
    firstLevelAgentNum: AGENTS.open,
    mercNum: '',
    flowStatus: '',
    createTimeBegin: '',
    createTimeEnd: '',
    beginLine: 1,
    pageSize: 20,
    ...fields,
  };
  return JSON.stringify({ ...body, sign: signAcquirer(body, key) });
}

function registryOf(queryUrl: string, account: Record<string, unknown>): object {
  return {
    acquirers: [
      {
        name: 'hkrt',
        query_url: queryUrl,
        ...ACCOUNT,
        requests_per_second: 1_000,
        interval_seconds: 3_600,
        first_window_start: '2023-01-01 00:00:00',
        base_delay_ms: 20,
        max_delay_ms: 200,
        ...account,
        agents: [
          { firstLevelAgentNum: AGENTS.open, unsigned_push: true },
          { firstLevelAgentNum: AGENTS.distant, unsigned_push: true, source_addresses: ['10.1.0.0/16'] },
          { firstLevelAgentNum: AGENTS.strict },
        ],
      },
    ],
    risk_clients: [
      CLIENT,
      { accessid: 'slow', access_keys: ['client-key'], agents: [AGENTS.open], requests_per_second: 1 },
    ],
    api_tokens: Object.entries(TOKENS).map(([role, token]) => ({
      name: `${role} of the tests`,
      role,
      sha256: sha256Hex(token),
    })),
  };
}
