import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOPIC_DECLARATIONS } from '@kyc-relay/contracts';
import { sha256Hex } from '@kyc-relay/crypto';
import { kycMigrations } from '@kyc-relay/kyc';
import { createKafka, ensureTopics } from '@kyc-relay/messaging';
import { assembleService, RunningService } from '@kyc-relay/service';
import {
  collectingLogger,
  createTestDatabase,
  eventually,
  TEST_DATA_KEYS,
  testBrokers,
  uniqueName,
  type Cleanup,
  type TestDatabase,
} from '@kyc-relay/testing';
import { KYC_STATUS_PUBLISHER } from '../definition';
import { signedHeaders, type Signing, type TestBusiness } from './signed-request';

/** The businesses of the registry. */
export const MONEY_PLUS: TestBusiness = { bizId: 'MONEY_PLUS', secret: 'the first secret' };
export const MONEY_PLUS_BEFORE: TestBusiness = { bizId: 'MONEY_PLUS', secret: 'the secret before' };
/** Requires full KYC and may leave the Standard Webhooks headers out. */
export const LENDING: TestBusiness = { bizId: 'LENDING', secret: 'lending' };
/** May ask once a second. */
export const LIMITED: TestBusiness = { bizId: 'LIMITED', secret: 'limited' };

const TOKENS = { viewer: 'viewer-token', operator: 'operator-token', publisher: 'publisher-token' } as const;
export type TestRole = keyof typeof TOKENS;

const CALLBACKS = { status_callback_url: 'http://127.0.0.1:9/s', info_callback_url: 'http://127.0.0.1:9/i' };
const REGISTRY = {
  businesses: [
    {
      biz_id: 'MONEY_PLUS',
      secrets: [MONEY_PLUS.secret, MONEY_PLUS_BEFORE.secret],
      query_fields: ['name', 'phone', 'ic_number'],
      ...CALLBACKS,
    },
    {
      biz_id: 'LENDING',
      secrets: [LENDING.secret],
      required_level: 200,
      legacy_signature_only: true,
      ...CALLBACKS,
    },
    { biz_id: 'LIMITED', secrets: [LIMITED.secret], requests_per_second: 1, ...CALLBACKS },
  ],
  api_tokens: Object.entries(TOKENS).map(([role, token]) => ({ name: role, role, sha256: sha256Hex(token) })),
};

/** The members of every kind of answer; which of them are there depends on the call. */
export interface AnswerBody {
  accepted: number;
  biz_id: string;
  data: Record<string, unknown> & { events: string[]; subscribed: boolean; current: object };
  detail: string;
  errors: { index?: number; field: string; message: string }[];
  message: string;
  retcode: number;
  status: number;
  type: string;
}

/** A page of a history. */
export interface Page {
  shopee_uid: string;
  items: {
    ce_id: string;
    type: string;
    decision: string;
    reason?: string;
    by?: string;
    changes: object[];
    callbacks: string[];
  }[];
  next_cursor: string | null;
}

/** An answer with its body as JSON. */
export interface Answer {
  status: number;
  headers: Headers;
  body: AnswerBody;
}

/** A replica of the service, started. */
export class Replica {
  constructor(
    readonly url: string,
    readonly stop: () => Promise<void>,
  ) {}

