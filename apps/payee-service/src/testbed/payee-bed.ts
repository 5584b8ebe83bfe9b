import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@kyc-relay/config';
import { sha256Hex } from '@kyc-relay/crypto';
import { createHttpApp } from '@kyc-relay/http';
import { connect, type Database } from '@kyc-relay/persistence';
import { createServiceParts, type ServiceParts } from '@kyc-relay/service';
import {
  collectingLogger,
  createTestDatabase,
  TEST_DATA_KEYS,
  testBrokers,
  type Cleanup,
  type CollectingLogger,
  type TestDatabase,
} from '@kyc-relay/testing';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module';
import { PayeeServiceConfig } from '../config';
import { RET_ENVELOPES } from '../inbound/ret-code';
import { OPENAPI } from '../openapi/document';
import { payeeMigrations } from '../migrations';
import { DESCRIPTION } from '../service';
import { MERCHANT } from './people';
import { signed, type Body } from './sign-body';

/** An answer of the partner's API. */
export interface PartnerAnswer {
  status: number;
  ret_code: string;
  ret_msg: string;
  customer?: Record<string, string>;
  /** The body as it was sent. */
  text: string;
}

/** An answer of the operators' API. */
export interface OperatorAnswer {
  status: number;
  body: Record<string, unknown>;
}

const TOKENS = { viewer: 'viewer-token', operator: 'operator-token', publisher: 'publisher-token' };

/** The registry of the tests: the source's merchant without a clock, and another with everything on. */
export const REGISTRY = {
  merchants: [
    {
      merchantNo: MERCHANT.merchantNo,
      stores: [MERCHANT.storeNo, '301855'],
      tokens: [MERCHANT.token, 'second-token'],
      timestamp_tolerance_seconds: 0,
    },
    { merchantNo: '202334', stores: ['301900'], tokens: ['other-token'], timestamp_required: true },
    { merchantNo: '202335', stores: ['301901'], tokens: ['slow-token'], requests_per_second: 1 },
  ],
  institutions: [
    { institutionId: 'INST', salts: ['salt'], merchants: [MERCHANT.merchantNo] },
    { institutionId: 'OTHER_INST', salts: ['salt'], merchants: ['202334'] },
  ],
  api_tokens: Object.entries(TOKENS).map(([role, token]) => ({
    name: `${role} of the tests`,
    role,
    sha256: sha256Hex(token),
  })),
};

/** How a test service differs from the usual one. */
export interface BedOptions {
  /** What the handlers get in place of the usual door to the store. */
  databaseOf?: (usual: Database) => Database;
}

/** The service on a database of its own, called without a socket; neither relay nor consumer runs unless started. */
export class PayeeBed {
  private constructor(
    readonly database: TestDatabase,
    readonly parts: ServiceParts,
    readonly app: NestFastifyApplication,
    readonly log: CollectingLogger,
    readonly registryFile: string,
    private readonly cleanup: Cleanup,
  ) {}

  static async start(cleanup: Cleanup, options: BedOptions = {}): Promise<PayeeBed> {
    const database = await createTestDatabase(cleanup, { migrations: payeeMigrations });
    const directory = mkdtempSync(join(tmpdir(), 'payee-bed-'));
    cleanup.defer(() => {
      rmSync(directory, { recursive: true });
    });
    const registryFile = join(directory, 'registry.json');
    writeFileSync(registryFile, JSON.stringify(REGISTRY));
    const config = loadConfig(PayeeServiceConfig, {
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: '20',
      KAFKA_BROKERS: testBrokers().join(','),
      DATA_KEYS: TEST_DATA_KEYS,
      PARTNER_REGISTRY_FILE: registryFile,
      LOG_LEVEL: 'silent',
    });
    const log = collectingLogger('payee-service');
    const made = await createServiceParts(DESCRIPTION, config);
    const store = options.databaseOf?.(made.database) ?? made.database;
    const parts = { ...made, database: store, logger: log.logger };
    cleanup.defer(() => {
      parts.registry.stop();
    });
    const app = await createHttpApp(AppModule.of(parts), {
      ...parts,
      envelopes: RET_ENVELOPES,
      openapi: OPENAPI,
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    await connect(parts.database.dataSource, { isAway: () => false, onWait: () => undefined });
    cleanup.defer(async () => {
      await app.close();
      await parts.database.close();
    });
    return new PayeeBed(database, parts, app, log, registryFile, cleanup);
  }

  /** Starts to consume reviews and to publish what waits in the outbox, as the running service does. */
  async startMessaging(): Promise<void> {
    const { strategy, relay, relayPublisher } = this.parts;
    this.app.connectMicroservice<MicroserviceOptions>({ strategy }, { inheritAppConfig: true });
    await this.app.startAllMicroservices();
    relay.start();
    this.cleanup.defer(async () => {
      await this.app.close();
      await relay.stop();
      await relayPublisher.stop();
    });
  }

  /** What a scrape of the metrics answers, its comments left out. */
  async scrape(): Promise<string> {
    const response = await this.app.inject({ method: 'GET', url: '/metrics' });
    return response.body.replaceAll(/^#.*\n/gm, '');
  }

  /** Calls the partner's API with a body as it is. */
  async post(path: string, payload: string | Buffer): Promise<PartnerAnswer> {
    const response = await this.app.inject({
      method: 'POST',
      url: `/v3/payee/${path}`,
      headers: { 'content-type': 'application/json' },
      payload,
    });
    return {
      status: response.statusCode,
      text: response.body,
      ...response.json<Omit<PartnerAnswer, 'status' | 'text'>>(),
    };
  }

  /** Calls the partner's API as the source's merchant, well signed. */
  async call(path: string, body: Body, token = MERCHANT.token): Promise<PartnerAnswer> {
    const { merchantNo, storeNo } = MERCHANT;
    return await this.post(path, signed({ merchantNo, storeNo, ...body }, token));
  }

  /** Registers and gives the number. */
  async register(body: Body): Promise<string> {
    const { customer, ret_msg: message } = await this.call('register', body);
    if (customer?.['customerNo'] === undefined) throw new Error(message);
    return customer['customerNo'];
  }

  /** Calls the operators' API. */
  async operate(
    method: 'GET' | 'POST',
    path: string,
    options: { role?: keyof typeof TOKENS; body?: unknown } = {},
  ): Promise<OperatorAnswer> {
    const { role = method === 'GET' ? 'viewer' : 'operator', body } = options;
    const response = await this.app.inject({
      method,
      url: `/v1/payees${path}`,
      headers: { authorization: `Bearer ${TOKENS[role]}` },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, body: response.json() };
  }

  /** What waits in the outbox, oldest first, as it will be published. */
  async published(customerNo?: string): Promise<Record<string, unknown>[]> {
    const rows = await this.database.query<{ value: string }>(
      `select convert_from(payload, 'UTF8') as value from payee.outbox
       where not sealed and ($1::text is null or key = $1) order by id`,
      [customerNo ?? null],
    );
    return rows.map(({ value }) => JSON.parse(value) as Record<string, unknown>);
  }
}
