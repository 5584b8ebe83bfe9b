import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from '@kyc-relay/config';
import type { ReviewDecidedDto } from '@kyc-relay/contracts';
import { sha256Hex } from '@kyc-relay/crypto';
import { createHttpApp } from '@kyc-relay/http';
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
import { AppModule } from '../app.module';
import { ReviewNotifyIngestConfig } from '../config';
import type { ReviewItem, StepItem } from '../handlers/review-view.handler';
import { NOTIFY_ENVELOPES, NOTIFY_PATH } from '../inbound/answers';
import { reviewMigrations } from '../migrations';
import { OPENAPI } from '../openapi/document';
import { BODY_LIMITS, DESCRIPTION } from '../service';
import { INSTITUTION, SALTS, signed, type Fields } from './messages';

const VIEWER_TOKEN = 'viewer-token';

/** How a test service differs from the usual one. */
export interface BedOptions {
  env?: Record<string, string>;
  /** Fields of the institution in the registry. */
  institution?: Record<string, unknown>;
  /** Further institutions. */
  others?: Record<string, unknown>[];
}

/** What the service answered. */
export interface Answer {
  status: number;
  body: string;
  headers: Headers;
}

/** What operators are answered, of either query; a problem's fields where it is one. */
export interface OperatorAnswer extends ReviewItem {
  items: ReviewItem[];
  history: StepItem[];
  next_cursor: string | null;
  errors: { field: string }[];
}

/** The service in this process, over a database of its own; nothing of it talks to Kafka unless a test says so. */
export class ReviewBed {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly parts: ServiceParts,
    readonly store: TestDatabase,
    readonly log: CollectingLogger,
    readonly url: string,
  ) {}

  /** Starts the service until the end of the file; `store` is that of another bed to share it, as replicas do. */
  static async start(cleanup: Cleanup, options: BedOptions = {}, store?: TestDatabase): Promise<ReviewBed> {
    const shared = store ?? (await createTestDatabase(cleanup, { migrations: reviewMigrations }));
    const registryFile = await writeRegistry(cleanup, options);
    const config = loadConfig(ReviewNotifyIngestConfig, {
      DATABASE_URL: shared.url,
      KAFKA_BROKERS: testBrokers().join(','),
      DATA_KEYS: TEST_DATA_KEYS,
      PARTNER_REGISTRY_FILE: registryFile,
      LOG_LEVEL: 'silent',
      ...options.env,
    });
    const log = collectingLogger();
    const parts = { ...(await createServiceParts(DESCRIPTION, config)), logger: log.logger };
    const app = await createHttpApp(AppModule.of(parts, config), {
      logger: log.logger,
      metrics: parts.metrics,
      envelopes: NOTIFY_ENVELOPES,
      limits: BODY_LIMITS,
      openapi: OPENAPI,
    });
    cleanup.defer(async () => {
      await app.close();
      parts.registry.stop();
      await parts.database.close();
    });
    await parts.database.dataSource.initialize();
    await app.listen(0, '127.0.0.1');
    return new ReviewBed(app, parts, shared, log, await app.getUrl());
  }

  /** From now on publishes and consumes, as the running service does. */
  async talkToKafka(cleanup: Cleanup): Promise<void> {
    const { strategy, relay, relayPublisher } = this.parts;
    this.app.connectMicroservice<MicroserviceOptions>({ strategy }, { inheritAppConfig: true });
    await this.app.startAllMicroservices();
    relay.start();
    cleanup.defer(async () => {
      await relay.stop();
      await relayPublisher.stop();
    });
  }

  /** Posts a body as it is. */
  async post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${NOTIFY_PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: Buffer.from(body),
    });
    return { status: response.status, body: await response.text(), headers: response.headers };
  }

  /** Signs and posts a message. */
  async notify(fields: Fields, headers: Record<string, string> = {}): Promise<Answer> {
    return await this.post(JSON.stringify(signed(fields)), headers);
  }

  /** Asks as an operator. */
  async ask(path: string, token = VIEWER_TOKEN): Promise<{ status: number; body: OperatorAnswer }> {
    const response = await fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, body: (await response.json()) as OperatorAnswer };
  }

  /** Forgets all reviews. */
  async empty(): Promise<void> {
    await this.store.query(
      'truncate review.clients, review.reviews, review.steps, review.outbox restart identity',
    );
  }

  /** The steps of all reviews, in order. */
  async steps(): Promise<{ biz_id: string; sequence: number; status: string }[]> {
    return await this.store.query(
      `select r.biz_id, s.sequence, s.status from review.steps s join review.reviews r on r.id = s.review_id
       order by r.id, s.sequence`,
    );
  }

  /** What waits to be published, in order. */
  async outbox(): Promise<
    { key: string; topic: string; headers: Record<string, string>; value: ReviewDecidedDto }[]
  > {
    const rows = await this.store.query<{
      key: string;
      topic: string;
      headers: Record<string, string>;
      payload: Buffer;
    }>('select key, topic, headers, payload from review.outbox order by id');
    return rows.map(({ payload, ...row }) => ({
      ...row,
      value: JSON.parse(payload.toString('utf8')) as ReviewDecidedDto,
    }));
  }

  /** `relay_webhooks_total`, as `partner outcome` to count. */
  async webhooks(): Promise<Record<string, number>> {
    const metric = this.parts.metrics.registry.getSingleMetric('relay_webhooks_total');
    const { values } = (await metric?.get()) ?? { values: [] };
    return Object.fromEntries(
      values.map(({ labels, value }) => [`${String(labels['partner'])} ${String(labels['outcome'])}`, value]),
    );
  }
}

async function writeRegistry(cleanup: Cleanup, { institution, others = [] }: BedOptions): Promise<string> {
  const file = join(tmpdir(), `registry-${randomUUID()}.json`);
  const registry = {
    institutions: [{ institutionId: INSTITUTION, salts: SALTS, ...institution }, ...others],
    api_tokens: [
      { name: 'viewer', role: 'viewer', sha256: sha256Hex(VIEWER_TOKEN) },
      { name: 'operator', role: 'operator', sha256: sha256Hex('operator-token') },
      { name: 'publisher', role: 'publisher', sha256: sha256Hex('publisher-token') },
    ],
  };
  await writeFile(file, JSON.stringify(registry));
  cleanup.defer(async () => {
    await rm(file);
  });
  return file;
}