  /** A call with a bearer token of the role, or without one. */
  async call(
    method: 'GET' | 'POST',
    path: string,
    role?: TestRole,
    body?: string | Buffer,
    headers = {},
  ): Promise<Answer> {
    const authorization = role === undefined ? {} : { authorization: `Bearer ${TOKENS[role]}` };
    return await this.fetch(path, {
      method,
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  }

  /** `POST /v1/events`: one event, or a batch. */
  async events(events: object): Promise<Answer> {
    const kind = Array.isArray(events) ? 'cloudevents-batch' : 'cloudevents';
    const headers = { 'content-type': `application/${kind}+json` };
    return await this.call('POST', '/v1/events', 'publisher', JSON.stringify(events), headers);
  }

  /** A signed POST of a business. */
  async signedPost(path: string, business: TestBusiness, body: unknown, signing?: Signing): Promise<Answer> {
    const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return await this.fetch(path, {
      method: 'POST',
      body: text,
      headers: signedHeaders(business, text, signing),
    });
  }

  /** A signed GET of a business. */
  async signedGet(path: string, business: TestBusiness, signing?: Signing): Promise<Answer> {
    return await this.fetch(path, { headers: signedHeaders(business, path, signing) });
  }

  /** The history of a user, as a viewer sees it. */
  async history(uid: string, query = ''): Promise<Page> {
    return (await this.call('GET', `/v1/users/${uid}/history${query}`, 'viewer')).body as unknown as Page;
  }

  /** Sends events of one user and waits until all of them are decided. */
  async happen(uid: string, ...events: object[]): Promise<void> {
    const before = (await this.history(uid, '?limit=200')).items.length;
    const { status } = await this.events(events);
    if (status !== 202) throw new Error(`events were answered ${status}`);
    await eventually(
      async () => (await this.history(uid, '?limit=200')).items.length >= before + events.length,
    );
  }

  /** Makes the user an approved eKYC. */
  async approve(uid: string, info: object): Promise<void> {
    await this.happen(
      uid,
      eventOf('kyc.case.submitted', { shopee_uid: uid, case_id: 'c1', level: 300, info }),
      eventOf('kyc.case.approved', { shopee_uid: uid, case_id: 'c1', decided_by: 'OPS' }),
    );
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(this.url + path, init);
    const text = await response.text();
    const body = JSON.parse(text === '' ? 'null' : text) as AnswerBody;
    return { status: response.status, headers: response.headers, body };
  }
}

/** What the specs of the service share: its database, its topics, its registry, and replicas of it. */
export class PublisherBed {
  private constructor(
    private readonly cleanup: Cleanup,
    readonly store: TestDatabase,
    private readonly registryFile: string,
    /** The consumer group; one a file, so that files on the same Kafka do not meet. */
    private readonly name: string,
  ) {}

  static async create(cleanup: Cleanup): Promise<PublisherBed> {
    const store = await createTestDatabase(cleanup, { migrations: kycMigrations });
    const kafka = createKafka({
      brokers: testBrokers(),
      clientId: 'test',
      logger: collectingLogger().logger,
    });
    await ensureTopics(kafka, TOPIC_DECLARATIONS, { replicationFactor: 1, minInsyncReplicas: 1 });
    const registryFile = join(tmpdir(), `${uniqueName('registry')}.json`);
    await writeFile(registryFile, JSON.stringify(REGISTRY));
    cleanup.defer(async () => {
      await rm(registryFile, { force: true });
    });
    return new PublisherBed(cleanup, store, registryFile, uniqueName('kyc-status-publisher'));
  }

  /** `ce_source` of what the replicas publish; other files' replicas read the same input topics and publish too. */
  get source(): string {
    return `/kyc-relay/${this.name}`;
  }

  /** @param env differs from the usual environment */
  async start(env: Record<string, string> = {}): Promise<Replica> {
    const { description } = KYC_STATUS_PUBLISHER;
    const service = await assembleService(
      { ...KYC_STATUS_PUBLISHER, description: { ...description, name: this.name } },
      {
        PORT: '0',
        HOST: '127.0.0.1',
        DATABASE_URL: this.store.url,
        KAFKA_BROKERS: testBrokers().join(','),
        DATA_KEYS: TEST_DATA_KEYS,
        PARTNER_REGISTRY_FILE: this.registryFile,
        LOG_LEVEL: 'silent',
        ...env,
      },
    );
    const running = new RunningService(service);
    let stopped: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      stopped ??= running.stop();
      await stopped;
    };
    this.cleanup.defer(stop);
    await running.start();
    return new Replica(await service.app.getUrl(), stop);
  }
}

/** A user nobody else has. */
export function newUser(): string {
  return `u-${randomUUID()}`;
}

/** An event of upstream in JSON format. */
export function eventOf(
  type: string,
  data: object,
  change: object = {},
): { id: string; data: object } & Record<string, unknown> {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: '/upstream',
    type,
    time: '2022-10-26T02:54:23.999Z',
    data,
    ...change,
  };
}
