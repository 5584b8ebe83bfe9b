import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Producer, TopicMessages } from 'kafkajs';
import { callHttp } from '../http-call';
import type { HttpAnswer } from '../http-call';
import { toEnvelope, toKafkaMessage } from './cloud-event-encoding';
import type { EventMode, RawMessage } from './cloud-event-encoding';
import type { UpstreamEvent } from './upstream-event';

/** Where upstream publishes; each half may be left out. */
export interface UpstreamOptions {
  /** `host:port` of Kafka brokers. */
  brokers?: readonly string[];
  /** Base URL of kyc-status-publisher, or the whole URL of its events endpoint. */
  events_url?: string;
  /** Bearer token with role publisher. */
  token?: string;
  client_id?: string;
}

/** Where a part of a send came to lie. */
export interface PublishedPart {
  topic: string;
  partition: number;
  /** Offset of the part's first message. */
  first_offset: string;
}

/** A body for the events endpoint, exactly as it shall go out; for bad input. */
export interface RawPost {
  body: string | Buffer;
  content_type?: string;
  /** Bearer token; `null` sends none, left out sends the publisher's own. */
  token?: string | null;
  headers?: Record<string, string>;
  method?: string;
  timeout_ms?: number;
}

const EVENTS_PATH = '/v1/events';

/** Publishes KYC and account events the two ways that upstream has: Kafka topics, and HTTP `POST /v1/events`. */
export class UpstreamPublisher {
  private readonly producer: Producer | undefined;
  private readonly eventsUrl: string | undefined;
  private readonly token: string | undefined;
  private connected: Promise<void> | undefined;
  private lastSend: Promise<unknown> = Promise.resolve();

  constructor(options: UpstreamOptions) {
    if (options.brokers !== undefined && options.brokers.length > 0) {
      this.producer = new Kafka({
        clientId: options.client_id ?? 'simulated-upstream',
        brokers: [...options.brokers],
        logLevel: logLevel.NOTHING,
        // A broker that is killed under a test is back within seconds; upstream waits for it.
        retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 60 },
      }).producer({ createPartitioner: Partitioners.DefaultPartitioner, maxInFlightRequests: 1 });
    }
    this.eventsUrl = options.events_url === undefined ? undefined : eventsUrlOf(options.events_url);
    this.token = options.token;
  }

  /** Connects to Kafka; otherwise the first publish does. Rejects when no broker answers. */
  async connect(): Promise<void> {
    const producer = this.kafka();
    this.connected ??= producer.connect();
    try {
      await this.connected;
    } catch (error) {
      this.connected = undefined;
      throw error;
    }
  }

  /** Publishes events in the order given, acknowledged by all in-sync replicas. */
  async publish(
    events: UpstreamEvent | readonly UpstreamEvent[],
    options: { mode?: EventMode; headers?: Record<string, string> } = {},
  ): Promise<PublishedPart[]> {
    const list = isList(events) ? events : [events];
    return await this.publishRaw(list.map((event) => toKafkaMessage(event, options.mode, options.headers)));
  }

  /** Publishes messages as they are: any key, value and headers. */
  async publishRaw(messages: RawMessage | readonly RawMessage[]): Promise<PublishedPart[]> {
    const list = isList(messages) ? messages : [messages];
    await this.connect();
    // One send at a time: two in flight could change places when the first is retried.
    const send = this.lastSend.then(
      async () => await this.kafka().sendBatch({ acks: -1, topicMessages: byTopic(list) }),
    );
    this.lastSend = send.catch(() => undefined);
    return (await send).map((part) => ({
      topic: part.topicName,
      partition: part.partition,
      first_offset: part.baseOffset ?? '-1',
    }));
  }

  /** Posts one event (`application/cloudevents+json`) or a list of them (`application/cloudevents-batch+json`). */
  async post(
    events: UpstreamEvent | readonly UpstreamEvent[],
    options: { token?: string | null } = {},
  ): Promise<HttpAnswer> {
    return isList(events)
      ? await this.postRaw({
          ...options,
          body: JSON.stringify(events.map(toEnvelope)),
          content_type: 'application/cloudevents-batch+json',
        })
      : await this.postRaw({
          ...options,
          body: JSON.stringify(toEnvelope(events)),
          content_type: 'application/cloudevents+json',
        });
  }

  /** Posts any body to the events endpoint. */
  async postRaw(post: RawPost): Promise<HttpAnswer> {
    if (this.eventsUrl === undefined) throw new Error('The upstream publisher was given no events_url.');
    const token = post.token === undefined ? this.token : post.token;
    return await callHttp({
      method: post.method ?? 'POST',
      url: this.eventsUrl,
      body: post.body,
      headers: {
        ...(post.content_type === undefined ? {} : { 'content-type': post.content_type }),
        ...(token === undefined || token === null ? {} : { authorization: `Bearer ${token}` }),
        ...post.headers,
      },
      ...(post.timeout_ms === undefined ? {} : { timeout_ms: post.timeout_ms }),
    });
  }

  /** Waits for the send under way and disconnects. */
  async close(): Promise<void> {
    await this.lastSend;
    if (this.connected !== undefined) await this.kafka().disconnect();
    this.connected = undefined;
  }

  private kafka(): Producer {
    if (this.producer === undefined) throw new Error('The upstream publisher was given no brokers.');
    return this.producer;
  }
}

function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}

function byTopic(messages: readonly RawMessage[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages>();
  for (const { topic, ...message } of messages) {
    const entry = topics.get(topic) ?? { topic, messages: [] };
    entry.messages.push(message);
    topics.set(topic, entry);
  }
  return [...topics.values()];
}

function eventsUrlOf(url: string): string {
  const parsed = new URL(url);
  if (parsed.pathname === '/') parsed.pathname = EVENTS_PATH;
  return parsed.href;
}
