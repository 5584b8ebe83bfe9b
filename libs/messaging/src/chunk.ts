import type { CloudEvent, EventContract } from '@kyc-relay/contracts';
import type { OpenTx } from '@kyc-relay/persistence';

/** A well-formed event of a topic, as a handler gets it. */
export interface Fact<T = unknown> extends CloudEvent<T> {
  /** The Kafka key: whom the event is about. */
  key: string;
  /** Whether it comes again from the DLQ (header `dlq-replay`). */
  replay: boolean;
  /** W3C trace context of the message, where it had one. */
  traceparent?: string | undefined;
}

/** Why a fact is not accepted: a stable code for the DLQ header and the metrics, and a field, never a value. */
export interface Refusal {
  code: string;
  detail?: string | undefined;
}

/**
 * What a handler decides on: facts of one topic in their order, in one open transaction. The handler loads, decides, saves
 * and enqueues through `tx`, and answers one entry a fact of {@link facts}: undefined for an accepted one, a refusal for one
 * that goes to the DLQ. It may throw; then nothing has happened.
 */
export interface Chunk {
  /** All that came, copies of what was judged before among them: to load by, never to decide on. */
  arrived: readonly Fact[];
  /**
   * The facts to decide on, whose identities are claimed now. Only the inbox can tell, and has been asked: what is sent before
   * this is awaited travels with the question, and is done behind it.
   */
  facts: () => Promise<Fact[]>;
  tx: OpenTx;
}

export type ChunkOutcome = (Refusal | undefined)[];
export type ChunkHandler = (chunk: Chunk) => Promise<ChunkOutcome>;

/** What `@EventPattern` says of a topic beside its name (Nest calls it the extras). */
export interface Subscription {
  /** The event types that belong on the topic. */
  contract: EventContract;
  /** Which messages are this consumer's, by their type as far as it is readable; others are passed over. Absent: all. */
  owns?: ((type: string | undefined) => boolean) | undefined;
}

/** A topic with its handler, as the transport strategy found them. */
export interface Binding extends Subscription {
  topic: string;
  handle: ChunkHandler;
}
